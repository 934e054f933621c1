import type { Refusal, Result } from '../journal/result.ts';
import type { RestoreCommand } from '../restore/decide.ts';
import { type RestoreWork, runningSteps, workOf } from '../restore/work.ts';
import { type RestorationPorts, RestorationWorker } from '../restore/worker.ts';
import type { HospitalWorld } from './world.ts';

/** Steps done side by side: one disk and two cores; the order of care decides which. */
const HANDS = 2;
/** Progress is shown at most this often. */
const PROGRESS_MILLISECONDS = 500;

/** A room that cannot be had is asked for again after this long: someone may be starting the helper. */
const AGAIN_MILLISECONDS = 5000;

const by = { actor: 'worker:restoration' } as const;

/** Takes what the restore room's work list asks, does it, and submits what came of it. */
export class RestorationRunner {
  readonly #world: HospitalWorld;
  readonly #worker: RestorationWorker;
  readonly #inHand = new Set<string>();
  readonly #stop = new AbortController();
  readonly #running = new Set<Promise<void>>();
  readonly #again = new Map<string, number>();
  #shownAt = 0;
  #unsubscribe: (() => void)[] = [];

  constructor(world: HospitalWorld, ports: RestorationPorts) {
    this.#world = world;
    this.#worker = new RestorationWorker(ports);
  }

  get worker(): RestorationWorker {
    return this.#worker;
  }

  /** Gives back what an earlier life left in hand, brings its rooms up again, then goes on. */
  async start(): Promise<void> {
    for (const step of runningSteps(this.#world.state.restore)) {
      await this.#submit({ type: 'FailStep', ...step, code: 'interrupted', detail: '', retryable: true });
    }
    for (const recovery of Object.values(this.#world.state.restore.recoveries)) {
      if (recovery.closed === 'abandoned' || recovery.room === null) continue;
      await this.#record(await this.#worker.resume(recovery), () => undefined);
    }
    this.#unsubscribe = [
      this.#world.journal.queue.onDurable(() => this.#take()),
      this.#world.onTick(() => this.#take()),
    ];
    this.#take();
  }

  async stop(): Promise<void> {
    for (const unsubscribe of this.#unsubscribe) unsubscribe();
    this.#stop.abort();
    await Promise.all(this.#running);
  }

  #take(): void {
    for (const item of workOf(this.#world.state.restore)) {
      if (this.#inHand.size >= HANDS) return;
      if (
        this.#inHand.has(item.key) ||
        this.#stop.signal.aborted ||
        (this.#again.get(item.key) ?? 0) > performance.now()
      )
        continue;
      this.#inHand.add(item.key);
      const doing = this.#do(item).finally(() => {
        this.#inHand.delete(item.key);
        this.#running.delete(doing);
        this.#take();
      });
      this.#running.add(doing);
    }
  }

  async #do(item: RestoreWork): Promise<void> {
    const recovery = this.#world.state.restore.recoveries[item.recovery];
    if (recovery === undefined) return;
    switch (item.kind) {
      case 'openRoom':
        return this.#room(item, await this.#worker.openRoom(recovery));
      case 'proveIsolation':
        return this.#room(item, await this.#worker.proveIsolation(recovery));
      case 'step':
        return this.#step(item);
    }
  }

  async #step(item: Extract<RestoreWork, { kind: 'step' }>): Promise<void> {
    const { recovery, component, step } = item;
    if (!(await this.#submit({ type: 'BeginStep', recovery, component, step }))) return;
    const attempt = this.#world.state.restore.recoveries[recovery]?.components[component]?.steps[step]?.attempt ?? 0;
    const key = `${recovery}/${component}`;
    const result = await this.#worker.step(this.#world.state.restore, item, attempt, this.#work(key));
    this.#world.live.progress.delete(key);
    // Stopping is not failing: the next life gives the step back as interrupted.
    if (this.#stop.signal.aborted) return;
    await this.#record(result, ({ code, message, where, kept, retryable }) => {
      const detail = [message, where, kept].filter((part) => part !== undefined && part !== '').join(' · ');
      void this.#submit({ type: 'FailStep', recovery, component, step, attempt, code, detail, retryable });
    });
  }

  async #room(item: RestoreWork, result: Result<RestoreCommand>): Promise<void> {
    if (result.ok) this.#world.live.blocked.delete(item.recovery);
    await this.#record(result, (refusal) => this.#blocked(item, refusal));
  }

  async #record(result: Result<RestoreCommand>, onRefused: (refusal: Refusal) => void): Promise<void> {
    if (!result.ok) return onRefused(result.refusal);
    await this.#submit(result.value);
  }

  async #submit(command: RestoreCommand): Promise<boolean> {
    const answer = await this.#world.journal.queue.submit(command, by);
    if (!answer.ok && !answer.refusal.retryable)
      this.#world.options.onTrouble(`restoration ${command.type}: ${answer.refusal.code}`, answer.refusal.message);
    return answer.ok;
  }

  /** The room itself cannot be had: everyone sees why, and it is tried again later. */
  #blocked(item: RestoreWork, refusal: Refusal): void {
    this.#world.options.onTrouble(`restoration ${item.kind}: ${refusal.code}`, refusal.message);
    this.#again.set(item.key, performance.now() + AGAIN_MILLISECONDS);
    this.#world.live.blocked.set(item.recovery, refusal);
    this.#world.changed();
  }

  #work(key: string) {
    return {
      signal: this.#stop.signal,
      progress: (done: number, total: number, unit: 'bytes' | 'files' | 'steps') => {
        this.#world.live.progress.set(key, { done, total, unit });
        if (performance.now() - this.#shownAt < PROGRESS_MILLISECONDS) return;
        this.#shownAt = performance.now();
        this.#world.changed();
      },
    };
  }
}
