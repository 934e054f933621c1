import { readFile } from 'node:fs/promises';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { beforeAll, describe, expect, it } from 'vitest';
import { parse } from 'yaml';
import { readMapFolder } from '../src/adapters/yaml/mapFolder.ts';
import { memoryEngine } from '../src/journal/memory.ts';
import { accept } from '../src/journal/result.ts';
import { StoryClock, type WorldClock } from '../src/main/clock.ts';
import { readPlans } from '../src/main/configuration.ts';
import { importDocuments } from '../src/main/imports.ts';
import { healthyCommands, playInject, settle } from '../src/main/story.ts';
import { StoryPlayer } from '../src/main/storyPlayer.ts';
import { HospitalWorld } from '../src/main/world.ts';
import type { BoardView } from '../src/map/care.ts';
import { offsetMilliseconds, Scenario } from '../src/prepare/scenario.ts';

const root = fileURLToPath(new URL('..', import.meta.url));
const minute = 60_000;
/** How often the Board is looked at: everyone of the story acts on whole minutes. */
const lookMilliseconds = 5 * minute;

interface Played {
  boards: BoardView[];
  refused: string[];
  levels: string[];
  incidents: { closedAt: string | null; log: number; stepsLeft: string[] }[];
}

interface Opened {
  world: HospitalWorld;
  scenario: Scenario;
  refused: string[];
}

/** The example group at work, everything on its map up, as the story starts. */
async function open(clockOf: (start: number) => WorldClock): Promise<Opened> {
  const scenario = Scenario.parse(parse(await readFile(join(root, 'scenarios', 'aphp-2024-08-03.yaml'), 'utf8')));
  const folder = join(root, 'examples', scenario.map);
  const { document } = await readMapFolder(folder);
  const { value: plans } = await readPlans(folder);
  if (document === undefined) throw new Error('the example map is not valid');
  const refused: string[] = [];
  const opened = await HospitalWorld.open({
    id: 'story',
    kind: 'exercise',
    establishment: document.establishment.id,
    engine: async () => accept(memoryEngine()),
    clock: clockOf(Date.parse(scenario.start)),
    onTrouble: (what, error) => refused.push(`${what} ${String(error)}`),
  });
  if (!opened.ok) throw new Error(opened.refusal.message);
  const world = opened.value;
  expect(await importDocuments(world, { map: document, plans }, scenario.map)).toMatchObject({ ok: true });
  for (const command of healthyCommands(document, scenario.start))
    await world.journal.queue.submit(command, { actor: 'exercise' });
  return { world, scenario, refused };
}

/** The story through the real rooms, minute by minute. `from`: the first Board looked at. */
async function play(from = 0): Promise<Played> {
  const clock = { speed: 1, instant: 0, now: () => clock.instant };
  const { world, scenario, refused } = await open((start) => {
    clock.instant = start;
    return clock;
  });
  const played: Played = { boards: [], refused, levels: [], incidents: [] };
  const waiting = [...scenario.injects];
  const end = offsetMilliseconds(scenario.injects.at(-1)?.at ?? '+1m') + 60 * minute;
  for (let elapsed = 0; elapsed <= end; elapsed += minute) {
    clock.instant = Date.parse(scenario.start) + elapsed;
    await settle(world);
    while (waiting[0] !== undefined && offsetMilliseconds(waiting[0].at) <= elapsed) {
      const [inject] = waiting.splice(0, 1);
      if (inject === undefined) continue;
      await playInject(world, scenario, inject, (command, { code, where }) =>
        refused.push(`${inject.at} ${command.type}: ${code} ${where ?? ''}`),
      );
      const { level } = Object.values(world.state.activate.incidents)[0] ?? {};
      if (level !== undefined && level !== played.levels.at(-1)) played.levels.push(level);
    }
    if (clock.instant >= from && elapsed % lookMilliseconds === 0)
      played.boards.push(world.views.compute('board') as BoardView);
  }
  played.incidents = incidentsOf(world);
  await world.close();
  return played;
}

const incidentsOf = (world: HospitalWorld) =>
  Object.values(world.state.activate.incidents).map(({ closedAt, log, plans }) => ({
    closedAt,
    log: log.length,
    stepsLeft: plans.flatMap(({ steps }) => steps.flatMap(({ id, outcome }) => (outcome === null ? [id] : []))),
  }));

let played: Played;
beforeAll(async () => {
  played = await play();
});

