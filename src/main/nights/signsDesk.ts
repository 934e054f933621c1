import { accept, type Result, refuse } from '../../journal/result.ts';
import { EXPLAINED_FINDINGS_MAX, type Sighting } from '../../restore/cleanPoint/explained.ts';
import { notRestorable } from '../../restore/nights/decide.ts';
import type { SignFinder } from '../../restore/ports.ts';
import type { RestorationWorker } from '../../restore/worker.ts';
import type { SignAsked, SignDesk } from '../../server/ports.ts';
import type { HospitalWorld } from '../world.ts';
import { Turns } from './turns.ts';

/** The desk of one establishment: names are read in the backups and told, marks of them alone are kept. */
export class SignsDesk implements SignDesk {
  readonly #world: HospitalWorld;
  readonly #finder: SignFinder;
  readonly #worker: Pick<RestorationWorker, 'cleanPointAsk'>;
  readonly #turns = new Turns();

  constructor(world: HospitalWorld, finder: SignFinder, worker: Pick<RestorationWorker, 'cleanPointAsk'>) {
    this.#world = world;
    this.#finder = finder;
    this.#worker = worker;
  }

  async look(asked: SignAsked, signal: AbortSignal) {
    const sighting = await this.#sighting(asked, signal);
    if (!sighting.ok) return sighting;
    const { marks, ...told } = sighting.value;
    return accept({ ...told, bound: marks !== null });
  }

  async covered(
    { reach, seen, ...asked }: Parameters<SignDesk['covered']>[0],
    signal: AbortSignal,
  ): Promise<Result<{ marks: string[]; findings: number }>> {
    const sighting = await this.#sighting(asked, signal);
    if (!sighting.ok) return sighting;
    const { marks, findingsInAll: findings } = sighting.value;
    if (sighting.value.seen !== seen) return changed(asked.rule);
    if (reach === 'rule') return marks === null ? accept({ marks: [], findings }) : tooVague(asked.rule);
    if (marks === null) return tooWide(asked.rule, findings);
    return accept({ marks: marks[reach], findings });
  }

  close(): Promise<void> {
    return this.#turns.close();
  }

  #sighting(asked: SignAsked, signal: AbortSignal): Promise<Result<Sighting>> {
    const { component } = asked;
    const { nights, proofs } = this.#world.state.restore;
    return this.#turns.take(signal, component, async (work) => {
      const source = proofs.means[component]?.source;
      if (source === undefined) return notRestorable(component);
      return this.#finder.sighting(source, this.#worker.cleanPointAsk(nights, component), asked, work);
    });
  }
}

const changed = (rule: string) =>
  refuse('changed-since-you-looked', 'This night no longer shows what you looked at.', {
    where: rule,
    kept: 'Nothing was explained.',
    cure: 'Look at what is found now, and ask again.',
    retryable: true,
  });

const tooWide = (rule: string, findings: number) =>
  refuse('explanation-too-wide', 'This sign is found in more files than two people can look through.', {
    where: rule,
    expected: `${EXPLAINED_FINDINGS_MAX} findings at most; there are ${findings}`,
    kept: 'Nothing was explained.',
    cure: 'Exclude what is known from the rule or from the backup, or explain the rule itself on this component, knowing what that hides.',
  });

const tooVague = (rule: string) =>
  refuse('explanation-too-vague', 'These findings can be explained one by one: the whole rule is not.', {
    where: rule,
    expected: 'an explanation of these contents, or of these places',
    kept: 'Nothing was explained.',
  });
