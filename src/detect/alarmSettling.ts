import type { Group } from './grouping.ts';
import type { OpenAlarm } from './state.ts';

export type AlarmChange =
  | ({ change: 'raise'; absorbs: string[] } & Pick<
      OpenAlarm,
      'cause' | 'roots' | 'components' | 'careFunctions' | 'since'
    >)
  | ({ change: 'widen'; absorbs: string[] } & Pick<OpenAlarm, 'alarm' | 'roots' | 'components' | 'careFunctions'>)
  | { change: 'clear'; alarm: string };

/** A group of losses with what an alarm about it would say. */
export interface Placed extends Group {
  cause: OpenAlarm['cause'];
  /** ISO: the earliest loss or sign of its members. */
  since: string;
  /** Members that call someone by themselves. */
  raises: string[];
  /** One of its members shows a sign of ransomware. */
  signed: boolean;
}

/** Alarms and groups found to speak of one cause. */
interface Case {
  alarms: OpenAlarm[];
  groups: Placed[];
  /** One attack is one alarm, whatever the number of places it shows in. */
  attack: boolean;
}

/**
 * Gives each group to the alarm that already speaks of it, or to a new one; alarms found to have one cause become one: the
 * oldest goes on, wider, and absorbs the others. An alarm of ransomware takes the losses of the components that show signs
 * and of what hangs on them, and new losses of no alarm's: during an attack, what falls next falls of it. Power is never its doing.
 */
export function settleAlarms(
  standing: readonly OpenAlarm[],
  groups: readonly Placed[],
  signed: readonly string[],
): AlarmChange[] {
  const covered = new Set(standing.flatMap((alarm) => alarm.components));
  return casesOf(standing, groups).flatMap((one): AlarmChange[] => {
    const kept = oldest(one.attack ? one.alarms.filter((alarm) => alarm.cause === 'ransomwareSign') : one.alarms);
    const absorbed = one.alarms.filter((alarm) => alarm !== kept);
    const own = new Set(one.alarms.flatMap((alarm) => alarm.components));
    const joining = one.groups
      .flatMap((group) => group.members)
      .filter((component) => !covered.has(component) || own.has(component));
    const components = union([...own], joining, one.attack ? signed : []);
    const careFunctions = union(
      ...one.alarms.map((alarm) => alarm.careFunctions),
      ...one.groups.map((group) => group.careFunctions),
    );
    const roots = one.attack ? union(kept?.roots ?? [], signed) : rootsOf(one, own);
    const absorbs = absorbed.map((alarm) => alarm.alarm);
    if (kept !== undefined) {
      const same =
        absorbs.length === 0 && roots.length === kept.roots.length && roots.every((root) => kept.roots.includes(root));
      const wider = components.length > kept.components.length || careFunctions.length > kept.careFunctions.length;
      return same && !wider ? [] : [{ change: 'widen', alarm: kept.alarm, roots, components, careFunctions, absorbs }];
    }
    const calls = one.groups.some((group) => group.raises.some((component) => !covered.has(component)));
    if (!calls && !one.attack) return [];
    const cause = one.attack
      ? 'ransomwareSign'
      : (one.groups.find((group) => group.cause !== 'unknown')?.cause ?? 'unknown');
    const since = [...one.alarms, ...one.groups].map((each) => each.since).toSorted()[0] ?? '';
    return [{ change: 'raise', cause, roots, components, careFunctions, since, absorbs }];
  });
}

/** The roots known before, less those that a newly found root explains, and the new ones. */
function rootsOf({ alarms, groups }: Case, own: ReadonlySet<string>): string[] {
  const found = groups.map((group) => ({ group, fresh: group.roots.filter((root) => !own.has(root)) }));
  const explained = new Set(
    found
      .filter(({ fresh }) => fresh.length > 0)
      .flatMap(({ group }) => group.members.filter((member) => !group.roots.includes(member))),
  );
  const before = alarms.flatMap((alarm) => alarm.roots).filter((root) => !explained.has(root));
  return union(before, ...found.map(({ fresh }) => fresh));
}

/** Links each group to the alarms that speak of it: what is linked, however indirectly, is one case. */
function casesOf(standing: readonly OpenAlarm[], groups: readonly Placed[]): Case[] {
  const byComponent = indexBy(standing, (alarm) => alarm.components);
  const byRoot = indexBy(standing, (alarm) => alarm.roots);
  const cases = new Map<OpenAlarm, Case>(
    standing.map((alarm) => [alarm, { alarms: [alarm], groups: [], attack: alarm.cause === 'ransomwareSign' }]),
  );
  const found = new Set<Case>(cases.values());
  let attack = [...found].find((one) => one.attack);
  const merge = (into: Case, from: Case): Case => {
    if (into === from) return into;
    into.alarms.push(...from.alarms);
    into.groups.push(...from.groups);
    into.attack ||= from.attack;
    for (const alarm of from.alarms) cases.set(alarm, into);
    found.delete(from);
    if (attack === from) attack = into;
    return into;
  };
  // Signs first: what falls with them must find their alarm.
  for (const group of groups.toSorted((one, other) => Number(other.signed) - Number(one.signed))) {
    const speaking = new Set([
      ...group.roots.flatMap((root) => byComponent.get(root) ?? []),
      ...[...group.members, ...group.roots].flatMap((component) => byRoot.get(component) ?? []),
    ]);
    const fresh: Case = { alarms: [], groups: [group], attack: group.signed };
    found.add(fresh);
    let one = [...speaking].reduce((into, alarm) => merge(into, cases.get(alarm) ?? into), fresh);
    const follows = group.signed || (speaking.size === 0 && group.cause !== 'powerOnBattery');
    if (attack !== undefined && follows) one = merge(one, attack);
    if (one.attack) attack = one;
  }
  return [...found];
}

function indexBy(
  alarms: readonly OpenAlarm[],
  keys: (alarm: OpenAlarm) => readonly string[],
): Map<string, OpenAlarm[]> {
  const index = new Map<string, OpenAlarm[]>();
  for (const alarm of alarms) for (const key of keys(alarm)) index.set(key, [...(index.get(key) ?? []), alarm]);
  return index;
}

const union = (...lists: (readonly string[])[]): string[] => [...new Set(lists.flat())];
const oldest = (alarms: readonly OpenAlarm[]): OpenAlarm | undefined =>
  alarms.toSorted((one, other) =>
    one.raisedAt < other.raisedAt || (one.raisedAt === other.raisedAt && one.alarm < other.alarm) ? -1 : 1,
  )[0];
