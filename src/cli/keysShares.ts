import type { Command } from 'commander';
import { type Misread, readShareCode } from '../access/keys/shareCode.ts';
import { accept } from '../journal/result.ts';
import { answer } from './answer.ts';
import { told, typedShares } from './keysTyped.ts';
import type { Language } from './language.ts';
import { verb } from './verb.ts';

interface Checked {
  /** Every share was read whole. */
  ok: boolean;
  shares: { set: string | null; number: number | null; misread: Misread[] }[];
}

/** Checks shares as they are read over the telephone; opens nothing, and keeps nothing. */
export function register(program: Command): void {
  verb(program, 'keys shares', 'keys shares < parts.txt').action(async (_options: object, command: Command) => {
    const shares = (await typedShares()).map((code) => {
      const read = readShareCode(code);
      return read.ok
        ? { set: read.share.set, number: read.share.bytes.at(-1) ?? 0, misread: [] }
        : { set: null, number: null, misread: read.misread };
    });
    const ok = shares.length > 0 && shares.every(({ set }) => set !== null);
    answer(command, accept({ ok, shares }), checkedText);
  });
}

function checkedText({ shares }: Checked, language: Language): string {
  const lines = shares.flatMap(({ set, misread }, at) =>
    set === null
      ? misread.map((one) => told(at + 1, one)[language])
      : [{ fr: `Part ${at + 1} : juste (jeu ${set}).`, en: `Share ${at + 1}: right (set ${set}).` }[language]],
  );
  return lines.length > 0 ? lines.join('\n') : { fr: 'Aucune part n’a été lue.', en: 'No share was read.' }[language];
}
