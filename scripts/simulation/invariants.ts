import { isDeepStrictEqual } from 'node:util';
import { incidentsView } from '../../src/activate/views.ts';
import type { RecordedEvent } from '../../src/journal/event.ts';
import { forecasts } from '../../src/main/forecasts.ts';
import type { HospitalState } from '../../src/main/hospital.ts';
import { boardView } from '../../src/map/board.ts';
import { compile } from '../../src/map/compile.ts';
import { mapGraphView } from '../../src/map/views.ts';
import { backupsView } from '../../src/restore/nights/views.ts';
import { planRecovery } from '../../src/restore/plan.ts';
import type { RecoveringComponent, Recovery } from '../../src/restore/state.ts';
import { restorationView } from '../../src/restore/views.ts';

const order = ['choose', 'fetch', 'start', 'verify'] as const;
const silent = { progress: new Map(), blocked: new Map() };

/** Until when each ward said that it holds each care function, by `careFunction|ward`, from the events alone. */
export type Confirmed = Map<string, number>;

export function noteHold(confirmed: Confirmed, event: RecordedEvent): void {
  if (event.type !== 'HoldConfirmed' && event.type !== 'HoldEnded') return;
  const { careFunction, ward, until } = event.data as { careFunction: string; ward: string; until?: string };
  const key = `${careFunction}|${ward}`;
  if (until === undefined) confirmed.delete(key);
  else confirmed.set(key, Date.parse(until));
}

/** What must hold of every state, once what was due has been done. Each line it yields is a broken promise. */
export function* brokenPromises(state: HospitalState, confirmed: Confirmed, now: number): Generator<string> {
  for (const hold of Object.values(state.activate.holds)) {
    const name = `${hold.careFunction} on ${hold.ward}`;
    if (hold.standing && Date.parse(hold.until) <= now) yield `${name} is held past ${hold.until}`;
    if (Date.parse(hold.until) > Date.parse(hold.limit)) yield `${name} is held until after what its mode bears`;
  }
  for (const recovery of Object.values(state.restore.recoveries)) {
    for (const component of Object.values(recovery.components)) yield* stepPromises(recovery, component);
  }
  for (const alarm of Object.values(state.detect.alarms)) {
    if (alarm.roots.length === 0) yield `${alarm.alarm} has no root`;
    if (!(alarm.alarm in state.activate.alarms)) yield `${alarm.alarm} stands, and nobody was called`;
  }
  for (const alarm of Object.values(state.activate.alarms)) {
    if (alarm.incident === null) yield `${alarm.alarm} is in no incident`;
  }
  yield* proofPromises(state);
  yield* viewPromises(state, confirmed, now);
}

/** A proof gives way to care, is of no incident, and is on a list until it is cleared away. */
function* proofPromises({ restore }: HospitalState): Generator<string> {
  for (const { recovery, incident, proof, released } of Object.values(restore.recoveries)) {
    if ((incident === null) !== (proof !== null)) yield `${recovery} is both a proof and of an incident, or neither`;
    if (proof === null) continue;
    if (Object.keys(restore.incidents).length > 0) yield `${recovery} goes on while an incident is open`;
    if (Object.keys(released).length > 0) yield `${recovery} is a proof, and was released`;
    if (restore.proofs.proofs[recovery]?.ended !== null) yield `${recovery} runs, and nothing will clear it away`;
  }
  for (const [component, { last, proved }] of Object.entries(restore.proofs.components))
    if (last.outcome === 'proved' && proved !== last && proved?.recovery !== last.recovery)
      yield `${component} was proved, and something else is told as its proof`;
}

function* stepPromises(recovery: Recovery, component: RecoveringComponent): Generator<string> {
  const name = `${recovery.recovery} ${component.component}`;
  const states = order.map((step) => component.steps[step]?.state);
  for (const [index, one] of states.entries()) {
    if (one !== undefined && states.slice(0, index).some((before) => before !== 'done'))
      yield `${name}: ${order[index]} is ${one} before what comes first is done`;
  }
  if (component.steps.start !== undefined) {
    if (recovery.room === null) yield `${name} was started in no room`;
    for (const below of component.after)
      if (recovery.components[below] !== undefined && recovery.components[below].steps.verify?.state !== 'done')
        yield `${name} was started before ${below} was verified`;
  }
  if (
    component.steps.verify?.state === 'done' &&
    (component.checks.length === 0 || !component.checks.every(({ agrees }) => agrees))
  )
    yield `${name} is verified by nothing, or by facts that do not agree`;
}

/** Views are made, are plain data, and say of a ward that it holds only while a confirmation of it stands. */
function* viewPromises(state: HospitalState, confirmed: Confirmed, now: number): Generator<string> {
  const { document, care } = state.map;
  const map = document === null ? null : compile(document);
  const views: { [name: string]: unknown } = {
    incidents: incidentsView(state.activate),
    restoration: restorationView(state.restore, map, silent),
    map: mapGraphView(map, care),
    backups: backupsView(state.restore, map, now, silent.progress),
  };
  if (map !== null) {
    const board = boardView({ now, map, facts: care, forecasts: forecasts(state, now) });
    views.board = board;
    for (const { careFunction, wards } of board.bands) {
      for (const { ward, state: said } of wards) {
        const until = confirmed.get(`${careFunction}|${ward}`) ?? 0;
        if (said === 'held' && until <= now)
          yield `the board says that ${ward} holds ${careFunction}: nobody says so any more`;
      }
    }
  }
  for (const [name, view] of Object.entries(views)) {
    if (!isDeepStrictEqual(JSON.parse(JSON.stringify(view)), view)) yield `the view ${name} is not plain data`;
  }
}

/** What must hold of an event, given the state it was decided in. */
export function* brokenByEvent(before: HospitalState, event: RecordedEvent): Generator<string> {
  if (event.type !== 'CareFunctionReleased') return;
  const { recovery: id, careFunction } = event.data as { recovery: string; careFunction: string };
  const recovery = before.restore.recoveries[id];
  const { document } = before.map;
  if (recovery === undefined || document === null) {
    yield `${careFunction} was released from nothing`;
    return;
  }
  const order = planRecovery({ map: compile(document), careFunctions: [careFunction], lost: {}, measured: {} });
  for (const { component } of order.components) {
    const steps = recovery.components[component]?.steps;
    if (steps?.verify?.state !== 'done') yield `${careFunction} was released though ${component} is not verified`;
    if ((steps?.start?.sequence ?? 0) > (recovery.isolation?.sequence ?? 0))
      yield `${careFunction} was released though ${component} was started after the proof of isolation`;
  }
  if (recovery.isolation === null || recovery.isolation.escaped > 0)
    yield `${careFunction} was released from an open room`;
}
