import { describe, expect, it } from 'vitest';
import { applied } from '../../map/change/apply.ts';
import { mapProblems } from '../../map/document/check.ts';
import { smallMap } from '../../map/fixture.ts';
import { review } from '../../map/import/review.ts';
import { readImport } from './readImport.ts';

const csv = (text: string, name = 'applications.csv') => [{ name, bytes: new TextEncoder().encode(text) }];
const read = async (text: string) => {
  const result = await readImport('csv', csv(text));
  if (!result.ok) throw new Error(result.refusal.message);
  return result.value;
};

const table = `Application;Type;Éditeur;Dépend de;Délai de remise en service (h)
DPI;application;Elvande;SRV-01 | SRV-02;2
SRV-01;serveur;;;
SRV-02;serveur;;;
Labo;logiciel;Biolame;SRV-01, Onduleur A;4
`;

describe('a CSV import', () => {
  it('becomes a change of the map; again, it changes nothing', async () => {
    const map = smallMap({ 'ups-a': null }, {});
    const imported = await read(table);
    expect(imported.columns).toMatchObject({
      table: 'components',
      columns: { Application: 'name', Type: 'kind', Éditeur: 'supplier', 'Dépend de': 'needs' },
    });
    const first = review({ ...map, components: [{ id: 'ups-a', kind: 'ups', name: { fr: 'Onduleur A' } }] }, imported);
    expect(first.problems).toEqual([]);
    expect(first.added.map(({ section, id }) => `${section} ${id}`)).toEqual([
      'suppliers elvande',
      'suppliers biolame',
      'components dpi',
      'components srv-01',
      'components srv-02',
      'components labo',
    ]);
    expect(first.map.components[1]).toEqual({
      id: 'dpi',
      kind: 'application',
      name: { fr: 'DPI' },
      supplier: 'elvande',
      needs: { any: [{ need: 'srv-01' }, { need: 'srv-02' }] },
      returnSeconds: 7200,
      origin: { from: 'table:applications', id: 'dpi' },
    });
    expect(first.map.components[4]?.needs).toEqual({ all: [{ need: 'srv-01' }, { need: 'ups-a' }] });
    expect(mapProblems(first.map)).toEqual([]);
    const before = { ...map, components: [{ id: 'ups-a', kind: 'ups' as const, name: { fr: 'Onduleur A' } }] };
    expect(applied(before, first.changes)).toEqual({ ok: true, value: first.map });
    for (const memory of [first.memory, undefined]) {
      const again = review(first.map, await read(table), { memory });
      expect(again).toMatchObject({ added: [], changed: [], removed: [], conflicts: [], changes: [], problems: [] });
    }
  });
});
