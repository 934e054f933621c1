import type { Evidence } from './events.ts';
import { evidenceOf, type Level, levelOf, levels, type Observation, severity, type Worst } from './observation.ts';

/** How many observations in a row are believed: for the worse, for the better. */
export interface Flap {
  downAfter: number;
  upAfter: number;
}

/** What damping must know of a check. */
export interface DampingRule {
  id: string;
  component: string;
  everyMilliseconds: number;
  flap: Flap;
  worst: Worst;
  evidence: Evidence['kind'];
}

interface Seen {
  level: Level;
  at: number;
  evidence: Evidence;
}

/** One check's memory: plain data, bounded by `HISTORY`. */
export interface DampedCheck {
  /** What is believed, since when and why; `evidence` is null for what was only taken over from the journal. */
  settled: Level;
  since: number;
  evidence: Evidence | null;
  /** Oldest first, at most `HISTORY`. */
  seen: Seen[];
  /** When it was last asked; the start of the watch before its first answer. */
  lastAt: number;
}

/** Observations remembered per check: enough for the longest streak, and to tell flapping from one change. */
export const HISTORY = 20;
/** No observation for that many intervals: nothing is known any more. */
export const SILENT_INTERVALS = 3;
/** Changes of level within `HISTORY` observations from which a check is called flapping. */
export const FLAPPING_CHANGES = 6;

/** A check that was never asked: what the journal last knew is believed until it is asked, or silent for too long. */
export function startDamped(known: Level, now: number): DampedCheck {
  return { settled: known, since: now, evidence: null, seen: [], lastAt: now };
}

/** What is believed after one more observation. Pure. */
export function damp(before: DampedCheck, rule: DampingRule, observation: Observation): DampedCheck {
  const level = levelOf(observation.verdict, rule.worst);
  const seen: Seen = { level, at: observation.at, evidence: evidenceOf(observation, rule.evidence) };
  const lost = isSilent(before, rule, observation.at);
  const history = lost ? [seen] : [...before.seen.slice(1 - HISTORY), seen];
  const kept: DampedCheck = {
    ...before,
    ...(lost ? { settled: 'unknown', since: observation.at, evidence: null } : {}),
    seen: history,
    lastAt: Math.max(before.lastAt, observation.at),
  };
  // Nothing contradicts a first good answer where nothing was known: there is no flapping to damp yet.
  const upAfter = kept.settled === 'unknown' && kept.evidence === null ? 1 : rule.flap.upAfter;
  return (
    turn(
      kept,
      history.slice(-rule.flap.downAfter),
      rule.flap.downAfter,
      (one) => severity(one) > severity(kept.settled),
      mildest,
    ) ??
    turn(kept, history.slice(-upAfter), upAfter, (one) => severity(one) < severity(kept.settled), gravest) ??
    kept
  );
}

function turn(
  before: DampedCheck,
  streak: Seen[],
  length: number,
  differs: (level: Level) => boolean,
  choose: (streak: Seen[]) => Level,
): DampedCheck | undefined {
  const [first] = streak;
  if (first === undefined || streak.length < length || !streak.every((one) => differs(one.level))) return undefined;
  const settled = choose(streak);
  const evidence = streak.find((one) => one.level === settled)?.evidence ?? first.evidence;
  return { ...before, settled, since: first.at, evidence };
}

const mildest = (streak: Seen[]): Level =>
  levels.find((level) => streak.some((one) => one.level === level)) ?? 'unknown';
const gravest = (streak: Seen[]): Level =>
  levels.findLast((level) => streak.some((one) => one.level === level)) ?? 'unknown';

export function isSilent(check: DampedCheck, rule: DampingRule, now: number): boolean {
  return now - check.lastAt > SILENT_INTERVALS * rule.everyMilliseconds;
}

/** How often the answers changed level lately. */
export function levelChanges(check: DampedCheck): number {
  return check.seen.filter((one, index) => index > 0 && one.level !== check.seen[index - 1]?.level).length;
}

export const isFlapping = (check: DampedCheck): boolean => levelChanges(check) >= FLAPPING_CHANGES;

export interface ComponentLevel {
  level: Level;
  /** Milliseconds since 1970: the first observation that showed it. */
  since: number;
  evidence: Evidence;
}

/** The worst that one of the component's checks establishes; a silent check establishes that nothing is known. */
export function combine(
  checks: readonly { rule: DampingRule; damped: DampedCheck }[],
  now: number,
): ComponentLevel | undefined {
  const said = checks.map(({ rule, damped }): ComponentLevel => {
    const evidence = damped.evidence ?? { kind: 'silence', by: rule.id, code: 'not-yet-observed', detail: '' };
    if (!isSilent(damped, rule, now)) return { level: damped.settled, since: damped.since, evidence };
    return {
      level: 'unknown',
      since: damped.lastAt,
      evidence: { kind: 'silence', by: rule.id, code: 'no-observation', detail: '' },
    };
  });
  return said.reduce<ComponentLevel | undefined>((worst, one) => {
    if (worst === undefined) return one;
    const by = severity(one.level) - severity(worst.level);
    return by > 0 || (by === 0 && one.since < worst.since) ? one : worst;
  }, undefined);
}
