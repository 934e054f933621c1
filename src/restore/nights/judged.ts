import type { CleanPointFound } from '../cleanPoint/found.ts';
import type { JudgedAll } from './decide.ts';
import { type JudgedNight, NIGHT_SIGNS_MAX } from './events.ts';

/** What the journal keeps of a look through the nights of a component: counts, never a path. */
export function judgedAll(component: string, source: string, found: CleanPointFound, seconds: number): JudgedAll {
  const { lastClean, beforeFirstSign, lost, rules, confinement, contents } = found;
  return {
    component,
    source,
    nights: found.snapshots.map(nightOf),
    lastClean,
    beforeFirstSign,
    lost:
      lost === null
        ? null
        : {
            sinceTime: lost.sinceTime,
            untilTime: lost.untilTime,
            added: lost.filesAdded,
            changed: lost.filesChanged,
            removed: lost.filesRemoved,
          },
    rulesOf: rules.engine === null ? null : rules.date,
    ruleFiles: rules.files - rules.refused.length,
    confinement,
    ...contents,
    seconds,
  };
}

function nightOf(night: CleanPointFound['snapshots'][number]): JudgedNight {
  const { id, time, verdict, files, bytes, change, findings, notExamined } = night;
  const signs = new Map<string, { findings: number; explained: number }>();
  for (const { rule, explained = false } of findings) {
    const sign = signs.get(rule) ?? { findings: 0, explained: 0 };
    sign.findings += 1;
    if (explained) sign.explained += 1;
    signs.set(rule, sign);
  }
  const told = [...signs].map(([rule, { findings: all, explained }]): JudgedNight['signs'][number] => ({
    ...{ rule, findings: all, explained: explained === all },
    ...(explained > 0 && explained < all ? { explainedFindings: explained } : {}),
  }));
  // What nobody explained is told first: it is what makes the night what it is.
  const first = told.toSorted((one, other) => Number(one.explained) - Number(other.explained));
  const kept = first.slice(0, NIGHT_SIGNS_MAX);
  return { snapshot: id, time, verdict, signs: kept, files, bytes, change, notExamined: notExamined.length };
}
