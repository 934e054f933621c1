import { mkdir, mkdtemp, readFile, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { parse } from 'yaml';
import { z } from 'zod';
import { readMapOrRegion } from '../src/adapters/yaml/regionFolder.ts';
import { type CompiledMap, compile } from '../src/map/compile.ts';
import { graphOf } from '../src/map/graph/build.ts';
import { explain } from '../src/map/graph/explain.ts';
import { Propagation } from '../src/map/graph/propagation.ts';
import { ComponentState, type Supply } from '../src/map/model.ts';
import { supplyOf } from '../src/map/needs/level.ts';
import { whatIf } from '../src/map/whatIf.ts';

const source = fileURLToPath(new URL('aphp-2024-08-03-region', import.meta.url));
const written = (name: string) => readFile(join(source, name), 'utf8');
const Story = z.strictObject({
  steps: z.array(z.strictObject({ at: z.string(), what: z.string(), states: z.record(z.string(), ComponentState) })),
});

/** Invented, all 38. */
const hospitals = (
  'acacias alisiers amandiers aubepines aulnes bouleaux bruyeres buis cedres cerisiers charmes chataigniers chenes ' +
  'cornouillers cypres eglantiers epiceas erables frenes fusains genevriers glycines hetres houx ifs lauriers lilas ' +
  'marronniers merisiers noisetiers ormes peupliers platanes saules sorbiers sureaux tilleuls trembles'
).split(' ');
const withSamu = ['acacias', 'cedres', 'frenes', 'ormes'];

/** How each care function was at one instant, by reference. */
type Picture = ReadonlyMap<string, Supply>;

let folder = '';
let map: CompiledMap;
/** After each step of the story, by its instant. */
const pictures = new Map<number, Picture>();
let propagation: Propagation;
/** Each step replayed from nothing gave the same. */
let sameFromNothing = 0;

beforeAll(async () => {
  folder = await mkdtemp(join(tmpdir(), 'reflexe-aphp-'));
  await writeFile(
    join(folder, 'region.yaml'),
    'establishment: { id: idf, name: { fr: Trente-huit hôpitaux, en: Thirty-eight hospitals }, timeZone: Europe/Paris }\n',
  );
  await writeFile(join(folder, 'hebergeur.yaml'), await written('hebergeur.yaml'));
  const [template, samu] = await Promise.all([written('hopital.yaml'), written('samu.yaml')]);
  for (const id of hospitals) {
    await mkdir(join(folder, id));
    const text = template.replaceAll('{{id}}', id).replaceAll('{{name}}', `Hôpital des ${id}`);
    await writeFile(join(folder, id, 'hopital.yaml'), text);
    if (withSamu.includes(id)) await writeFile(join(folder, id, 'samu.yaml'), samu);
  }
  const { document, problems } = await readMapOrRegion(folder);
  expect(problems).toEqual([]);
  if (document === undefined) throw new Error('the region is not valid');
  map = compile(document);
  play(Story.parse(parse(await written('recit.yaml'))));
}, 60_000);
afterAll(() => rm(folder, { recursive: true }));

/** The engine lives through the story: only what each step changes is computed. */
function play({ steps }: z.infer<typeof Story>): void {
  const graph = graphOf(map);
  propagation = new Propagation(graph, 'up');
  const told = new Map<number, { node: number; state: ComponentState; since: number }>();
  for (const { at, states } of steps) {
    const since = Date.parse(at);
    const changes = Object.entries(states).flatMap(([reference, state]) =>
      meant(reference).map((id) => ({ node: graph.nodeOf(id) ?? -1, state, since })),
    );
    for (const change of changes) told.set(change.node, change);
    propagation.set(changes);
    const picture = pictureOf(propagation, since);
    pictures.set(since, picture);
    const fresh = new Propagation(graph, 'up');
    fresh.set(told.values());
    if (JSON.stringify([...pictureOf(fresh, since)]) === JSON.stringify([...picture])) sameFromNothing += 1;
  }
}

/** `*:dpi`: at every hospital; `first:dpi`, `last:dpi`: at the first 20, at the others. */
function meant(reference: string): string[] {
  const [who, id] = reference.split(':');
  const some = who === '*' ? hospitals : who === 'first' ? hospitals.slice(0, 20) : hospitals.slice(20);
  const ids =
    who === '*' || who === 'first' || who === 'last' ? some.map((hospital) => `${hospital}:${id}`) : [reference];
  for (const one of ids) expect(map.components.has(one)).toBe(true);
  return ids;
}

const pictureOf = (one: Propagation, instant: number): Picture =>
  new Map([...map.careFunctions.keys()].map((id) => [id, supplyOf(one.levelAt(one.graph.nodeOf(id) ?? -1, instant))]));

const instantOf = (when: string) => {
  const [day, time] = when.split(' ');
  return Date.parse(`2024-08-0${day}T${time}:00+02:00`);
};
function at(when: string): Picture {
  const step = [...pictures].findLast(([instant]) => instant <= instantOf(when));
  if (step === undefined) throw new Error(`nothing at ${when}`);
  return step[1];
}
const lostAt = (when: string) => [...at(when)].filter(([, supply]) => supply === 'lost').map(([id]) => id);
const functionOf = (id: string) => id.slice(id.indexOf(':') + 1);

/** When a function was no longer lost, at a hospital: `5 06:30`. */
function backAt(hospital: string, care: string): string {
  const back = [...pictures].find(
    ([instant, picture]) => instant > instantOf('3 11:00') && picture.get(`${hospital}:${care}`) !== 'lost',
  );
  return back === undefined ? 'never' : local(back[0]);
}
const local = (instant: number) => {
  const text = new Date(instant + 2 * 3_600_000).toISOString();
  return `${Number(text.slice(8, 10))} ${text.slice(11, 16)}`;
};

describe('the power cut of 3 August 2024, on a map of one host and 38 hospitals', () => {
  it('is a map of 39 owners, where the host is one thing for all', () => {
    expect(hospitals).toHaveLength(38);
    expect(map.careFunctions.size).toBe(38 * 9 + 4);
    expect(map.careFunctionsOn('heb:inverseur')).toHaveLength(38 * 9);
  });

  it('foresees at 10:48 what falls at 11:00, and what would keep it', () => {
    const found = whatIf(map, ['heb:inverseur'], { at: instantOf('3 10:48') });
    if (!found.ok) throw new Error(found.refusal.message);
    for (const { id, state, lostAfterSeconds, because, unless } of found.value.careFunctions) {
      const isSamu = functionOf(id) === 'regulation-samu';
      expect([id, state, lostAfterSeconds]).toEqual([id, isSamu ? 'served' : 'lost', isSamu ? null : 720]);
      expect(because).toEqual(isSamu ? [] : ['heb:inverseur']);
      expect(unless).toEqual(isSamu ? [] : [['heb:inverseur']]);
    }
    const { byTier } = found.value.careGap;
    expect(byTier['1'].high).toBeGreaterThan(0);
    // Nobody has said how long anything takes to return: no minute of gap is certain.
    expect(byTier['1'].low).toBe(0);
  });

  it('loses every hosted function of every hospital at 11:00, and no other', () => {
    expect(lostAt('3 10:48')).toEqual([]);
    const lost = lostAt('3 11:00');
    expect(lost).toHaveLength(38 * 9);
    expect(new Set(lost.map(functionOf))).not.toContain('regulation-samu');
  });

  it('never touches the SAMU', () => {
    for (const picture of pictures.values())
      for (const hospital of withSamu) expect(picture.get(`${hospital}:regulation-samu`)).toBe('served');
  });

  it('has power again after three and a half hours, and no function back', () => {
    expect(lostAt('3 14:30')).toHaveLength(38 * 9);
    expect(lostAt('3 18:00')).toHaveLength(38 * 9);
  });

  it('has telephones and mail in the night, the main clinical applications on Monday, in this order', () => {
    const order = [
      'communications',
      'identite',
      'prescription',
      'urgences',
      'reanimation',
      'laboratoire',
      'imagerie',
      'pharmacie',
      'restauration',
    ];
    const returns = (hospital: string) => Object.fromEntries(order.map((care) => [care, backAt(hospital, care)]));
    expect(returns('acacias')).toEqual({
      communications: '4 02:30',
      // The record was up at 04:00, and waited for identities: both parents are needed.
      identite: '5 05:30',
      prescription: '5 05:30',
      urgences: '5 06:30',
      reanimation: '5 07:00',
      laboratoire: '5 09:30',
      imagerie: '5 12:00',
      pharmacie: '5 15:00',
      restauration: '6 10:00',
    });
    expect(returns('saules')).toEqual({
      communications: '4 02:30',
      identite: '5 08:00',
      prescription: '5 08:00',
      urgences: '5 08:30',
      reanimation: '5 08:30',
      laboratoire: '5 09:30',
      imagerie: '5 12:00',
      pharmacie: '5 15:00',
      restauration: '7 09:00',
    });
    for (const hospital of hospitals) {
      const instants = order.map((care) => instantOf(backAt(hospital, care)));
      expect(instants).toEqual(instants.toSorted((a, b) => a - b));
    }
  });

  it('stays lost where another loss still holds, though the host is back', () => {
    expect(at('5 16:00').get('tilleuls:prescription')).toBe('lost');
    expect(backAt('tilleuls', 'prescription')).toBe('5 17:00');
    expect(backAt('tilleuls', 'communications')).toBe('5 17:00');
  });

  it('is incomplete on Tuesday evening and whole on Wednesday', () => {
    const tuesday = at('6 19:00');
    expect(lostAt('6 19:00').map(functionOf)).toEqual(Array(18).fill('restauration'));
    expect([...tuesday].filter(([, supply]) => supply === 'partly').map(([id]) => functionOf(id))).toEqual(
      Array(38).fill('imagerie'),
    );
    expect(new Set(at('7 09:00').values())).toEqual(new Set(['served']));
  });

  it('is, step by step, what everything computed again would be', () => {
    expect(sameFromNothing).toBe(pictures.size);
  });

  it('says at any moment why a function is down and what must come back', () => {
    const graph = graphOf(map);
    const now = new Propagation(graph, 'up');
    const down = ['heb:baie', 'heb:hyperviseur-1', 'heb:hyperviseur-2', 'heb:hyperviseur-3', 'ormes:lien', 'ifs:lien'];
    now.set(down.map((id) => ({ node: graph.nodeOf(id) ?? -1, state: 'down' as const })));
    const { enough, unless } = explain(now, graph.nodeOf('ormes:pharmacie') ?? -1, 0);
    expect(enough.map(graph.nameOf)).toHaveLength(1);
    // Two of the three hypervisors make three of four; which two is free, so each way leaves one out.
    for (const way of unless) {
      const named = way.map(graph.nameOf);
      expect(named).toEqual(expect.arrayContaining(['heb:baie', 'ormes:lien']));
      expect(named.filter((id) => id.startsWith('heb:hyperviseur'))).toHaveLength(2);
      expect(named).toHaveLength(4);
    }
    expect(unless.length).toBeGreaterThan(0);
  });
});
