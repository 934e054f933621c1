import { describe, expect, it } from 'vitest';
import { smallMap } from '../../../map/fixture.ts';
import { Problems } from '../../../map/import/imported.ts';
import { review } from '../../../map/import/review.ts';
import { archive, workbook } from '../fixtures/archive.ts';
import { readImport } from '../readImport.ts';
import { xlsxSheets } from './xlsx.ts';

const cell = (reference: string, text: string) => `<c r="${reference}" t="inlineStr"><is><t>${text}</t></is></c>`;
const cellsOf = async (bytes: Uint8Array) => {
  const sheets = await xlsxSheets('a.xlsx', bytes, new Problems());
  return sheets.ok ? sheets.value.map(({ rows }) => rows.map(({ at, cells }) => [at, ...cells])) : sheets.refusal.code;
};

describe('a workbook', () => {
  it('is read cell by cell: shared and inline texts, numbers, dates, what is merged in each of its cells', async () => {
    const rows = `<row r="2">${cell('A2', 'Titre')}</row>
      <row r="4"><c r="A4" t="s"><v>0</v></c>${cell('B4', 'Salle &amp; baie')}<c r="D4" s="1"><v>45678</v></c></row>
      <row r="5"><c r="A5" t="s"><v>1</v></c><c r="C5"><v>4.5</v></c><c r="D5" t="b"><v>1</v></c></row>
      <row r="6"><c r="A6" t="e"><v>#N/A</v></c><c r="D6" s="1"><v>0.0625</v></c></row>`;
    const merges = '<mergeCells count="2"><mergeCell ref="B4:B6"/><mergeCell ref="A2:C2"/></mergeCells>';
    expect(await cellsOf(workbook(rows, merges, ['Nom', 'SRV-01']))).toEqual([
      [
        [2, 'Titre', 'Titre', 'Titre'],
        [4, 'Nom', 'Salle & baie', '', '2025-01-21'],
        [5, 'SRV-01', 'Salle & baie', '4.5', 'true'],
        [6, '', 'Salle & baie', '', '01:30'],
      ],
    ]);
  });

  it('is a table of components as a CSV is, its merged site said of each', async () => {
    const rows = `<row r="1">${cell('A1', 'Serveur')}${cell('B1', 'Site')}</row>
      <row r="2">${cell('A2', 'SRV-01')}${cell('B2', 'Rocheclaire')}</row>
      <row r="3">${cell('A3', 'SRV-02')}</row>`;
    const bytes = workbook(rows, '<mergeCells><mergeCell ref="B2:B3"/></mergeCells>');
    const read = await readImport('xlsx', [{ name: 'parc.xlsx', bytes }]);
    expect(read).toMatchObject({
      ok: true,
      value: { from: 'table:parc', columns: { kind: 'server', sheet: 'Serveurs' } },
    });
    const told = read.ok ? read.value.things : [];
    expect(told.map(({ section, id, known }) => [section, id, known.site])).toEqual([
      ['sites', 'rocheclaire', undefined],
      ['components', 'srv-01', 'Rocheclaire'],
      ['components', 'srv-02', 'Rocheclaire'],
    ]);
    if (!read.ok) return;
    const { map, memory } = review(smallMap({}, {}), read.value);
    expect(map.components).toHaveLength(2);
    expect(review(map, read.value, { memory })).toMatchObject({ changes: [], conflicts: [] });
  });

  it('is refused where it is none, broken, or unfolds beyond all measure whatever it says of its size', async () => {
    const zeros = new Uint8Array(80 * 1024 * 1024);
    const bomb = (says?: number) =>
      archive([
        { name: 'xl/workbook.xml', bytes: new Uint8Array(10) },
        { name: 'xl/sharedStrings.xml', bytes: zeros, ...(says === undefined ? {} : { says }) },
      ]);
    expect(await cellsOf(bomb())).toBe('import-unfolds-too-large');
    expect(await cellsOf(bomb(100))).toBe('import-unreadable');
    expect(await cellsOf(new TextEncoder().encode('PK not a zip'))).toBe('import-unreadable');
    expect(await cellsOf(archive([]))).toBe('import-unreadable');
    expect(await cellsOf(workbook('<row r="1"><c>'))).toBe('import-unreadable');
    const many = Array.from({ length: 2500 }, (_, i) => ({ name: `xl/${i}`, bytes: new Uint8Array(1) }));
    expect(await cellsOf(archive(many))).toBe('import-unfolds-too-large');
  });
});
