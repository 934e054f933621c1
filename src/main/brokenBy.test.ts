import { describe, expect, test } from 'vitest';
import { refuse } from '../journal/result.ts';
import { brokenBy, detailOf } from './brokenBy.ts';

const patient = 'DUPONT_Zéphyrine_1950.pdf';
const thrown = (code: string, path: string) =>
  Object.assign(new Error(`${code}: no such thing, open '${path}'`), { code, path });

describe('what a restoration that breaks tells', () => {
  test.each([
    ['ENOSPC', `/srv/reflexe/recoveries/proof-1/db/staging/${patient}`, '/srv/reflexe/recoveries/proof-1/db'],
    ['EACCES', `/srv/reflexe/nights/d9255e0d/${patient}`, '/srv/reflexe/nights/d9255e0d'],
    ['EIO', `/srv/reflexe/taken-out/part-x/${patient}`, '/srv/reflexe/taken-out/part-x'],
    ['EIO', `/mnt/nights-of-ehr/2026/${patient}/a`, '/mnt/nights-of-ehr'],
    ['EIO', `${patient}/a`, undefined],
  ])('%s of %s names its folder, and no file', (code, path, folder) => {
    const { refusal } = brokenBy(thrown(code, path), 'db · choose');
    expect(refusal.where).toBe(folder === undefined ? 'db · choose' : `db · choose · ${folder}`);
    expect(JSON.stringify(refusal)).not.toContain('DUPONT');
  });

  test('says of a defect what it is and where, not what it says', () => {
    const { message } = brokenBy(new TypeError(`of ${patient}`), 'db').refusal;
    expect(message).toMatch(/TypeError brokenBy\.test\.ts:\d+$/);
  });

  test('keeps for ever what it was, and not what a disk or a tool said of a backup', () => {
    const damaged = refuse('backup-damaged', 'This night does not restore whole.', {
      where: 'nights-db',
      expected: 'every file',
      kept: `${patient} is missing`,
    });
    expect(detailOf(damaged.refusal)).toBe('This night does not restore whole. · nights-db · every file');
    expect(detailOf(refuse('disk-full', 'Full.', { kept: 'All.' }).refusal)).toBe('Full. · All.');
  });
});
