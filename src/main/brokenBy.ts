import { type Refusal, type Refusing, refuse } from '../journal/result.ts';
import { whyOf } from './whyOf.ts';

/** Refusals whose `kept` is what a disk or a tool said of a backup. */
const saidOfBackups: readonly string[] = ['backup-damaged', 'backup-unreachable'];

/** What of a refusal the journal keeps, for ever. What is said of a backup may name one of its files, and that a patient. */
export function detailOf({ code, message, where, expected, kept }: Refusal): string {
  const parts = [message, where, expected, saidOfBackups.includes(code) ? undefined : kept];
  return parts.filter((part) => part !== undefined && part !== '').join(' · ');
}

/** A folder of ours that holds restored files, without what stands in it. */
const restoredInto = /^.*?\/(?:recoveries\/[^/]+\/[^/]+|nights\/[^/]+|taken-out\/[^/]+)/;
/** Of any other path so much tells which disk it is on. */
const diskFolder = /^(?:\/[^/]+){1,2}/;

/** What an exception at the edge of a restoration means for the person who reads it. */
export function brokenBy(error: unknown, where: string): Refusing {
  const code = error instanceof Error && 'code' in error ? String(error.code) : '';
  const path = error instanceof Error && 'path' in error ? String(error.path) : '';
  const [folder = ''] = restoredInto.exec(path) ?? diskFolder.exec(path) ?? [];
  const place = folder === '' ? where : `${where} · ${folder}`;
  const kept = 'The backup and everything done before this step.';
  switch (code) {
    case 'ENOSPC':
    case 'EDQUOT':
      return refuse('disk-full', 'The disk on which backups are restored is full.', {
        where: place,
        expected: 'room on this disk',
        kept,
        cure: 'Make room on it, or give it another; the step is then tried again.',
        retryable: true,
      });
    case 'EACCES':
    case 'EPERM':
    case 'EROFS':
      return refuse('folder-denied', `Reflexe may not write where it restores (${code}).`, {
        where: place,
        expected: 'a folder that the user of Reflexe owns, on a disk that can be written',
        kept,
        cure: 'Give it back its folder, then start the step again.',
      });
    default:
      return refuse('step-broke', `The step broke: ${whyOf(error)}`, {
        where: place,
        expected: 'a step that ends or says why not',
        kept,
        cure: 'Start the step again; if it breaks again, report it with the support bundle.',
        retryable: true,
      });
  }
}
