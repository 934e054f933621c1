import type { CareFunction } from '../model.ts';
import type { LossTime } from './dataLoss.ts';
import type { ChainStep, ReturnTime } from './returns.ts';

/** A promise that what is known of the components does not bear. Seconds throughout. */
export type Contradiction =
  /** To be back later than interruption is tolerable. */
  | { kind: 'promise'; careFunction: string; tier: 1 | 2 | 3; beyondSeconds: number }
  | {
      kind: 'return';
      careFunction: string;
      tier: 1 | 2 | 3;
      beyondSeconds: number;
      /** `atLeast`: something on the way has no time, so that it is this long or longer. */
      possibleSeconds: number;
      atLeast: boolean;
      /** The objective, or the DMIA where the objective itself comes later and is met. */
      limit: 'rto' | 'mtpd';
      limitSeconds: number;
      /** Also past the DMIA: what it costs is not tolerable. */
      beyondMtpd: boolean;
      /** The longest step of the chain. */
      longest: ChainStep | null;
    }
  | {
      kind: 'dataLoss';
      careFunction: string;
      tier: 1 | 2 | 3;
      beyondSeconds: number;
      possibleSeconds: number;
      atLeast: boolean;
      limitSeconds: number;
      component: string | null;
      basis: 'declared' | 'measured' | null;
    };

/**
 * Worst first: by vital tier, then by how far beyond, then in clinical order; what comes back late before what is lost, for an hour
 * without care and an hour of entries do not compare. What was measured outweighs what was declared. What is
 * only possible for want of a time is no contradiction: the unknown is said as such elsewhere.
 */
export function contradictions(
  careFunctions: Iterable<CareFunction>,
  returns: ReadonlyMap<string, ReturnTime>,
  losses: ReadonlyMap<string, LossTime | null>,
): Contradiction[] {
  return [...careFunctions]
    .flatMap((care) => [...promise(care), ...late(care, returns.get(care.id)), ...loss(care, losses.get(care.id))])
    .toSorted(
      (one, other) => one.tier - other.tier || isLoss(one) - isLoss(other) || other.beyondSeconds - one.beyondSeconds,
    );
}

const isLoss = ({ kind }: Contradiction): number => Number(kind === 'dataLoss');

/** A function that tolerates no interruption at all is held by its degraded mode: no return is ever soon enough. */
const tolerable = (care: CareFunction): number =>
  care.mtpdSeconds === 0 ? Number.POSITIVE_INFINITY : care.mtpdSeconds;

function promise(care: CareFunction): Contradiction[] {
  const beyondSeconds = care.rtoSeconds - tolerable(care);
  return beyondSeconds > 0 ? [{ kind: 'promise', careFunction: care.id, tier: care.tier, beyondSeconds }] : [];
}

function late(care: CareFunction, time: ReturnTime | undefined): Contradiction[] {
  if (time === undefined) return [];
  const { seconds, atLeastSeconds, chain } = time.measured ?? time.declared;
  const possibleSeconds = seconds ?? atLeastSeconds;
  const limit = possibleSeconds > care.rtoSeconds ? 'rto' : 'mtpd';
  const limitSeconds = limit === 'rto' ? care.rtoSeconds : tolerable(care);
  if (possibleSeconds <= limitSeconds) return [];
  return [
    {
      kind: 'return',
      careFunction: care.id,
      tier: care.tier,
      beyondSeconds: possibleSeconds - limitSeconds,
      possibleSeconds,
      atLeast: seconds === null,
      limit,
      limitSeconds,
      beyondMtpd: possibleSeconds > tolerable(care),
      longest: longestOf(chain),
    },
  ];
}

function longestOf(chain: readonly ChainStep[]): ChainStep | null {
  let longest: ChainStep | null = null;
  for (const step of chain) {
    if (step.time !== null && step.time.seconds > (longest?.time?.seconds ?? 0)) longest = step;
  }
  return longest;
}

function loss(care: CareFunction, time: LossTime | null | undefined): Contradiction[] {
  if (time == null || care.rpoSeconds === undefined) return [];
  const { seconds, atLeastSeconds, component, basis } = time.measured ?? time.declared;
  const possibleSeconds = seconds ?? atLeastSeconds;
  const beyondSeconds = possibleSeconds - care.rpoSeconds;
  if (beyondSeconds <= 0) return [];
  const { id: careFunction, tier, rpoSeconds: limitSeconds } = care;
  const atLeast = seconds === null;
  return [
    { kind: 'dataLoss', careFunction, tier, beyondSeconds, possibleSeconds, atLeast, limitSeconds, component, basis },
  ];
}
