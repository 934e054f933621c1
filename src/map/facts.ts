import type { CareFacts, Transition } from './care.ts';

/** Newest transitions copied at each event; beyond, they are gathered. */
const latestMax = 256;
/** Transitions kept beyond one for each component: the history bands are drawn from. */
const transitionsKept = 4096;
/** Holds, decisions, reports and releases kept beyond what still stands, each. */
const factsKept = 4096;

export const noFacts: CareFacts = { transitions: [], holds: [], wardReports: [], decisions: [], releases: [] };

/** Every transition kept, in the order learned. */
export function* transitionsOf(facts: CareFacts): Generator<Transition> {
  yield* facts.transitions;
  if (facts.latest !== undefined) yield* facts.latest;
}

export function withTransition(facts: CareFacts, transition: Transition): CareFacts {
  const latest = [...(facts.latest ?? []), transition];
  if (latest.length < latestMax) return { ...facts, latest };
  return {
    ...facts,
    transitions: bounded([...facts.transitions, ...latest], transitionsKept, (one) => one.component),
    latest: [],
  };
}

export function withHold(facts: CareFacts, hold: CareFacts['holds'][number]): CareFacts {
  const before = facts.holds.findLast((one) => sameWard(one, hold));
  const stands =
    before !== undefined && before.endedAt === undefined && Date.parse(before.until) > Date.parse(hold.from);
  const spellFrom = stands ? (before.spellFrom ?? before.from) : hold.from;
  const holds = stands
    ? facts.holds.map((one) =>
        one === before ? { ...one, endedAt: hold.from, endedBy: 'confirmedAgain' as const } : one,
      )
    : facts.holds;
  return { ...facts, holds: bounded([...holds, { ...hold, spellFrom }], factsKept, wardKey) };
}

export function withHoldEnded(
  facts: CareFacts,
  ended: { careFunction: string; ward: string; at: string; by: 'expired' | 'givenUp' | 'servedAgain' },
): CareFacts {
  const before = facts.holds.findLast((one) => sameWard(one, ended));
  if (before === undefined || before.endedAt !== undefined) return facts;
  // An expiry is recorded when someone looks; the hold ended when it said it would.
  const endedAt = new Date(Math.min(Date.parse(ended.at), Date.parse(before.until))).toISOString();
  const holds = facts.holds.map((one) => (one === before ? { ...one, endedAt, endedBy: ended.by } : one));
  return { ...facts, holds };
}

export function withWardReport(facts: CareFacts, report: CareFacts['wardReports'][number]): CareFacts {
  return { ...facts, wardReports: bounded([...facts.wardReports, report], factsKept, wardKey) };
}

export function withDecision(facts: CareFacts, decision: CareFacts['decisions'][number]): CareFacts {
  const key = (one: CareFacts['decisions'][number]) => `${one.careFunction} ${[...one.wards].sort().join(' ')}`;
  return { ...facts, decisions: bounded([...facts.decisions, decision], factsKept, key) };
}

export function withRelease(facts: CareFacts, release: CareFacts['releases'][number]): CareFacts {
  return { ...facts, releases: bounded([...facts.releases, release], factsKept, (one) => one.careFunction) };
}

const wardKey = (one: { careFunction: string; ward: string }) => `${one.careFunction} ${one.ward}`;
const sameWard = (one: { careFunction: string; ward: string }, other: { careFunction: string; ward: string }) =>
  one.careFunction === other.careFunction && one.ward === other.ward;

/**
 * Keeps the newest `kept` facts and, of the older, the last about each thing, so that what holds now never changes.
 * Half of what may be dropped stays, so that dropping is rare.
 */
function bounded<Fact>(facts: readonly Fact[], kept: number, about: (fact: Fact) => string): readonly Fact[] {
  if (facts.length <= kept) return facts;
  const newest = facts.length - kept / 2;
  const lastAbout = new Map<string, number>();
  for (let i = 0; i < newest; i += 1) {
    const fact = facts[i];
    if (fact !== undefined) lastAbout.set(about(fact), i);
  }
  return facts.filter((fact, i) => i >= newest || lastAbout.get(about(fact)) === i);
}
