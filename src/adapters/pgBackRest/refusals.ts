import { type Refusing, refuse } from '../../journal/result.ts';
import { NOT_INSTALLED, toolMissing } from '../tool/refusals.ts';
import type { ToolRun } from '../tool/run.ts';

/** What another passphrase, or none, makes of what is read. */
const WRONG_KEY = /CryptoError|cipher header invalid|unable to flush|found outside of section|Salted__/;

/** What pgBackRest's complaint means for the person who reads it (its numbers: pgbackrest's `src/build/error/error.yaml`). */
export function pgBackRestRefusal(where: string, ran: ToolRun): Refusing {
  if (ran.status === NOT_INSTALLED) return toolMissing('pgbackrest', 'pgbackrest', where);
  const lines = ran.errors.split('\n').filter((line) => line.trim() !== '');
  const said = (lines.find((line) => line.includes('ERROR')) ?? lines[0] ?? `exit status ${ran.status}`).slice(0, 200);
  if (WRONG_KEY.test(ran.errors)) return unopened(where, said);
  if (/missing stanza path|\[055\]|\[073\]/.test(ran.errors)) return unreachable(where, said);
  return refuse('backup-damaged', 'The backup repository could not be read whole.', {
    where,
    expected: 'every part of it as pgBackRest wrote it',
    kept: said,
    cure: 'Try an older backup, or another copy. What is lost, on the server that backs up: pgbackrest verify',
  });
}

/** `info` ends with status 0 whatever it met: what it met is said of the stanza. */
export function statusRefusal(where: string, { code, message }: { code: number; message: string }): Refusing {
  return code === 1
    ? unreachable(where, message)
    : pgBackRestRefusal(where, { status: code, output: '', errors: `ERROR: ${message}` });
}

const unopened = (where: string, said: string): Refusing =>
  refuse('backup-wrong-password', 'The passphrase does not open this backup repository.', {
    where,
    expected: 'what `repo1-cipher-pass` says on the server that backs up',
    kept: said,
    cure: 'Check the secret this source names, or name one if the repository is encrypted.',
  });

const unreachable = (where: string, said: string): Refusing =>
  refuse('backup-unreachable', 'The backup repository cannot be opened.', {
    where,
    expected: 'the folder `repo1-path` says, with this stanza in it',
    kept: said,
    cure: 'Check its path, the stanza’s name, and that its disk is mounted.',
    retryable: true,
  });
