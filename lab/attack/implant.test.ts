import { fileURLToPath } from 'node:url';
import { expect, test } from 'vitest';
import { readRules } from '../../src/adapters/cleanPoint/ruleFiles.ts';
import { compileRules } from '../../src/adapters/scanner/rules.ts';
import { shippedRules } from '../../src/adapters/scanner/shippedRules.ts';
import type { Part } from '../backups.ts';
import { IMPLANTS } from './implant.ts';

const given = fileURLToPath(new URL('../reflexe/rules', import.meta.url));

async function seen(place: string, part: Part): Promise<string[]> {
  const rules = await readRules([place]);
  if (!rules.ok) throw new Error(rules.refusal.message);
  const { match, refused } = await compileRules(rules.value.texts);
  expect(refused).toEqual([]);
  return match(Buffer.from(IMPLANTS[part]?.content ?? ''));
}

test('one implant is seen by what ships with Reflexe, the other only by indicators somebody sent', async () => {
  expect(await seen(shippedRules, 'application')).toEqual(['reflexe_web_shell_php']);
  expect(await seen(given, 'application')).toEqual([]);
  expect(await seen(shippedRules, 'database')).toEqual([]);
  expect(await seen(given, 'database')).toEqual(['cert_stats_housekeeping_beacon']);
});