/** The Board at a local time of August 2024: `3 11:05`. */
function boardAt(when: string): BoardView {
  const [day, time] = when.split(' ');
  const at = Date.parse(`2024-08-0${day}T${time}:00+02:00`);
  const board = played.boards.find(({ now }) => Date.parse(now) === at);
  if (board === undefined) throw new Error(`no Board at ${when}`);
  return board;
}

function bandAt(when: string, careFunction: string) {
  const band = boardAt(when).bands.find((one) => one.careFunction === careFunction);
  if (band === undefined) throw new Error(`no band ${careFunction}`);
  return band;
}

const statesAt = (when: string) =>
  Object.fromEntries(boardAt(when).bands.map(({ careFunction, state }) => [careFunction, state]));
const wardsAt = (when: string, careFunction: string) =>
  Object.fromEntries(bandAt(when, careFunction).wardsInState.map(({ state, wards }) => [state, wards]));

describe('the power cut of 3 August 2024, on the example group', () => {
  it('plays whole, with nothing refused: one incident, opened and closed', () => {
    expect(played.refused).toEqual([]);
    expect(played.incidents).toEqual([
      { closedAt: '2024-08-07T08:30:00.000Z', log: expect.any(Number), stepsLeft: [] },
    ]);
    expect(played.incidents[0]?.log).toBeGreaterThan(50);
    expect(played.levels).toEqual(['veille', 'mobilisationInterne', 'planBlanc', 'mobilisationInterne', 'levee']);
  });

  it('is served before, and announces the loss while the batteries last', () => {
    expect(new Set(Object.values(statesAt('3 10:40')))).toEqual(new Set(['served']));
    expect(new Set(Object.values(statesAt('3 10:50')))).toEqual(new Set(['served']));
    expect(boardAt('3 10:40').nextGap).toBeNull();
    expect(boardAt('3 10:50').nextGap).toMatchObject({
      already: false,
      certain: false,
      at: '2024-08-03T09:00:00.000Z',
    });
  });

  it('loses all but the SAMU at 11:00; wards have yet to say that they hold', () => {
    const { bands, nextGap } = boardAt('3 11:05');
    expect(bands.filter(({ supply }) => supply === 'lost').map(({ careFunction }) => careFunction)).toEqual([
      'urgences',
      'reanimation',
      'bloc-operatoire',
      'maternite-naissance',
      'prescription',
      'laboratoire',
      'identite',
      'imagerie',
      'pharmacie',
      'sterilisation',
      'restauration',
    ]);
    for (const { supply, lostAt } of bands) if (supply === 'lost') expect(lostAt).toBe('2024-08-03T09:00:00.000Z');
    expect(wardsAt('3 11:05', 'prescription')).toEqual({ toConfirm: 12 });
    expect(nextGap).toMatchObject({ already: true, certain: false });
  });

  it('never touches the SAMU', () => {
    const samu = played.boards.map(({ bands }) => bands.find((band) => band.careFunction === 'regulation-samu')?.state);
    expect([...new Set(samu)]).toEqual(['served']);
  });

  it('is held ward by ward, some late, and confirmed again each shift', () => {
    expect(wardsAt('3 11:30', 'prescription')).toEqual({ held: 7, toConfirm: 5 });
    expect(wardsAt('3 12:35', 'prescription')).toEqual({ held: 11, toConfirm: 1 });
    expect(wardsAt('3 13:40', 'prescription')).toEqual({ held: 12 });
    expect(wardsAt('3 20:00', 'prescription')).toEqual({ held: 11, toConfirm: 1 });
    expect(wardsAt('4 00:00', 'prescription')).toEqual({ held: 12 });
  });

  it('shows what is diverted by decision apart from what is held', () => {
    expect(wardsAt('3 12:30', 'urgences')).toEqual({ held: 1, diverted: 1 });
    expect(bandAt('3 12:30', 'urgences')).toMatchObject({ patients: 12, reviewAt: '2024-08-03T16:00:00.000Z' });
    expect(wardsAt('3 18:10', 'urgences')).toEqual({ held: 2 });
  });

  it('says the next gap before it comes: the printed operating list', () => {
    expect(boardAt('3 14:00').nextGap).toMatchObject({
      careFunction: 'bloc-operatoire',
      at: '2024-08-03T13:16:00.000Z',
      already: false,
      certain: true,
      wards: 1,
    });
    expect(statesAt('3 15:30')).toMatchObject({ 'bloc-operatoire': 'gap' });
    expect(statesAt('3 16:00')).toMatchObject({ 'bloc-operatoire': 'diverted' });
  });

  it('falls where paper and people run out', () => {
    expect(wardsAt('4 08:15', 'laboratoire')).toMatchObject({ gap: 10 });
    expect(wardsAt('4 12:00', 'prescription')).toEqual({ gap: 9, held: 3 });
    expect(wardsAt('4 14:00', 'prescription')).toEqual({ held: 12 });
  });

  it('forecasts a return that slips', () => {
    const forecast = (when: string) => bandAt(when, 'prescription').forecast;
    expect(forecast('3 11:30')).toEqual({ kind: 'waiting', for: 'plan' });
    const said = ['3 13:00', '3 17:00', '4 09:00', '4 23:00'].map(forecast);
    expect(said.map((one) => (one?.kind === 'range' ? [one.basis, one.p50] : null))).toEqual([
      ['signed', '2024-08-03T16:00:00.000Z'],
      ['signed', '2024-08-04T05:00:00.000Z'],
      ['signed', '2024-08-05T03:00:00.000Z'],
      ['signed', '2024-08-05T04:30:00.000Z'],
    ]);
  });

  it('comes back in care order, incomplete on Tuesday evening, whole on Wednesday', () => {
    const lost = boardAt('3 11:05').bands.filter(({ supply }) => supply === 'lost');
    const returns = lost.map(({ careFunction }) => {
      const back = played.boards.find(
        ({ now, bands }) =>
          Date.parse(now) > Date.parse('2024-08-03T09:05:00Z') &&
          bands.some((band) => band.careFunction === careFunction && band.supply !== 'lost'),
      );
      return { careFunction, at: back?.now ?? 'never' };
    });
    expect(returns.toSorted((one, other) => one.at.localeCompare(other.at))).toEqual([
      { careFunction: 'sterilisation', at: '2024-08-03T16:25:00.000Z' },
      { careFunction: 'maternite-naissance', at: '2024-08-04T00:10:00.000Z' },
      { careFunction: 'identite', at: '2024-08-05T03:50:00.000Z' },
      { careFunction: 'prescription', at: '2024-08-05T05:10:00.000Z' },
      { careFunction: 'urgences', at: '2024-08-05T05:35:00.000Z' },
      { careFunction: 'reanimation', at: '2024-08-05T05:55:00.000Z' },
      { careFunction: 'laboratoire', at: '2024-08-05T06:45:00.000Z' },
      { careFunction: 'bloc-operatoire', at: '2024-08-05T07:40:00.000Z' },
      { careFunction: 'imagerie', at: '2024-08-05T08:55:00.000Z' },
      { careFunction: 'pharmacie', at: '2024-08-05T13:10:00.000Z' },
      { careFunction: 'restauration', at: '2024-08-07T07:10:00.000Z' },
    ]);
    expect(statesAt('6 19:00')).toMatchObject({ imagerie: 'partly' });
    expect(new Set(Object.values(statesAt('7 09:30')))).toEqual(new Set(['served']));
    expect(boardAt('7 09:30').nextGap).toBeNull();
  });

  it('measures the care gap by tier, the same each time it is played', async () => {
    const last = played.boards.at(-1)?.careGap;
    for (const tier of ['1', '2', '3'] as const) expect(last?.byTier[tier].high).toBeGreaterThan(0);
    for (const tier of ['1', '2'] as const) {
      expect(last?.byTier[tier].low).toBeGreaterThan(0);
      expect(last?.byTier[tier].high).toBeGreaterThan(last?.byTier[tier].low ?? 0);
    }
    const again = await play(Date.parse('2024-08-07T10:00:00+02:00'));
    expect(again.boards.at(-1)?.careGap).toEqual(last);
  });

  it('is told exactly as written by a clock too fast for any machine', async () => {
    let clock = new StoryClock(0, 0);
    const { world, scenario, refused } = await open((start) => {
      clock = new StoryClock(start, 0);
      return clock;
    });
    const finished = Promise.withResolvers<void>();
    const player = new StoryPlayer({
      world,
      scenario,
      clock,
      onFinished: finished.resolve,
      onRefused: ({ at }, { type }, { code }) => refused.push(`${at} ${type}: ${code}`),
      onTrouble: (_inject, error) => finished.reject(error),
    });
    clock.speed = 10_000_000;
    player.start();
    await finished.promise;
    await player.stop();
    expect(refused).toEqual([]);
    expect(incidentsOf(world)).toEqual([
      { closedAt: '2024-08-07T08:30:00.000Z', log: expect.any(Number), stepsLeft: [] },
    ]);
    await world.close();
  });
});
