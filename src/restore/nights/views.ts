import type { CompiledMap } from '../../map/compile.ts';
import type { Words } from '../../map/model.ts';
import type { Reach } from '../cleanPoint/explained.ts';
import { restsOn } from '../plan.ts';
import { badgeOf, type ProofBadge } from '../proof/badge.ts';
import { nextAt } from '../proof/schedule.ts';
import type { ComponentProof, Proof, ProvedComponent } from '../proof/state.ts';
import type { RestoreState } from '../state.ts';
import type { RecoveryStepView } from '../views.ts';
import type { JudgedNight } from './events.ts';
import {
  type ComponentNights,
  type Compromise,
  compromisedSince,
  isSuspect,
  nothingJudged,
  type SaidOfSign,
} from './state.ts';

/** Nights stand on the calendar of the wall they are read from. */
export { instantOfLocal, zoneOffset } from '../../map/gap/zone.ts';

export interface NightView extends JudgedNight {
  /** Of the moment an attacker was in, or later: fit for data only, onto rebuilt systems, whatever it shows. */
  suspect: boolean;
  /** A proof restored it, and it was verified. */
  proved: boolean;
}

export interface ComponentBackupsView
  extends Pick<ComponentNights, 'lastClean' | 'beforeFirstSign' | 'lost' | 'judged' | 'failure' | 'askedAt'> {
  component: string;
  name: Words;
  source: string;
  /** What rests on it, most vital first: components that carry nothing come last. */
  careFunctions: { id: string; name: Words }[];
  /** True where the configuration knows its source, so that its nights can be looked through here. */
  readable: boolean;
  /** How far the look through it that runs now has come; null where none does. */
  judging: { done: number; total: number } | null;
  /** Oldest first. */
  nights: NightView[];
  /** Each sign that no person explained, with the first night that shows it, and how many do. */
  dirtySince: { rule: string; snapshot: string; time: string; nights: number }[];
  /** What people explained of each rule, oldest first. */
  explained: { [rule: string]: ExplanationView[] };
  badge: ProofBadge;
  proof: Pick<ProvedComponent, 'changed' | 'history'> & { last: ComponentProof | null; proved: ComponentProof | null };
  compromised: { whole: Compromise | null; own: Compromise | null };
}

/** How far an explanation reaches, of how many findings of which night; null where it is of every finding of the rule. */
export interface ExplanationView {
  reach: Reach;
  snapshot: string | null;
  findings: number | null;
  by: string;
  at: string;
}

/** A proof at work, step by step. */
export interface RunningProofView {
  recovery: string;
  scope: Proof['scope'];
  begunAt: string;
  components: {
    component: string;
    name: Words;
    step: RecoveryStepView['step'] | null;
    state: 'waiting' | 'running' | 'done' | 'failed';
    code: string | null;
    progress: RecoveryStepView['progress'];
  }[];
}

export interface BackupsView {
  schedule: { time: string; weekday: number; timeZone: string };
  /** When the next nightly pass is due; null while nothing can be read here. */
  next: string | null;
  /** When the last began, and its proof; null: never. */
  lastPass: string | null;
  lastProof: string | null;
  proof: RunningProofView | null;
  /** The most vital first. */
  components: ComponentBackupsView[];
}

type Progress = ReadonlyMap<string, NonNullable<RecoveryStepView['progress']>>;

export function backupsView(
  state: RestoreState,
  map: CompiledMap | null,
  now: number,
  /** Of steps that run, by `recovery/component`; of looks through nights, by `nights/component`. */
  progress: Progress,
): BackupsView {
  const { nights, proofs } = state;
  const timeZone = map?.establishment.timeZone ?? 'Europe/Paris';
  const restorable = [...(map?.components.values() ?? [])].flatMap(({ id, name, restore }) =>
    restore === undefined ? [] : [{ id, name, source: restore.source }],
  );
  const carried = map === null ? new Map<string, Carried[]>() : carriedBy(map);
  const ordered = restorable.toSorted(
    (one, other) => byCare(carried.get(one.id) ?? [], carried.get(other.id) ?? []) || one.id.localeCompare(other.id),
  );
  return {
    schedule: { ...proofs.schedule, timeZone },
    next:
      Object.keys(proofs.means).length === 0
        ? null
        : new Date(nextAt(proofs.schedule.time, timeZone, now)).toISOString(),
    lastPass: nights.passAskedAt,
    lastProof: proofs.nightBegunAt,
    proof: runningProof(state, map, progress),
    components: ordered.map((one) => componentView(state, one, carried.get(one.id) ?? [], progress)),
  };
}

