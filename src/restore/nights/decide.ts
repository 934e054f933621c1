import { canonical } from '../../journal/canonical.ts';
import type { NewEvent } from '../../journal/event.ts';
import { accept, type Result, refuse } from '../../journal/result.ts';
import type { Context } from '../../journal/room.ts';
import type { Reach } from '../cleanPoint/explained.ts';
import type { ProofsState } from '../proof/state.ts';
import {
  backupPartFetched,
  type Covered,
  compromiseDated,
  type JudgedNight,
  judgingAsked,
  judgingFailed,
  nightsJudged,
  signExplained,
} from './events.ts';
import type { ComponentNights, NightsState } from './state.ts';

type Judged = ReturnType<(typeof nightsJudged)['of']>['data'];

/** What a look through all nights of a component's source came to: every night, whatever was known before. */
export type JudgedAll = Omit<Judged, 'gone'>;

export type NightsCommand =
  | { type: 'AskJudging'; components: string[]; because: 'night' | 'person' }
  | ({ type: 'RecordNights' } & JudgedAll)
  | { type: 'FailJudging'; component: string; code: string; detail: string }
  /** `mayWeaken`: two persons agreed that it may be later than was said, or never. */
  | { type: 'DateCompromise'; component: string | null; since: string | null; mayWeaken: boolean }
  /** `seen` and `findings` are for who agrees to it: a mark of what was looked at, and how many there were. */
  | {
      type: 'ExplainFindings';
      component: string;
      rule: string;
      snapshot: string;
      reach: Reach;
      /** None where the whole rule is explained. */
      marks: string[];
      seen: string;
      findings: number;
      reason: string;
    }
  | { type: 'WithdrawExplanation'; component: string; rule: string; reason: string }
  | { type: 'RecordFetched'; component: string; snapshot: string; part: string; files: number; bytes: number };

export function decideNights(
  state: NightsState,
  { means }: Pick<ProofsState, 'means'>,
  command: NightsCommand,
  context: Pick<Context<unknown>, 'now'>,
): Result<NewEvent[]> {
  switch (command.type) {
    case 'AskJudging': {
      const { because } = command;
      const unknown = command.components.find((component) => means[component] === undefined);
      if (unknown !== undefined) return notRestorable(unknown);
      const components = command.components.filter((component) => !isAsked(state, component));
      return accept(components.length === 0 && because === 'person' ? [] : [judgingAsked.of({ components, because })]);
    }
    case 'RecordNights': {
      const { type: _type, ...all } = command;
      return accept(nightsRecorded(state, all));
    }
    case 'FailJudging': {
      const { component, code, detail } = command;
      return accept([judgingFailed.of({ component, code, detail: detail.slice(0, 300) })]);
    }
    case 'DateCompromise':
      return dateCompromise(state, { means }, command, context);
    case 'ExplainFindings':
      return explainFindings(state, { means }, command);
    case 'WithdrawExplanation': {
      const { component, rule, reason } = command;
      if (state.components[component]?.explained[rule] === undefined) return accept([]);
      return accept(explained({ component, rule, covers: null }, reason, { means }));
    }
    case 'RecordFetched': {
      const { component, snapshot, files, bytes, part } = command;
      const fetched = { component, snapshot, files, bytes };
      return accept([backupPartFetched.of(fetched, { private: { subject: `fetched:${component}`, data: { part } } })]);
    }
  }
}

/** What is new or otherwise than before is kept; nights that are no longer there are named. */
export function nightsRecorded(state: NightsState, all: JudgedAll): NewEvent[] {
  const before = state.components[all.component]?.nights ?? [];
  const there = new Set(all.nights.map(({ snapshot }) => snapshot));
  const gone = before.flatMap(({ snapshot }) => (there.has(snapshot) ? [] : [snapshot]));
  const known = new Map(before.map((night) => [night.snapshot, canonical(night)]));
  const nights = all.nights.filter((night) => known.get(night.snapshot) !== canonical(night));
  return [nightsJudged.of({ ...all, nights, gone })];
}

/**
 * Signs that the newest night shows, that nobody explained, and that the newest one known before did not show: an alarm's matter.
 * Null where there are none.
 */
export function newlyDirty(
  state: NightsState,
  { component, nights }: JudgedAll,
): { rules: string[]; since: string } | null {
  const byTime = (some: readonly JudgedNight[]) =>
    some.toSorted((one, other) => Date.parse(one.time) - Date.parse(other.time)).at(-1);
  const newest = byTime(nights);
  const before = byTime(state.components[component]?.nights ?? [])?.signs ?? [];
  // Of a rule that was explained a finding that is not is new.
  const known = new Set(before.flatMap(({ rule, explained }) => (explained ? [] : [rule])));
  if (newest?.verdict !== 'dirty') return null;
  const rules = newest.signs.flatMap(({ rule, explained }) => (explained || known.has(rule) ? [] : [rule]));
  return rules.length === 0 ? null : { rules, since: newest.time };
}

