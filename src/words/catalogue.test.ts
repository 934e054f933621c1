import { describe, expect, it } from 'vitest';
import { en } from './en.ts';
import { entry } from './entry.ts';
import { fr } from './fr.ts';
import { typeset } from './typography.ts';

/** What each function of the catalogue is tried with: figures agree with every parameter it takes, a line of the log speaks for itself. */
const said = {
  word: (key: string) => key,
  count: () => 2,
  name: (key: string) => key,
  step: () => 'step',
  moment: () => '15:05',
  until: () => 'until 15:05',
  long: () => '2 min',
};

function texts(value: unknown, path: string, isLog: boolean): [path: string, text: string][] {
  if (typeof value === 'string') return [[path, value]];
  if (typeof value === 'function') return texts(value(...(isLog ? [said] : [2, 3])), `${path}()`, isLog);
  if (value === null || typeof value !== 'object') return [];
  return Object.entries(value).flatMap(([key, inner]) => texts(inner, `${path}.${key}`, isLog || path === '.log'));
}

const french = texts(fr, '', false);
const english = texts(en, '', false);

describe('the catalogues', () => {
  it('say something everywhere, in both languages', () => {
    expect(french.length).toBeGreaterThan(500);
    expect(english.map(([path]) => path)).toEqual(french.map(([path]) => path));
    const silent = [...french, ...english].filter(
      ([path, text]) => text.trim() === '' && path !== '.board.runsOut.nothing',
    );
    expect(silent).toEqual([]);
  });
  it('leave no French in English', () => {
    const accented = english.filter(([, text]) => /[àâçéèêëîïôûùœ«]|\b(le|la|les|des|une|est|sont)\b/i.test(text));
    expect(accented).toEqual([]);
  });
  it('space French punctuation as French does', () => {
    const broken = french.filter(([, text]) =>
      / [:;!?%»]|« |[^\s]»|«[^\s]|'/.test(text.replaceAll(/\u00a0»|«\u00a0/g, '')),
    );
    expect(broken).toEqual([]);
  });
});

describe('typesetting', () => {
  it('reaches nested texts and what functions make of their arguments', () => {
    const catalogue = typeset({ deep: { plain: 'Que faire ?' }, made: (count: number) => `« ${count} min » : oui` });
    expect(catalogue.deep.plain).toBe('Que faire\u202f?');
    expect(catalogue.made(5)).toBe('«\u00a05\u00a0min\u00a0»\u00a0: oui');
  });
  it('leaves times and addresses alone', () => {
    expect(typeset('15:05, http://x')).toBe('15:05, http://x');
  });
});

describe('a code from the wire', () => {
  it('finds its words, or none: never what every object inherits', () => {
    expect(entry(fr.refusals, 'signed-out')?.what).toContain('session');
    expect(entry(fr.refusals, 'never-heard-of')).toBeUndefined();
    expect(entry(fr.refusals, 'constructor')).toBeUndefined();
  });
});
