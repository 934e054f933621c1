import { readdir, readFile } from 'node:fs/promises';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { describe, expect, it } from 'vitest';
import { parse } from 'yaml';
import { readMapFolder } from '../adapters/yaml/mapFolder.ts';
import { compile } from '../map/compile.ts';
import type { HospitalMap } from '../map/model.ts';
import { type Inject, offsetMilliseconds, Scenario } from '../prepare/scenario.ts';
import { readPlans } from './configuration.ts';

const root = fileURLToPath(new URL('../..', import.meta.url));
const notHospitals = ['backup-command'];
const examples = (await readdir(join(root, 'examples'), { withFileTypes: true })).filter(
  (one) => one.isDirectory() && !notHospitals.includes(one.name),
);
const stories = (await readdir(join(root, 'scenarios'))).filter((name) => name.endsWith('.yaml'));

describe('the examples', () => {
  it('are there', () => {
    expect(examples.map(({ name }) => name)).toContain('groupe-exemple');
    expect(stories).toContain('aphp-2024-08-03.yaml');
  });

  it.each(examples.map(({ name }) => name))('%s: a map and plans with nothing to say against them', async (name) => {
    const folder = join(root, 'examples', name);
    const [map, plans] = [await readMapFolder(folder), await readPlans(folder)];
    expect(map.problems).toEqual([]);
    expect(plans.problems).toEqual([]);
    expect(map.document?.careFunctions.length).toBeGreaterThan(0);
    expect(plans.value?.plans.length).toBeGreaterThan(0);
  });

  it.each(examples.map(({ name }) => name))('%s: objectives fit the DMIA, and phones are no one’s', async (name) => {
    const { document } = await readMapFolder(join(root, 'examples', name));
    for (const care of document?.careFunctions ?? []) {
      expect(care.rtoSeconds, care.id).toBeLessThanOrEqual(care.mtpdSeconds);
      expect(care.degradedMode?.steps.length, care.id).toBeGreaterThan(0);
      for (const step of care.degradedMode?.steps ?? []) expect(step.en, `${care.id}: ${step.fr}`).toBeDefined();
    }
    const phones = [...(document?.wards ?? []), ...(document?.suppliers ?? [])].flatMap(({ phone }) => phone ?? []);
    // Numbers that the French regulator keeps for fiction.
    for (const phone of phones) expect(phone).toMatch(/^(?:01 99 00|06 39 98) \d\d \d\d$/);
  });
});

describe('the stories', () => {
  it.each(stories)('%s: valid, in order, and about what is on its map', async (file) => {
    const scenario = Scenario.parse(parse(await readFile(join(root, 'scenarios', file), 'utf8')));
    expect(`${scenario.id}.yaml`).toBe(file);
    const { document } = await readMapFolder(join(root, 'examples', scenario.map));
    if (document === undefined) throw new Error(`no map ${scenario.map}`);
    expect(scenario.injects.flatMap((inject) => strangers(document, inject))).toEqual([]);
    const times = scenario.injects.map(({ at }) => offsetMilliseconds(at));
    expect(times).toEqual(times.toSorted((one, other) => one - other));
    for (const { estimate, decision, at } of scenario.injects) {
      const from = offsetMilliseconds(at);
      for (const { p50, p90 } of estimate ?? []) {
        expect(offsetMilliseconds(p50), at).toBeGreaterThan(from);
        expect(offsetMilliseconds(p90), at).toBeGreaterThan(offsetMilliseconds(p50));
      }
      for (const { reviewAt } of decision ?? [])
        if (reviewAt !== undefined) expect(offsetMilliseconds(reviewAt), at).toBeGreaterThan(from);
    }
    const texts = scenario.injects.flatMap(({ title, log }) => [title, ...(log ?? [])]);
    for (const text of texts) if (text !== undefined) expect(text.en, text.fr).toBeDefined();
  });
});

/** What an inject names and the map does not have, or has elsewhere. */
function strangers(document: HospitalMap, inject: Inject): string[] {
  const map = compile(document);
  const components = Object.keys(inject.states ?? {}).filter((id) => !map.components.has(id));
  const spoken = [...(inject.hold ?? []), ...(inject.decision ?? [])];
  const wards = spoken.flatMap(({ careFunction, wards }) => {
    const own = map.careFunctions.get(careFunction)?.wards ?? [];
    return wards === 'all'
      ? []
      : wards.filter((ward) => !own.includes(ward)).map((ward) => `${careFunction} · ${ward}`);
  });
  const functions = [...spoken, ...(inject.estimate ?? [])].map(({ careFunction }) => careFunction);
  return [...components, ...wards, ...functions.filter((id) => !map.careFunctions.has(id))].map(
    (id) => `${inject.at} ${id}`,
  );
}
