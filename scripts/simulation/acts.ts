import type { HospitalCommand, HospitalState } from '../../src/main/hospital.ts';
import { componentStates, type HospitalMap } from '../../src/map/model.ts';
import { runningSteps, workOf } from '../../src/restore/work.ts';
import type { Random } from '../fuzz/random.ts';
import { nightActs } from './nightActs.ts';

/** What somebody or something does next, or undefined where there is nothing to do it to. */
export type Act = (world: {
  state: HospitalState;
  map: HospitalMap;
  random: Random;
  now: number;
}) => HospitalCommand | undefined;

const levels = ['veille', 'mobilisationInterne', 'planBlanc', 'levee'] as const;
const iso = (ms: number): string => new Date(ms).toISOString();

/** Checks, power, wards, people, restoration and its failures: each as often as its place in this list. */
const acts: readonly (readonly [weight: number, act: Act])[] = [
  [20, changeState],
  [
    2,
    ({ map, random, now }) => ({
      type: 'ReportRansomwareSign',
      component: component(map, random),
      check: 'check',
      sign: random.pick(['canaryAltered', 'backupAnomaly'] as const) ?? 'massChange',
      detail: '',
      since: iso(now),
    }),
  ],
  [6, ({ map, random }) => ({ type: 'ReportWard', ...careOnWard(map, random), works: random.below(2) === 0 })],
  [8, ({ map, random }) => ({ type: 'ConfirmHold', ...careOnWard(map, random) })],
  [2, ({ map, random }) => ({ type: 'ExtendHold', ...careOnWard(map, random), reason: 'staff found' })],
  [2, ({ map, random }) => ({ type: 'EndHold', ...careOnWard(map, random), reason: 'givenUp' })],
  [3, decideActivity],
  [
    2,
    ({ map, random, now }) => ({
      type: 'EstimateReturn',
      careFunction: careOnWard(map, random).careFunction,
      p50: iso(now + random.below(7_200_000)),
      p90: iso(now + random.below(7_200_000)),
    }),
  ],
  [
    3,
    (world) =>
      ofIncident(world, (incident) => ({
        type: 'ChangeLevel',
        incident,
        level: world.random.pick(levels) ?? 'veille',
      })),
  ],
  [2, (world) => ofIncident(world, (incident) => ({ type: 'TakeRole', incident, role: 'director' }))],
  [2, (world) => ofIncident(world, (incident) => ({ type: 'WriteLog', incident, kind: 'fact', text: 'a line' }))],
  [1, (world) => ofIncident(world, (incident) => ({ type: 'CloseIncident', incident }))],
  [12, finishPlanStep],
  [2, (world) => ofIncident(world, (incident) => ({ type: 'PlanRecovery', incident }))],
  [4, recordFacts],
  [40, work],
  [25, result],
  [3, lateResult],
  [
    3,
    (world) =>
      ofRecovery(world, (recovery) => ({ type: 'RetryStep', recovery, component: component(world.map, world.random) })),
  ],
  [
    10,
    (world) =>
      ofRecovery(world, (recovery) => ({
        type: 'Release',
        recovery,
        careFunction: careOnWard(world.map, world.random).careFunction,
      })),
  ],
  [
    2,
    (world) =>
      ofRecovery(world, (recovery) => ({ type: 'RecordRoomOpened', recovery, room: recovery, endedOrphans: 0 })),
  ],
  [
    1,
    (world) =>
      world.random.below(20) > 0
        ? undefined
        : ofRecovery(world, (recovery) => ({ type: 'CloseRecovery', recovery, outcome: 'abandoned' })),
  ],
  ...nightActs,
  [1, ({ random }) => ({ type: 'StartExercise', exercise: `exercise-${random.below(3)}`, scenario: 's', speed: 60 })],
  [1, ({ random }) => ({ type: 'EndExercise', exercise: `exercise-${random.below(3)}`, reason: 'finished' })],
];

const total = acts.reduce((sum, [weight]) => sum + weight, 0);

export const randomAct: Act = (world) => {
  let left = world.random.below(total);
  for (const [weight, act] of acts) {
    left -= weight;
    if (left < 0) return act(world);
  }
  return undefined;
};

const component = (map: HospitalMap, random: Random): string => random.pick(map.components)?.id ?? '';

function careOnWard(map: HospitalMap, random: Random): { careFunction: string; ward: string } {
  const careFunction = random.pick(map.careFunctions);
  return { careFunction: careFunction?.id ?? '', ward: random.pick(careFunction?.wards ?? []) ?? '' };
}

function changeState({ map, random, now }: Parameters<Act>[0]): HospitalCommand {
  const kind = random.pick(['check', 'check', 'check', 'person', 'power'] as const) ?? 'check';
  const to =
    random.below(2) === 0 ? 'up' : (random.pick(componentStates.filter((state) => state !== 'restoring')) ?? 'down');
  const code = kind === 'power' && to !== 'up' ? 'ups-on-battery' : 'tcp-refused';
  const evidence = { kind, by: 'somebody', code, detail: '' };
  return {
    type: 'ChangeComponentState',
    component: component(map, random),
    to,
    since: iso(now - random.below(60_000)),
    evidence,
  };
}

