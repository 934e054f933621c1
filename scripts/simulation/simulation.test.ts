import { join } from 'node:path';
import { expect, it } from 'vitest';
import { readMapFolder } from '../../src/adapters/yaml/mapFolder.ts';
import { readPlans } from '../../src/main/configuration.ts';
import { simulate } from './hospital.ts';

const laboratory = join(import.meta.dirname, '..', '..', 'lab', 'reflexe');

it('keeps every promise of the rooms through random days, and reaches what it must to prove something', async () => {
  const [map, plans] = [await readMapFolder(laboratory), await readPlans(laboratory)];
  if (map.document === undefined || plans.value === undefined) throw new Error('the laboratory has a map and plans');
  const parts = { map: map.document, plans: plans.value };
  const stories = [1, 2, 3].map((seed) => simulate({ seed, acts: 500, ...parts }));
  const seen = (type: string) => stories.reduce((sum, story) => sum + (story.seen[type] ?? 0), 0);
  for (const type of ['IncidentOpened', 'HoldEnded', 'ComponentVerified', 'RecoveryStepFailed'])
    expect(seen(type)).toBeGreaterThan(0);
  expect(stories.every(({ restarts }) => restarts > 0)).toBe(true);
  expect(simulate({ seed: 1, acts: 300, ...parts })).toEqual(simulate({ seed: 1, acts: 300, ...parts }));
}, 300_000);
