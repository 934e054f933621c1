import type { HospitalCommand } from '../../src/main/hospital.ts';
import type { JudgedNight } from '../../src/restore/nights/events.ts';
import { nightsToJudge } from '../../src/restore/work.ts';
import type { Act } from './acts.ts';

const DAY = 86_400_000;
const rules = ['content-encrypted', 'planted'] as const;
const iso = (ms: number): string => new Date(ms).toISOString();

/** Nights and proofs: what can be restored and how, nights looked through or not, what people say of them, proofs asked for. */
export const nightActs: readonly (readonly [weight: number, act: Act])[] = [
  [2, seeMeans],
  [1, ({ random }) => ({ type: 'ScheduleNight', time: `0${random.below(6)}:30`, weekday: random.below(7) })],
  [
    1,
    ({ state, random }) =>
      restorable(state, random, (one) => ({ type: 'AskJudging', components: [one], because: 'person' })),
  ],
  [12, judged],
  [
    1,
    ({ state, random, now }) =>
      restorable(state, random, (one) => ({
        type: 'DateCompromise',
        component: random.below(2) === 0 ? one : null,
        since: random.below(3) === 0 ? null : iso(now - random.below(5 * DAY)),
        mayWeaken: random.below(2) === 0,
      })),
  ],
  [
    1,
    ({ state, random }) =>
      restorable(state, random, (component) => {
        const rule = random.pick(rules) ?? 'planted';
        const { snapshot } = random.pick(state.restore.nights.components[component]?.nights ?? []) ?? {};
        if (snapshot === undefined || random.below(3) === 0)
          return { type: 'WithdrawExplanation', component, rule, reason: 'not known' };
        const marks = [String(random.below(4)).repeat(64)];
        const reach = random.pick(['content', 'place', 'rule'] as const) ?? 'content';
        return {
          ...{ type: 'ExplainFindings', component, rule, snapshot, reach, marks },
          ...{ seen: '', findings: 1, reason: 'known' },
        };
      }),
  ],
  [3, ({ state, random }) => restorable(state, random, (one) => ({ type: 'AskProof', components: [one] }))],
  [
    1,
    ({ state, random }) => {
      const recovery = random.pick(Object.keys(state.restore.proofs.proofs));
      return recovery === undefined || random.below(4) > 0
        ? undefined
        : { type: 'EndProof', recovery, because: 'person' };
    },
  ],
];

type World = Parameters<Act>[0];

const restorable = (
  state: World['state'],
  random: World['random'],
  then: (component: string) => HospitalCommand,
): HospitalCommand | undefined => {
  const component = random.pick(Object.keys(state.restore.proofs.means));
  return component === undefined ? undefined : then(component);
};

/** Nearly always the same; now and then a source is gone, or another repository stands in its place. */
function seeMeans({ map, random }: World): HospitalCommand {
  const means = map.components.flatMap(({ id, restore }) =>
    restore === undefined || random.below(20) === 0
      ? []
      : { component: id, source: restore.source, digest: random.below(10) === 0 ? 'sha256:other' : 'sha256:same' },
  );
  return { type: 'SeeMeans', means };
}

function judged({ state, random, now }: World): HospitalCommand | undefined {
  const component = random.pick(nightsToJudge(state.restore));
  if (component === undefined) return undefined;
  if (random.below(6) === 0) return { type: 'FailJudging', component, code: 'backup-unreachable', detail: '' };
  const today = Math.floor(now / DAY);
  const nights = [3, 2, 1, 0].map((ago): JudgedNight => {
    const isDirty = random.below(8) === 0;
    const signs = isDirty ? [{ rule: random.pick(rules) ?? 'planted', findings: 1, explained: false }] : [];
    return {
      ...{ snapshot: `s${today - ago}`, time: iso((today - ago) * DAY), verdict: isDirty ? 'dirty' : 'clean', signs },
      ...{ files: 1, bytes: 1, change: null, notExamined: 0 },
    };
  });
  return {
    type: 'RecordNights',
    component,
    source: state.restore.proofs.means[component]?.source ?? '',
    nights,
    lastClean: null,
    beforeFirstSign: null,
    lost: null,
    rulesOf: null,
    ruleFiles: 0,
    confinement: 'limits',
    scanned: 1,
    known: 0,
    seconds: 1,
  };
}