function decideActivity({ map, random, now }: Parameters<Act>[0]): HospitalCommand {
  const { careFunction, ward } = careOnWard(map, random);
  const decision = random.pick(['diverted', 'reduced', 'resumed'] as const) ?? 'resumed';
  return { type: 'DecideActivity', careFunction, wards: [ward], decision, reviewAt: iso(now + 3_600_000) };
}

function finishPlanStep(world: Parameters<Act>[0]): HospitalCommand | undefined {
  return ofIncident(world, (incident) => {
    const plan = world.random.pick(world.state.activate.incidents[incident]?.plans ?? []);
    const step = world.random.pick(plan?.steps ?? []);
    const outcome = world.random.pick(['done', 'done', 'done', 'skipped', 'failed'] as const) ?? 'done';
    if (plan === undefined || step === undefined) return undefined;
    return { type: 'FinishStep', incident, plan: plan.plan, step: step.id, outcome };
  });
}

function recordFacts({ map, random, now }: Parameters<Act>[0]): HospitalCommand | undefined {
  const restored = random.pick(map.components.filter(({ restore }) => restore !== undefined));
  const probe = random.pick(restored?.restore?.probes ?? []);
  if (restored === undefined || probe === undefined) return undefined;
  const facts = [{ name: 'patients', value: 100, rule: 'atLeast' as const }];
  return { type: 'RecordHealthyFacts', component: restored.id, probe, facts, at: iso(now - 86_400_000) };
}

/** Takes what the work list asks: opens the room, proves it, begins a step. */
function work({ state, random }: Parameters<Act>[0]): HospitalCommand | undefined {
  const item = random.pick(workOf(state.restore));
  switch (item?.kind) {
    case undefined:
      return undefined;
    case 'openRoom':
      return { type: 'RecordRoomOpened', recovery: item.recovery, room: item.recovery, endedOrphans: 0 };
    case 'clearAway':
      return { type: 'RecordCleared', recovery: item.recovery };
    case 'proveIsolation':
      return {
        type: 'RecordIsolation',
        recovery: item.recovery,
        attempts: 10,
        escaped: random.below(10) === 0 ? 1 : 0,
        paths: [],
      };
    case 'step':
      return { type: 'BeginStep', recovery: item.recovery, component: item.component, step: item.step };
  }
}

/** A running step ends: done, or failed in a way that may pass or not. */
function result({ state, random, now }: Parameters<Act>[0]): HospitalCommand | undefined {
  const running = random.pick(runningSteps(state.restore));
  return running === undefined ? undefined : resultOf(running, state, random, now);
}

/** The result of a try that was given back: nothing must come of it. */
function lateResult({ state, random, now }: Parameters<Act>[0]): HospitalCommand | undefined {
  const running = random.pick(runningSteps(state.restore));
  return running === undefined ? undefined : resultOf({ ...running, attempt: running.attempt - 1 }, state, random, now);
}

type Running = ReturnType<typeof runningSteps>[number];

function resultOf(
  { recovery, component: id, step, attempt }: Running,
  state: HospitalState,
  random: Random,
  now: number,
): HospitalCommand {
  const of = { recovery, component: id, attempt };
  if (random.below(4) === 0) {
    const [code, retryable] = random.pick([
      ['interrupted', true],
      ['helper-lost', true],
      ['backup-unreachable', true],
      ['no-snapshot-without-sign', false],
    ] as const) ?? ['interrupted', true];
    return { type: 'FailStep', ...of, step, code, detail: '', retryable };
  }
  const done = { ...of, seconds: random.below(600) };
  const horizon = iso(now - random.below(3) * 43_200_000);
  switch (step) {
    case 'choose':
      return {
        type: 'FinishChoose',
        ...done,
        snapshot: `s${random.below(9)}`,
        horizon,
        passedOver: [],
        rulesOf: '2026-01-01',
        notExamined: 0,
        judged: null,
      };
    case 'fetch':
      return { type: 'FinishFetch', ...done, files: 1, bytes: 1, problems: 0 };
    case 'start':
      return { type: 'FinishStart', ...done };
    default: {
      const probes = state.restore.recoveries[recovery]?.components[id]?.probes ?? [];
      const facts = [{ name: 'patients', value: random.below(6) === 0 ? 99 : 100, rule: 'atLeast' as const }];
      return { type: 'FinishVerify', ...done, found: probes.map((probe) => ({ probe, facts })) };
    }
  }
}

function ofIncident({ state, random }: Parameters<Act>[0], then: (incident: string) => HospitalCommand | undefined) {
  const incident = random.pick(Object.keys(state.activate.incidents));
  return incident === undefined ? undefined : then(incident);
}

function ofRecovery({ state, random }: Parameters<Act>[0], then: (recovery: string) => HospitalCommand | undefined) {
  const recovery = random.pick(Object.keys(state.restore.recoveries));
  return recovery === undefined ? undefined : then(recovery);
}
