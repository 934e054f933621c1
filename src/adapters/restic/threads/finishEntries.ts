import { closeSync, constants, openSync } from 'node:fs';
import { codeOf, giveAttributes } from '../../backupTree/attributes.ts';
import type { FinishOutcome, FinishTask } from './tasks.ts';

const { O_CREAT, O_EXCL, O_NOFOLLOW, O_RDONLY, O_WRONLY } = constants;

/** Files and folders of ours, one after another. No link is followed. */
export function finishEntries({ entries }: FinishTask): FinishOutcome {
  const outcome: FinishOutcome = { kind: 'finish', failed: [] };
  for (const [entry, { path, attributes, make }] of entries.entries()) {
    try {
      const descriptor = openSync(path, make ? O_WRONLY | O_CREAT | O_EXCL : O_RDONLY | O_NOFOLLOW, 0o600);
      try {
        for (const failure of giveAttributes(descriptor, attributes)) outcome.failed.push({ entry, ...failure });
      } finally {
        closeSync(descriptor);
      }
    } catch (error) {
      outcome.failed.push({ entry, code: codeOf(error), what: 'write' });
    }
  }
  return outcome;
}