interface Carried {
  id: string;
  name: Words;
  tier: number;
  weight: number;
}

/** Care functions by the components they rest on, the most vital first: of the components, and of each one's. */
export function carriedBy(map: CompiledMap): Map<string, Carried[]> {
  const known = carriedOn.get(map);
  if (known !== undefined) return known;
  const found = new Map<string, Carried[]>();
  const vital = [...map.careFunctions.values()].toSorted((a, b) => a.tier - b.tier || b.weight - a.weight);
  for (const { id, name, tier, weight } of vital) {
    for (const one of restsOn(map, id)) found.set(one, [...(found.get(one) ?? []), { id, name, tier, weight }]);
  }
  carriedOn.set(map, found);
  return found;
}

const carriedOn = new WeakMap<CompiledMap, Map<string, Carried[]>>();

const byCare = ([one]: readonly Carried[], [other]: readonly Carried[]): number =>
  (one?.tier ?? 9) - (other?.tier ?? 9) || (other?.weight ?? 0) - (one?.weight ?? 0);

function componentView(
  state: RestoreState,
  { id, name, source }: { id: string; name: Words; source: string },
  carried: readonly Carried[],
  progress: Progress,
): ComponentBackupsView {
  const known = state.nights.components[id] ?? nothingJudged;
  const { lastClean, beforeFirstSign, lost, judged, failure, askedAt, explained } = known;
  const proof = state.proofs.components[id];
  const since = compromisedSince(state.nights, id);
  const proved = proof?.proved ?? null;
  const nights = known.nights.map((night) => ({
    ...night,
    suspect: isSuspect(night.time, since),
    proved: proved?.snapshot === night.snapshot,
  }));
  return {
    component: id,
    name,
    source,
    careFunctions: carried.map((one) => ({ id: one.id, name: one.name })),
    readable: state.proofs.means[id] !== undefined,
    judging: progress.get(`nights/${id}`) ?? null,
    nights,
    dirtySince: dirtySince(nights),
    lastClean,
    beforeFirstSign,
    lost,
    judged,
    failure,
    askedAt,
    explained: Object.fromEntries(Object.entries(explained).map(([rule, said]) => [rule, said.map(explanationView)])),
    badge: badgeOf(proof),
    proof: { last: proof?.last ?? null, proved, changed: proof?.changed ?? null, history: proof?.history ?? [] },
    compromised: { whole: state.nights.compromised.whole, own: state.nights.compromised.components[id] ?? null },
  };
}

/** Marks stay here: nobody needs them on a screen. */
const explanationView = (said: SaidOfSign): ExplanationView => ({
  reach: said.reach,
  snapshot: said.reach === 'rule' ? null : said.snapshot,
  findings: said.reach === 'rule' ? null : said.marks.length,
  by: said.by,
  at: said.at,
});

function dirtySince(nights: readonly NightView[]): ComponentBackupsView['dirtySince'] {
  const found = new Map<string, ComponentBackupsView['dirtySince'][number]>();
  for (const { snapshot, time, signs } of nights)
    for (const { rule, explained } of signs) {
      if (explained) continue;
      const sign = found.get(rule) ?? { rule, snapshot, time, nights: 0 };
      sign.nights += 1;
      found.set(rule, sign);
    }
  return [...found.values()];
}

function runningProof(state: RestoreState, map: CompiledMap | null, progress: Progress): RunningProofView | null {
  const recovery = Object.values(state.recoveries).find(({ proof }) => proof !== null);
  if (recovery?.proof == null) return null;
  return {
    recovery: recovery.recovery,
    scope: recovery.proof.scope,
    begunAt: recovery.plannedAt,
    components: Object.values(recovery.components)
      .toSorted((one, other) => one.rank - other.rank)
      .map(({ component, steps }) => {
        const [step, last] = Object.entries(steps).at(-1) ?? [];
        return {
          component,
          name: map?.components.get(component)?.name ?? { fr: component },
          step: (step as RecoveryStepView['step'] | undefined) ?? null,
          state:
            steps.verify?.state === 'done'
              ? 'done'
              : last?.state === 'failed'
                ? 'failed'
                : last === undefined
                  ? 'waiting'
                  : 'running',
          code: last?.failure?.code ?? null,
          progress: progress.get(`${recovery.recovery}/${component}`) ?? null,
        };
      }),
  };
}
