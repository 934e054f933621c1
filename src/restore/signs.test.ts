import { describe, expect, test } from 'vitest';
import { hasLockedName, isRansomNote } from './signs.ts';

describe('names', () => {
  test.each([
    'README_TO_DECRYPT.txt',
    'HOW_TO_RESTORE_YOUR_FILES.html',
    'how_to_decrypt.hta',
    'LISEZ-MOI-VOS-FICHIERS.txt',
    'RECOVER-FILES.txt',
    '!!!READ_ME_RECOVER.txt',
    'DECRYPT-FILES.txt',
  ])('%s is a ransom note', (name) => expect(isRansomNote(name)).toBe(true));
  test.each([
    'README.txt',
    'README.md',
    'lisez-moi.txt',
    'restore.sh',
    'compte-rendu-recovery.pdf',
    'liste des fichiers.xlsx',
    'notice.html',
  ])('%s is not', (name) => expect(isRansomNote(name)).toBe(false));

  test.each(['labo.csv.locked', 'PG_VERSION.LOCKED', 'scan.dcm.lockbit', 'x.encrypted'])('%s was renamed', (name) =>
    expect(hasLockedName(name)).toBe(true),
  );
  test.each(['locked', 'unlocked.txt', 'encrypted.pdf', 'postmaster.pid', 'a.lock', 'table.encoding'])(
    '%s was not',
    (name) => expect(hasLockedName(name)).toBe(false),
  );
});
