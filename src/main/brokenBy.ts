import { type Refusing, refuse } from '../journal/result.ts';

/** What an exception at the edge of a restoration means for the person who reads it. */
export function brokenBy(error: unknown, where: string): Refusing {
  const code = error instanceof Error && 'code' in error ? String(error.code) : '';
  const path = error instanceof Error && 'path' in error ? String(error.path) : '';
  const place = path === '' ? where : `${where} · ${path}`;
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
      return refuse('step-broke', `The step broke: ${error instanceof Error ? error.message : String(error)}`, {
        where: place,
        expected: 'a step that ends or says why not',
        kept,
        cure: 'Start the step again; if it breaks again, report it with the support bundle.',
        retryable: true,
      });
  }
}
