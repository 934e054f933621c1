import type { ComponentState, Words } from '../map/model.ts';
import { entries, find } from './shelves.ts';
import type { DetectState, OpenAlarm } from './state.ts';

/** Components shown with an alarm or in the list of what is not up: the rest is counted. */
export const SHOWN_MAX = 500;

export interface ComponentWatch {
  component: string;
  state: ComponentState;
  /** ISO. */
  since: string;
  code: string;
  detail: string;
  by: string;
}

export interface AlarmView extends Omit<OpenAlarm, 'components'> {
  /** Still not up first. */
  components: ComponentWatch[];
  componentsInAll: number;
  signs: { component: string; sign: string; check: string; detail: string; since: string }[];
}

export interface AlarmsView {
  /** Oldest first. */
  alarms: AlarmView[];
  /** Everything last known not to be up, longest first, at most `SHOWN_MAX`. */
  notUp: ComponentWatch[];
  notUpInAll: number;
  wardReports: { careFunction: string; ward: string; works: boolean; at: string }[];
  /** What the last try to restore it, or to look through its nights, came to where that failed; most vital care first, then longest. */
  restorability: RestorabilityView[];
}

/** No outage, and no alarm: were the component lost now, nothing says that it would come back. */
export interface RestorabilityView {
  component: string;
  what: 'proof' | 'nights';
  code: string;
  since: string;
  /** What rests on it, most vital first. */
  careFunctions: { id: string; name: Words }[];
}

/** `carried`: care functions by the component they rest on, the most vital first, of the components and of each one's. */
export function alarmsView(
  state: DetectState,
  carried: ReadonlyMap<string, readonly { id: string; name: Words }[]> = new Map(),
): AlarmsView {
  const ranks = new Map([...carried.keys()].map((component, rank) => [component, rank]));
  const rankOf = (component: string) => ranks.get(component) ?? ranks.size;
  const notUp = [...entries(state.lost)]
    .map(([component]) => watchOf(state, component))
    .toSorted((one, other) => order(one.since, other.since));
  return {
    alarms: Object.values(state.alarms)
      .toSorted((one, other) => order(one.raisedAt, other.raisedAt))
      .map((alarm) => alarmView(state, alarm)),
    notUp: notUp.slice(0, SHOWN_MAX),
    notUpInAll: notUp.length,
    wardReports: Object.entries(state.wardReports).flatMap(([careFunction, wards]) =>
      Object.entries(wards).map(([ward, { works, at }]) => ({ careFunction, ward, works, at })),
    ),
    restorability: Object.entries(state.restorability)
      .flatMap(([component, tries]) =>
        (['proof', 'nights'] as const).flatMap((what) => {
          const failed = tries[what];
          const careFunctions = (carried.get(component) ?? []).map(({ id, name }) => ({ id, name }));
          return failed === null ? [] : { component, what, ...failed, careFunctions };
        }),
      )
      .toSorted((one, other) => rankOf(one.component) - rankOf(other.component) || order(one.since, other.since)),
  };
}

function alarmView(state: DetectState, alarm: OpenAlarm): AlarmView {
  const components = alarm.components.map((component) => watchOf(state, component));
  const signs = alarm.components.flatMap((component) =>
    (state.signs[component] ?? []).map(({ sign, check, detail, since }) => ({ component, sign, check, detail, since })),
  );
  const lostFirst = components.toSorted(
    (one, other) => Number(one.state === 'up') - Number(other.state === 'up') || order(one.since, other.since),
  );
  return { ...alarm, components: lostFirst.slice(0, SHOWN_MAX), componentsInAll: components.length, signs };
}

function watchOf(state: DetectState, component: string): ComponentWatch {
  const lost = find(state.lost, component);
  if (lost !== undefined) {
    const { state: said, since, evidence } = lost;
    return { component, state: said, since, code: evidence.code, detail: evidence.detail, by: evidence.by };
  }
  const up = find(state.up, component);
  return {
    component,
    state: up === undefined ? 'unknown' : 'up',
    since: up?.since ?? '',
    code: up === undefined ? 'not-yet-observed' : 'ok',
    detail: '',
    by: '',
  };
}

const order = (one: string, other: string): number => (one < other ? -1 : one > other ? 1 : 0);
