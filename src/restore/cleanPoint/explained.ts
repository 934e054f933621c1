import type { Found } from './night.ts';

/**
 * How far an explanation reaches: those contents wherever they stand, those files whatever they become, or every finding of the rule,
 * as all explanations once did.
 */
export type Reach = 'content' | 'place' | 'rule';
export type BoundReach = Exclude<Reach, 'rule'>;

/** Findings bound by one explanation: more is not read through by two people. Beyond it the rule itself has to be explained. */
export const EXPLAINED_FINDINGS_MAX = 100;

/** What people explained of a component's signs. `marks` are fingerprints of what they were shown. */
export type Explained = { component: string; rule: string } & (
  | { reach: 'rule' }
  | { reach: BoundReach; marks: readonly string[] }
);

/** The same for the same text in one establishment; whoever lacks its key cannot tell, nor guess, of what it is. */
export type Fingerprint = (text: string) => string;

/** A component and one of its signs, with who can make marks of what is found. */
export interface Marking {
  component: string;
  rule: string;
  fingerprint: Fingerprint;
}

/**
 * By what a finding is known again. An attacker's next file is neither of those contents nor in one of those places. What has no content
 * (a missing file), or no place of its own (of the whole night), is known by all that was said of it.
 */
export function markOf(reach: BoundReach, { path, reason, content }: Found, { component, rule, fingerprint }: Marking) {
  const itself =
    reach === 'place' && path !== '/'
      ? ['place', path]
      : content === undefined
        ? ['finding', path, reason]
        : ['content', content];
  return fingerprint(JSON.stringify([component, rule, ...itself]));
}

/** Whether a finding is one of those that were explained. Without a key none is, but by its rule. */
export function explaining(
  explained: readonly Explained[],
  fingerprint: Fingerprint | undefined,
): (found: Found) => boolean {
  const byRule = new Map<string, ((found: Found) => boolean)[]>();
  for (const one of explained) {
    const { component, rule, reach } = one;
    const before = byRule.get(rule) ?? [];
    if (reach === 'rule') byRule.set(rule, [...before, () => true]);
    else if (fingerprint !== undefined) {
      const marks = new Set(one.marks);
      const marking = { component, rule, fingerprint };
      byRule.set(rule, [...before, (found) => marks.has(markOf(reach, found, marking))]);
    }
  }
  return (found) => byRule.get(found.rule)?.some((covers) => covers(found)) ?? false;
}

/** Where a night shows one sign that nobody explained yet. */
export interface Sighting {
  /** Of them, at most `EXPLAINED_FINDINGS_MAX`. */
  findings: { path: string; reason: string }[];
  findingsInAll: number;
  /** Different contents among all of them. */
  contents: number;
  /** What an explanation of either reach would bind; null where there are more than it may. */
  marks: { [reach in BoundReach]: string[] } | null;
  /** A mark of all of it: the same again, nothing has changed. */
  seen: string;
}

export function sightingOf(found: readonly Found[], marking: Marking): Sighting {
  const open = found.filter((one) => one.rule === marking.rule && one.explained !== true);
  const few = open.slice(0, EXPLAINED_FINDINGS_MAX);
  const marks = (reach: BoundReach) => [...new Set(few.map((one) => markOf(reach, one, marking)))].toSorted();
  const whole = open.map(({ path, reason, content = '' }) => [path, reason, content]);
  return {
    findings: few.map(({ path, reason }) => ({ path, reason })),
    findingsInAll: open.length,
    contents: new Set(open.map(({ path, reason, content }) => content ?? `${path} ${reason}`)).size,
    marks: few.length < open.length ? null : { content: marks('content'), place: marks('place') },
    seen: marking.fingerprint(JSON.stringify([marking.component, marking.rule, 'seen', whole])),
  };
}
