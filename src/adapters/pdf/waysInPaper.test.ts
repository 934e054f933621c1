import { execFileSync } from 'node:child_process';
import { mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import decodeQr from 'qr/decode.js';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import type { Letterhead } from '../../access/paper.ts';
import { makeCode, readCode, wardCardSymbols } from '../../access/wardCards/code.ts';
import { tokens } from '../crypto/tokens.ts';
import { waysInPaper } from './waysInPaper.ts';

const head: Letterhead = {
  establishment: { fr: 'Centre hospitalier "du #Val"', en: 'Hospital of the #Vale' },
  language: 'fr',
  origin: 'https://reflexe.hopital.example',
  timeZone: 'Europe/Paris',
  printedAt: Date.UTC(2026, 7, 3, 10),
};
const card = (ward: string) => ({
  ward: { fr: ward, en: ward },
  code: makeCode(wardCardSymbols, tokens.fresh),
  expiresAt: Date.UTC(2027, 7, 4, 10),
});
const hasPoppler = (() => {
  try {
    execFileSync('pdftotext', ['-v'], { stdio: 'ignore' });
    return true;
  } catch {
    return false;
  }
})();

let folder: string;
beforeEach((test) => {
  if (!hasPoppler) return test.skip('no pdftotext: apt-get install poppler-utils');
  folder = mkdtempSync(join(tmpdir(), 'reflexe-paper-'));
});
afterEach(() => {
  if (hasPoppler) rmSync(folder, { recursive: true });
});

function read(pdf: Uint8Array): { file: string; pages: string[] } {
  const file = join(folder, 'paper.pdf');
  writeFileSync(file, pdf);
  const text = execFileSync('pdftotext', ['-layout', file, '-'], { encoding: 'utf8' });
  return { file, pages: text.split('\f').slice(0, -1) };
}

/** A page as a telephone would see it: grey pixels, 150 to the inch. */
function picture(file: string, page: number): { width: number; height: number; data: Uint8Array } {
  execFileSync('pdftoppm', ['-r', '150', '-f', `${page}`, '-l', `${page}`, '-singlefile', file, join(folder, 'page')]);
  const bytes = readFileSync(join(folder, 'page.ppm'));
  const [, width, height] = /^P6\s(\d+) (\d+)\s255\s/.exec(bytes.subarray(0, 30).toString('latin1')) ?? [];
  const size = { width: Number(width), height: Number(height) };
  return { ...size, data: new Uint8Array(bytes.subarray(bytes.length - size.width * size.height * 3)) };
}

function quarter(whole: ReturnType<typeof picture>, right: boolean, below: boolean) {
  const width = Math.floor(whole.width / 2);
  const height = Math.floor(whole.height / 2);
  const data = new Uint8Array(width * height * 3);
  for (let row = 0; row < height; row += 1) {
    const from = ((row + (below ? height : 0)) * whole.width + (right ? width : 0)) * 3;
    data.set(whole.data.subarray(from, from + width * 3), row * width * 3);
  }
  return { width, height, data };
}

describe('ward cards on paper', () => {
  it('stand four to a sheet, each with its ward, its code in groups, its address and its last day', async () => {
    const cards = ['Réanimation', 'Urgences "adultes"', 'Maternité', 'Pédiatrie', 'Bloc'].map(card);
    const { pages } = read(await waysInPaper.wardCards(cards, head));
    expect(pages).toHaveLength(2);
    expect(pages[0]).toContain('Urgences "adultes"');
    expect(pages[0]).toContain('Centre hospitalier "du #Val"');
    expect(pages[1]).toContain('Bloc');
    expect(pages[1]).toContain('Valable jusqu’au 4 août 2027');
    const codes = pages.join('\n').match(/\b(?:[0-9A-Z]{4}-){3}[0-9A-Z]{4}\b/g) ?? [];
    const typed = codes.map((code) => readCode(code, wardCardSymbols));
    expect(typed.map((code) => code.ok && code.value).sort()).toEqual(cards.map(({ code }) => code).sort());
  });

  it('lead a camera to the address with the code after its #', async () => {
    const cards = ['A', 'B', 'C', 'D'].map(card);
    const { file } = read(await waysInPaper.wardCards(cards, head));
    const whole = picture(file, 1);
    const seen = [
      quarter(whole, false, false),
      quarter(whole, true, false),
      quarter(whole, false, true),
      quarter(whole, true, true),
    ].map((image) => decodeQr(image));
    expect(seen).toEqual(cards.map(({ code }) => `${head.origin}/#card=${code}`));
  });

  it('are in English too', async () => {
    const { pages } = read(await waysInPaper.wardCards([card('Theatre')], { ...head, language: 'en' }));
    expect(pages[0]).toContain('Emergency access to the ward');
    expect(pages[0]).toContain('Valid until 4 August 2027');
  });
});

it('envelopes stand on a sheet each, with their own code and not the other’s', async () => {
  const { pages } = read(await waysInPaper.envelopes(['7K3QD8M2XP4TRW6V7K3QD8M2', 'ABCDEFGHJKMNPQRSTVWXYZ01'], head));
  expect(pages).toHaveLength(2);
  expect(pages[0]).toContain('7K3Q-D8M2-XP4T-RW6V-7K3Q-D8M2');
  expect(pages[0]).not.toContain('ABCD-EFGH');
  expect(pages[1]).toMatch(/enveloppe 2 sur 2[\s\S]*ABCD-EFGH-JKMN-PQRS-TVWX-YZ01/);
});