/** No night shows anything but what people explained: an alarm that was about it has no object any more. */
export const isAllExplained = ({ nights }: JudgedAll): boolean =>
  nights.some(({ signs }) => signs.length > 0) &&
  nights.every(({ signs }) => signs.every(({ explained: isExplained }) => isExplained));

export const isAsked = (state: NightsState, component: string): boolean =>
  (state.components[component]?.askedAt ?? null) !== null;

/** Explanations of one sign of one component: beyond it nobody knows any more what was explained. */
const EXPLANATIONS_MAX = 50;

function explainFindings(
  state: NightsState,
  { means }: Pick<ProofsState, 'means'>,
  { component, rule, snapshot, reach, marks, reason }: Extract<NightsCommand, { type: 'ExplainFindings' }>,
): Result<NewEvent[]> {
  const covers: Covered = reach === 'rule' ? { reach } : { reach, snapshot, marks };
  const nights: ComponentNights | undefined = state.components[component];
  const night = nights?.nights.find((one) => one.snapshot === snapshot);
  if (night?.signs.some((sign) => sign.rule === rule) !== true)
    return refuse('sign-unknown', 'This night of the component does not show this sign.', {
      where: `${component} · ${rule}`,
      kept: 'Nothing was explained.',
    });
  const said = nights?.explained[rule] ?? [];
  if (isCovered(said, covers)) return accept([]);
  if (said.length >= EXPLANATIONS_MAX)
    return refuse('too-many-explanations', 'This sign was explained too often here.', {
      where: `${component} · ${rule}`,
      expected: `${EXPLANATIONS_MAX} explanations at most`,
      kept: 'Those that stand still do.',
      cure: 'Take them back, and explain what is found then.',
    });
  return accept(explained({ component, rule, covers }, reason, { means }));
}

function isCovered(said: readonly Covered[], covers: Covered): boolean {
  if (said.some(({ reach }) => reach === 'rule')) return true;
  if (covers.reach === 'rule') return false;
  const known = new Set(said.flatMap((one) => (one.reach === covers.reach ? one.marks : [])));
  return covers.marks.every((mark) => known.has(mark));
}

const explained = (
  data: ReturnType<(typeof signExplained)['of']>['data'],
  reason: string,
  { means }: Pick<ProofsState, 'means'>,
): NewEvent[] => [
  signExplained.of(data, { private: { subject: `explained:${data.component}`, data: { reason } } }),
  ...askedAnew({ means }, [data.component], 'explained'),
];

/** What a person said changes which night is the last without a sign: it is looked for again, which costs little. */
const askedAnew = (
  { means }: Pick<ProofsState, 'means'>,
  components: readonly string[],
  because: 'compromise' | 'explained',
): NewEvent[] => {
  const restorable = components.filter((component) => means[component] !== undefined);
  return restorable.length === 0 ? [] : [judgingAsked.of({ components: restorable, because })];
};

function dateCompromise(
  state: NightsState,
  { means }: Pick<ProofsState, 'means'>,
  { component, since, mayWeaken }: Extract<NightsCommand, { type: 'DateCompromise' }>,
  { now }: Pick<Context<unknown>, 'now'>,
): Result<NewEvent[]> {
  if (component !== null && means[component] === undefined) return notRestorable(component);
  if (since !== null && !(Date.parse(since) <= now))
    return refuse('date-unreadable', 'Since when the attacker was in is a moment of the past.', {
      where: since,
      expected: 'a date and time, not later than now',
      kept: 'What was said before still stands.',
    });
  const { whole, components } = state.compromised;
  const before = (component === null ? whole : components[component]) ?? null;
  if ((before?.since ?? null) === since) return accept([]);
  const isWeaker = before !== null && (since === null || Date.parse(since) > Date.parse(before.since));
  if (isWeaker && !mayWeaken)
    return refuse('needs-second-person', 'To trust nights that were suspect takes two people.', {
      where: since ?? before.since,
      expected: `a moment before ${before.since}`,
      kept: 'What was said before still stands.',
      cure: 'Ask for it to be taken back: someone else who may agrees to it.',
    });
  const concerned = component === null ? Object.keys(means) : [component];
  return accept([compromiseDated.of({ component, since }), ...askedAnew({ means }, concerned, 'compromise')]);
}

export const notRestorable = (component: string) =>
  refuse('component-not-restorable', 'This component has no backup source that can be read here.', {
    where: component,
    expected: 'a component with a source on the map, which the configuration knows',
    kept: 'Nothing was changed.',
    cure: 'Say on the map from which source it is restored, and configure that source.',
  });
