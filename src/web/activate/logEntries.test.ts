import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import type { LogLine } from '../../activate/views.ts';
import { type LogChoice, shownOf, sortsOf } from './logEntries.ts';

const line = (sequence: number, change: Partial<LogLine> = {}): LogLine => ({
  sequence,
  at: '2024-08-03T12:00:00.000Z',
  actor: 'ticker',
  kind: 'fact',
  code: 'ComponentStateChanged',
  words: {},
  automatic: true,
  routine: true,
  ...change,
});
const said = (sequence: number, text: string, kind: LogLine['kind'] = 'message') =>
  line(sequence, { kind, text, code: 'CrisisLogWritten', automatic: false, routine: false });
const everything: LogChoice = { kind: 'all', search: '', opened: new Set(), allOpen: false };
const words = ({ text, code }: LogLine) => (typeof text === 'string' ? text : code);
const shown = (log: LogLine[], choice: Partial<LogChoice> = {}) => shownOf(log, { ...everything, ...choice }, words);
const outline = ({ entries }: ReturnType<typeof shown>) =>
  entries.map((entry) => (entry.kind === 'line' ? entry.line.sequence : entry.lines.map(({ sequence }) => sequence)));

const log = [
  said(1, 'Appel de l’hébergeur'),
  ...[2, 3, 4, 5].map((sequence) => line(sequence)),
  said(6, 'Cellule réunie', 'decision'),
  line(7),
  line(8, { code: 'HoldEnded' }),
  said(9, 'Groupe démarré'),
];

describe('the crisis log as it is shown', () => {
  it('folds routine lines between those people said, newest first, and counts them', () => {
    expect(outline(shown(log))).toEqual([9, 8, 7, 6, [2, 3, 4, 5], 1]);
    expect(shown(log)).toMatchObject({ chosen: 9, folded: 4 });
    expect(shown(log, { opened: new Set([2]) })).toMatchObject({ chosen: 9, folded: 0 });
    expect(shown(log, { allOpen: true }).folded).toBe(0);
  });
  it('keeps one kind, said by people; what nobody said is a kind of its own, shown whole', () => {
    expect(outline(shown(log, { kind: 'decision' }))).toEqual([6]);
    expect(outline(shown(log, { kind: 'fact' }))).toEqual([]);
    expect(outline(shown(log, { kind: 'automatic' }))).toEqual([8, 7, 5, 4, 3, 2]);
  });
  it('searches without accents or capitals, also in what is folded', () => {
    expect(outline(shown(log, { search: 'HEBERGEUR' }))).toEqual([1]);
    expect(outline(shown(log, { search: 'componentstate' }))).toEqual([7, 5, 4, 3, 2]);
    expect(outline(shown(log, { search: 'rien de tel' }))).toEqual([]);
  });
  it('says what a fold is made of', () => {
    const mixed = [line(1), line(2), line(3, { code: 'HoldConfirmed' }), line(4, { code: 'ComponentVerified' })];
    expect(sortsOf(mixed)).toEqual([
      ['states', 2],
      ['holds', 1],
      ['steps', 1],
    ]);
  });
  it('hides no line without counting it', () => {
    fc.assert(
      fc.property(fc.array(fc.boolean(), { maxLength: 50 }), (kinds) => {
        const lines = kinds.map((routine, index) => (routine ? line(index) : said(index, 'x')));
        const { entries, chosen, folded } = shown(lines);
        const visible = entries.filter((entry) => entry.kind === 'line').length;
        expect(visible + folded).toBe(chosen);
        expect(outline({ entries, chosen, folded }).toReversed().flat()).toEqual(lines.map(({ sequence }) => sequence));
      }),
    );
  });
});
