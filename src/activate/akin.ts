import { type CompiledMap, compile } from '../map/compile.ts';
import type { HospitalMap } from '../map/model.ts';
import type { ActivateState, Incident } from './state.ts';

/** Losses begun within this time on the same ground are taken for one event. P: to be set with those who run crises. */
export const TOGETHER_SECONDS = 600;

type Alarm = ActivateState['alarms'][string];

/**
 * The open incident an alarm belongs to, the oldest first; undefined: it is a crisis of its own, which a person may still join
 * to another. It belongs where it shares a root or a care function; where, on the map, one root hangs on the other; and
 * where both began together on one site, at one supplier, or on something both need.
 */
export function akinIncident(state: ActivateState, alarm: Alarm, document: HospitalMap | null): Incident | undefined {
  const open = Object.values(state.incidents).filter((incident) => incident.closedAt === null);
  const map = document === null ? null : compile(document);
  return (
    open.find((incident) => meet(incident.roots, alarm.roots) || meet(incident.careFunctions, alarm.careFunctions)) ??
    (map === null
      ? undefined
      : (open.find((incident) => isOneChain(map, incident.roots, alarm.roots)) ??
        open.find(
          (incident) => beganTogether(state, incident, alarm) && isOneGround(map, incident.roots, alarm.roots),
        )))
  );
}

const meet = (one: readonly string[], other: readonly string[]): boolean => one.some((item) => other.includes(item));

function isOneChain(map: CompiledMap, some: readonly string[], others: readonly string[]): boolean {
  const hangsOn = (ones: readonly string[], below: readonly string[]) =>
    ones.some((one) => below.some((root) => belowOf(map, one).has(map.short(root))));
  return hangsOn(some, others) || hangsOn(others, some);
}

function beganTogether(state: ActivateState, incident: Incident, alarm: Alarm): boolean {
  const since = Date.parse(alarm.since);
  const begun = [incident.lossSince, ...incident.alarms.flatMap((one) => state.alarms[one]?.since ?? [])];
  return begun.some((at) => Math.abs(Date.parse(at) - since) <= TOGETHER_SECONDS * 1000);
}

/** What a component stands on: its site, who supplies it, and all it needs. */
function groundOf(map: CompiledMap, root: string): string[] {
  const component = map.components.get(map.short(root));
  const ground = [...belowOf(map, root)];
  if (component?.site !== undefined) ground.push(`site ${component.site}`);
  if (component?.supplier !== undefined) ground.push(`supplier ${component.supplier}`);
  return ground;
}

const isOneGround = (map: CompiledMap, some: readonly string[], others: readonly string[]): boolean =>
  meet(
    some.flatMap((root) => groundOf(map, root)),
    others.flatMap((root) => groundOf(map, root)),
  );

/** All a component needs, directly or not, itself excluded. */
function belowOf(map: CompiledMap, root: string): Set<string> {
  const found = new Set(map.dependsOn(map.short(root)));
  for (const one of found) for (const below of map.dependsOn(one)) found.add(below);
  return found;
}
