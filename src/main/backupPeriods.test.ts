import { mkdirSync, mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterEach, expect, test } from 'vitest';
import { FilesSource } from '../adapters/files/source.ts';
import { smallMap } from '../map/fixture.ts';
import { longestGap } from '../map/returns/dataLoss.ts';
import { BackupPeriods } from './backupPeriods.ts';
import { memoryWorld } from './fixtures/memoryWorld.ts';

const HOUR = 3_600_000;
const ended: (() => Promise<void> | void)[] = [];
afterEach(async () => {
  for (const end of ended.splice(0)) await end();
});

test('the longest gap counts, also the one still open; what is dated in the future does not', () => {
  const hours = (...at: number[]) => at.map((hour) => hour * HOUR);
  expect(longestGap(hours(0, 24, 60, 84), 90 * HOUR)).toBe(36 * 3600);
  expect(longestGap(hours(84, 60), 200 * HOUR)).toBe(116 * 3600);
  expect(longestGap(hours(0, 500), 10 * HOUR)).toBe(10 * 3600);
  expect(longestGap(hours(500), 10 * HOUR)).toBeNull();
  // Older than a month of nights: it was another time.
  expect(longestGap(hours(-1000, ...Array.from({ length: 30 }, (_, i) => i)), 30 * HOUR)).toBe(3600);
});

test('how far apart nights are is read in the nights, and told with the map', async () => {
  const folder = mkdtempSync(join(tmpdir(), 'reflexe-periods-'));
  for (const night of ['2026-01-01T02', '2026-01-02T02', '2026-01-04T02']) mkdirSync(join(folder, night));
  const now = Date.parse('2026-01-04T08:00:00.000Z');
  const small = smallMap({ db: null, lost: null }, { prescription: { needs: { need: 'db' } } });
  const map = {
    ...small,
    components: small.components.map((one) => ({
      ...one,
      restore: { source: one.id, driver: 'postgresql' as const, probes: [] },
    })),
  };
  const { world, troubles } = await memoryWorld(() => now, { map, establishment: 'h' });
  const sources = new Map([
    ['db', new FilesSource(folder)],
    ['lost', new FilesSource(join(folder, 'nowhere'))],
  ]);
  const periods = new BackupPeriods(world, (name) => sources.get(name));
  ended.push(
    () => periods.close(),
    () => world.close(),
    () => rmSync(folder, { recursive: true }),
  );
  await expect
    .poll(() => world.map().measured.periods, { timeout: 20_000 })
    .toEqual({
      db: { seconds: (48 * HOUR) / 1000, at: '2026-01-04T08:00:00.000Z' },
    });
  await expect.poll(() => troubles, { timeout: 20_000 }).toEqual(['periods of lost: backup-unreachable']);
});
