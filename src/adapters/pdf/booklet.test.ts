import { execFileSync } from 'node:child_process';
import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { expect, it } from 'vitest';
import { bookletOf } from '../../map/booklet/booklet.ts';
import { careFromUsual, usualFunctions } from '../../map/firstHour/views.ts';
import { smallMap } from '../../map/fixture.ts';
import { readMapFolder } from '../yaml/mapFolder.ts';
import { bookletPdf } from './booklet.ts';

const example = new URL('../../../examples/groupe-exemple', import.meta.url).pathname;
const keptAt = process.env.REFLEXE_BOOKLET;
const hasPoppler = (() => {
  try {
    execFileSync('pdftotext', ['-v'], { stdio: 'ignore' });
    return true;
  } catch {
    return false;
  }
})();

function pagesOf(pdf: Uint8Array, name: string): string[] {
  const folder = mkdtempSync(join(tmpdir(), 'reflexe-booklet-'));
  const file = join(keptAt ?? folder, `${name}.pdf`);
  writeFileSync(file, pdf);
  const text = execFileSync('pdftotext', ['-layout', file, '-'], { encoding: 'utf8' });
  rmSync(folder, { recursive: true });
  return text.split('\f').slice(0, -1);
}
const head = { language: 'fr', printedAt: Date.UTC(2026, 7, 3, 10), version: '57' } as const;

it('prints the example: a page for each care function, then suppliers, teams and wards, all of it numbered', async (test) => {
  if (!hasPoppler) return test.skip('no pdftotext: apt-get install poppler-utils');
  const { document } = await readMapFolder(example);
  if (document === undefined) throw new Error('the example is no map');
  const pages = pagesOf(bookletPdf(bookletOf(document), head), 'example-fr');
  const whole = pages.join('\n');
  pages.forEach((page, index) => {
    expect(page).toMatch(new RegExp(`page\\s+${index + 1}/${pages.length}`));
    expect(page).toContain('Imprimé le 3 août 2026 · Carte n° 57');
  });
  for (const { name } of document.careFunctions)
    expect(pages.slice(1).some((page) => page.split('\n').slice(0, 6).join().includes(name.fr.slice(0, 20)))).toBe(
      true,
    );
  for (const { phone = '' } of document.wards) expect(whole.replaceAll('\u00a0', ' ')).toContain(phone);
  for (const { name } of document.suppliers) expect(whole).toContain(name);
});

it('marks what nobody confirmed, prints what people wrote as text, and speaks English', (test) => {
  if (!hasPoppler) return test.skip('no pdftotext: apt-get install poppler-utils');
  const small = smallMap({}, {});
  const call = { who: 'Dr "#Nuit" \\ $x$ [a] *b*', phone: '01 99 00 15 15' };
  const [first, second] = usualFunctions;
  if (first === undefined || second === undefined) throw new Error('no usual function');
  const said = { call, holdSeconds: 14_400, steps: [{ fr: 'Écrire #tout' }], wards: ['ward-1'] };
  const map = { ...small, careFunctions: [careFromUsual(first, said, small), careFromUsual(second, {}, small)] };
  const [cover = '', one = '', other = ''] = pagesOf(bookletPdf(bookletOf(map), { ...head, language: 'en' }), 'new-en');
  expect(cover).toContain('Crisis booklet');
  expect(one).toContain('Dr "#Nuit" \\ $x$ [a] *b*');
  expect(one).toContain('Écrire #tout');
  expect(one).toMatch(/For how long: 4\s+h/);
  expect(one).toContain('tier not signed');
  expect(other).toContain('nobody is named');
  expect(other).toContain('duration not said');
});

it('is a booklet too where the map is still empty', (test) => {
  if (!hasPoppler) return test.skip('no pdftotext: apt-get install poppler-utils');
  expect(pagesOf(bookletPdf(bookletOf({ ...smallMap({}, {}, []) }), head), 'empty')).toHaveLength(1);
});
