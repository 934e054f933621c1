import type { EventIn, RecordedEvent } from '../../journal/event.ts';
import type { Explained } from '../cleanPoint/explained.ts';
import type { Covered, JudgedNight, nightsEvents } from './events.ts';

type NightsEvent = EventIn<typeof nightsEvents>;
type Judged = Extract<NightsEvent, { type: 'NightsJudged' }>['data'];

/** What is known of the nights of a component's backups. */
export interface ComponentNights extends Pick<Judged, 'lastClean' | 'beforeFirstSign' | 'lost'> {
  /** Oldest first, by the time they claim. */
  nights: JudgedNight[];
  /** When they were last looked through, and with what; null: never. */
  judged:
    | (Pick<Judged, 'source' | 'rulesOf' | 'ruleFiles' | 'confinement' | 'scanned' | 'known' | 'seconds'> & {
        at: string;
      })
    | null;
  /** Why the last try told nothing new; null where it did. */
  failure: { at: string; code: string; detail: string } | null;
  /** Asked for at this instant, and not answered yet. */
  askedAt: string | null;
  /** People explained a sign since its nights were last looked through: an alarm may have no object any more. */
  explainedSince: boolean;
  /** What people explained of each rule, oldest first. */
  explained: { [rule: string]: SaidOfSign[] };
}

/** An explanation, with who asked for it and when. */
export type SaidOfSign = Covered & { by: string; at: string };

/** Since when the attacker was in, as a person said. */
export interface Compromise {
  since: string;
  by: string;
  at: string;
}

export interface NightsState {
  components: { [component: string]: ComponentNights };
  /** Of the whole establishment, and of a component by itself. */
  compromised: { whole: Compromise | null; components: { [component: string]: Compromise } };
  /** When the nightly pass was last asked for. */
  passAskedAt: string | null;
}

export const initialNights: NightsState = {
  components: {},
  compromised: { whole: null, components: {} },
  passAskedAt: null,
};

export const nothingJudged: ComponentNights = {
  nights: [],
  lastClean: null,
  beforeFirstSign: null,
  lost: null,
  judged: null,
  failure: null,
  askedAt: null,
  explainedSince: false,
  explained: {},
};

export function evolveNights(state: NightsState, recorded: RecordedEvent): NightsState {
  const event = recorded as NightsEvent;
  const { time: at, actor: by } = event;
  switch (event.type) {
    case 'JudgingAsked': {
      const { components, because } = event.data;
      const asked = components.reduce(
        (next, one) =>
          changed(next, one, (before) => ({
            askedAt: at,
            explainedSince: before.explainedSince || because === 'explained',
          })),
        state,
      );
      return because === 'night' ? { ...asked, passAskedAt: at } : asked;
    }
    case 'NightsJudged': {
      const { component, nights, gone, lastClean, beforeFirstSign, lost, ...judged } = event.data;
      return changed(state, component, (before) => ({
        nights: withNights(before.nights, nights, gone),
        lastClean,
        beforeFirstSign,
        lost,
        judged: { ...judged, at },
        failure: null,
        askedAt: null,
        explainedSince: false,
      }));
    }
    case 'JudgingFailed': {
      const { component, code, detail } = event.data;
      return changed(state, component, () => ({
        failure: { at, code, detail },
        askedAt: null,
        explainedSince: false,
      }));
    }
    case 'CompromiseDated': {
      const { component, since } = event.data;
      const said = since === null ? null : { since, by, at };
      const { compromised } = state;
      if (component === null) return { ...state, compromised: { ...compromised, whole: said } };
      const { [component]: _before, ...others } = compromised.components;
      const components = said === null ? others : { ...others, [component]: said };
      return { ...state, compromised: { ...compromised, components } };
    }
    case 'SignExplained': {
      const { component, rule, covers } = event.data;
      return changed(state, component, (before) => {
        const { [rule]: said = [], ...others } = before.explained;
        return { explained: covers === null ? others : { ...others, [rule]: [...said, { ...covers, by, at }] } };
      });
    }
    default:
      return state;
  }
}

/** Since when a component's nights are suspect, as people said: the earlier of its own and the whole's. */
export function compromisedSince({ compromised }: NightsState, component: string): string | null {
  const said = [compromised.whole?.since, compromised.components[component]?.since].filter((one) => one !== undefined);
  return said.toSorted((one, other) => Date.parse(one) - Date.parse(other))[0] ?? null;
}

/** All that people explained of a component's signs. */
export const explainedOf = ({ components }: NightsState, component: string): Explained[] =>
  Object.entries(components[component]?.explained ?? {}).flatMap(([rule, said]) =>
    said.map(
      (one): Explained =>
        one.reach === 'rule'
          ? { component, rule, reach: one.reach }
          : { component, rule, reach: one.reach, marks: one.marks },
    ),
  );

/** Claims to be of the moment an attacker was in, or later. */
export const isSuspect = (time: string, since: string | null): boolean =>
  since !== null && Date.parse(time) >= Date.parse(since);

function changed(
  state: NightsState,
  component: string,
  how: (before: ComponentNights) => Partial<ComponentNights>,
): NightsState {
  const before = state.components[component] ?? nothingJudged;
  return { ...state, components: { ...state.components, [component]: { ...before, ...how(before) } } };
}

function withNights(
  before: readonly JudgedNight[],
  anew: readonly JudgedNight[],
  gone: readonly string[],
): JudgedNight[] {
  const out = new Set([...gone, ...anew.map(({ snapshot }) => snapshot)]);
  return [...before.filter(({ snapshot }) => !out.has(snapshot)), ...anew].toSorted(
    (one, other) => Date.parse(one.time) - Date.parse(other.time) || one.snapshot.localeCompare(other.snapshot),
  );
}
