import { isReady } from '../activate/decide.ts';
import type { CommandQueue } from '../journal/queue.ts';
import type { Refusal } from '../journal/result.ts';
import { dueCommands, type HospitalCommand, type HospitalState } from './hospital.ts';

/** A due command that was refused is not asked again before this long: its reason seldom passes sooner. */
const REFUSED_MILLISECONDS = 30_000;

/**
 * The one ticker at the edge: after each durable change, and each time it is called, submits what the rooms say is due.
 * A command already on its way is not sent twice.
 */
export class Due {
  readonly #queue: CommandQueue<HospitalState, HospitalCommand>;
  readonly #now: () => number;
  readonly #onRefused: (command: HospitalCommand, refusal: Refusal) => void;
  readonly #asked = new Set<string>();
  readonly #refused = new Map<string, number>();

  constructor(
    queue: CommandQueue<HospitalState, HospitalCommand>,
    now: () => number,
    onRefused: (command: HospitalCommand, refusal: Refusal) => void,
  ) {
    this.#queue = queue;
    this.#now = now;
    this.#onRefused = onRefused;
  }

  tick(): void {
    for (const [key, again] of this.#refused) if (again <= performance.now()) this.#refused.delete(key);
    for (const command of dueNow(this.#queue.durable.state, this.#now())) void this.#submit(command);
  }

  async #submit(command: HospitalCommand): Promise<void> {
    const key = JSON.stringify(command);
    const again = this.#refused.get(key);
    if (this.#asked.has(key) || (again !== undefined && again > performance.now())) return;
    this.#asked.add(key);
    const answer = await this.#queue.submit(command, { actor: 'ticker' });
    this.#asked.delete(key);
    if (answer.ok) {
      this.#refused.delete(key);
      return;
    }
    this.#refused.set(key, performance.now() + REFUSED_MILLISECONDS);
    this.#onRefused(command, answer.refusal);
    if (command.type === 'PlanRecovery' && !answer.refusal.retryable) this.#giveBack(command.incident, answer.refusal);
  }

  /** An automatic step that cannot be done is told as failed: a person takes over. */
  #giveBack(incident: string, refusal: Refusal): void {
    for (const { plan, step } of readyAutomatic(this.#queue.durable.state, incident)) {
      void this.#queue.submit(
        { type: 'FinishStep', incident, plan, step, outcome: 'failed', code: refusal.code },
        { actor: 'ticker' },
      );
    }
  }
}

/** Everything time, the events just folded or a plan ask for now. */
export const dueNow = (state: HospitalState, now: number): HospitalCommand[] => [
  ...dueCommands(state, now),
  ...automaticSteps(state),
];

/** Automatic steps of plans that are ready: the act they name, and their end once it is seen done. */
function automaticSteps(state: HospitalState): HospitalCommand[] {
  const open = Object.values(state.activate.incidents).filter((incident) => incident.closedAt === null);
  return open.flatMap(({ incident, recovery }) =>
    readyAutomatic(state, incident).map(
      ({ plan, step }): HospitalCommand =>
        recovery === null
          ? { type: 'PlanRecovery', incident }
          : { type: 'FinishStep', incident, plan, step, outcome: 'done' },
    ),
  );
}

function readyAutomatic(state: HospitalState, id: string): { plan: string; step: string }[] {
  return (state.activate.incidents[id]?.plans ?? []).flatMap(({ plan, steps }) =>
    steps
      .filter((step) => step.kind === 'automatic' && step.outcome === null && isReady(step, steps))
      .map((step) => ({ plan, step: step.id })),
  );
}
