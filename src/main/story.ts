import type { Evidence } from '../detect/events.ts';
import { stateOf } from '../detect/state.ts';
import type { Refusal } from '../journal/result.ts';
import { compile } from '../map/compile.ts';
import type { ComponentState, HospitalMap } from '../map/model.ts';
import { type Inject, offsetMilliseconds, type Scenario } from '../prepare/scenario.ts';
import { dueCommands, type HospitalCommand, type HospitalState } from './hospital.ts';
import type { HospitalWorld } from './world.ts';

/** What makes a story start on a hospital that works: everything on the map seen up. `since`: ISO. */
export function healthyCommands(map: HospitalMap, since: string): HospitalCommand[] {
  const evidence = { kind: 'check', by: 'exercise', code: 'ok', detail: '' } as const;
  return [...compile(map).components.keys()].map((component) => ({
    type: 'ChangeComponentState',
    component,
    to: 'up',
    since,
    evidence,
  }));
}

/** Checks see what answers and what does not; what is isolated or restored, people say, and what comes back from there. */
function evidenceOf(from: ComponentState, to: ComponentState): Evidence {
  const said = [from, to].some((state) => state === 'isolated' || state === 'restoring');
  const code = to === 'up' ? 'ok' : '';
  return { kind: said ? 'person' : 'check', by: 'exercise', code, detail: '' };
}

/** An inject as the commands real sensors and people would send at that moment, given what is known by then. */
export function commandsOf(state: HospitalState, scenario: Scenario, inject: Inject): HospitalCommand[] {
  const start = Date.parse(scenario.start);
  const instant = (offset: string) => new Date(start + offsetMilliseconds(offset)).toISOString();
  const since = instant(inject.at);
  const { document } = state.map;
  if (document === null) return [];
  const map = compile(document);
  const wardsOf = (careFunction: string, wards: 'all' | string[]): string[] =>
    wards === 'all' ? [...(map.careFunctions.get(map.resolve(careFunction) ?? '')?.wards ?? [])] : wards;
  const incidents = Object.values(state.activate.incidents).filter((incident) => incident.closedAt === null);
  return [
    ...Object.entries(inject.states ?? {}).map(
      ([component, to]): HospitalCommand => ({
        type: 'ChangeComponentState',
        component: map.resolve(component) ?? component,
        to,
        since,
        evidence: evidenceOf(stateOf(state.detect, map.resolve(component) ?? component), to),
      }),
    ),
    ...(inject.estimate ?? []).map(
      ({ careFunction, p50, p90 }): HospitalCommand => ({
        type: 'EstimateReturn',
        careFunction,
        p50: instant(p50),
        p90: instant(p90),
      }),
    ),
    ...incidents.flatMap(({ incident }): HospitalCommand[] => [
      ...(inject.level === undefined ? [] : [{ type: 'ChangeLevel', incident, level: inject.level } as const]),
      ...(inject.log ?? []).map(({ kind, ...text }) => ({ type: 'WriteLog', incident, kind, text }) as const),
    ]),
    ...incidents.flatMap(({ incident, plans }) =>
      (inject.steps ?? [])
        .filter(({ plan }) => plans.some((running) => running.plan === plan))
        .map(({ plan, step, outcome }): HospitalCommand => ({ type: 'FinishStep', incident, plan, step, outcome })),
    ),
    ...(inject.hold ?? []).flatMap(({ careFunction, wards, reason }) =>
      wardsOf(careFunction, wards).map(
        (ward): HospitalCommand =>
          reason === undefined
            ? { type: 'ConfirmHold', careFunction, ward }
            : { type: 'ExtendHold', careFunction, ward, reason },
      ),
    ),
    ...(inject.decision ?? []).map(
      ({ careFunction, wards, decision, reviewAt, patients }): HospitalCommand => ({
        type: 'DecideActivity',
        careFunction,
        wards: wardsOf(careFunction, wards),
        decision,
        ...(reviewAt === undefined ? {} : { reviewAt: instant(reviewAt) }),
        ...(patients === undefined ? {} : { patients }),
      }),
    ),
    ...(inject.close === true
      ? incidents.map(({ incident }): HospitalCommand => ({ type: 'CloseIncident', incident }))
      : []),
  ];
}

/** What is due is obeyed, and what that makes due in turn: bounded, for a refused command stays due. */
const SETTLE_ROUNDS = 20;

/** Lets the rooms do everything this instant asks for: alarms, incidents, plans, holds that end. */
export async function settle(world: HospitalWorld): Promise<void> {
  const { queue } = world.journal;
  for (let round = 0; round < SETTLE_ROUNDS; round += 1) {
    const due = dueCommands(world.state, world.options.clock.now());
    const answers = await Promise.all(due.map((command) => queue.submit(command, { actor: 'ticker' })));
    if (answers.every(({ ok }) => !ok)) return;
  }
}

/** Plays one moment of the story: what was due before it, what sensors and people do, and what that makes due. */
export async function playInject(
  world: HospitalWorld,
  scenario: Scenario,
  inject: Inject,
  onRefused: (command: HospitalCommand, refusal: Refusal) => void,
): Promise<void> {
  await settle(world);
  for (const command of commandsOf(world.state, scenario, inject)) {
    const answer = await world.journal.queue.submit(command, { actor: 'exercise' });
    if (!answer.ok) onRefused(command, answer.refusal);
  }
  await settle(world);
}
