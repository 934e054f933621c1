import { type Refusal, type Result, refuse } from '../journal/result.ts';
import type { RestoreCommand } from '../restore/decide.ts';
import type { Recovery, RestoreState } from '../restore/state.ts';
import { type RestoreWork, runningSteps, workOf } from '../restore/work.ts';
import { type RestorationPorts, RestorationWorker } from '../restore/worker.ts';
import { brokenBy, detailOf } from './brokenBy.ts';
import type { HospitalWorld } from './world.ts';

/** Steps done side by side: one disk and two cores; the order of care decides which. */
const HANDS = 2;
/** Progress is shown at most this often. */
const PROGRESS_MILLISECONDS = 500;

/** A step waits no longer than after so many tries, however often it was cut short. */
const MOST_TRIES = 3;

/** Milliseconds after which something that may pass is tried again. */
const AGAIN = {
  /** A room that cannot be had: someone may be starting the helper. */
  room: 5000,
  /** A failed step, times its tries: a mount comes back, a person makes room. */
  step: 3000,
  /** A result that the journal could not take: its disk is full. */
  journal: 1000,
};

/** Refusals that say that the room, or what runs in it, must be met again before anything more is done there. */
const roomGone: readonly string[] = [
  'helper-lost',
  'clean-room-needs-root',
  'room-not-open',
  'member-missing',
  'member-restarted',
];

/** How the journal begins the names of proofs. */
const PROOF = 'proof-';

const by = { actor: 'worker:restoration' } as const;

/** Something may run in the room on a night that was set aside: it is stopped before another is chosen. */
const hasSetAside = (
  { recoveries }: RestoreState,
  { recovery, component }: { recovery: string; component: string },
): boolean => (recoveries[recovery]?.components[component]?.setAside.length ?? 0) > 0;

/** Takes what the restore room's work list asks, does it, and submits what came of it. */
export class RestorationRunner {
  readonly #world: HospitalWorld;
  readonly #ports: RestorationPorts;
  readonly #worker: RestorationWorker;
  /** Recoveries whose room this life has opened, with all that ran in it or only part; of any other, the room is opened first. */
  readonly #standing = new Map<string, 'whole' | 'part'>();
  /** By key, with what cuts it short. */
  readonly #inHand = new Map<string, { item: RestoreWork; cut: AbortController }>();
  /** Of proofs that no journal knows of, to be cleared away. */
  readonly #orphans = new Set<string>();
  readonly #running = new Set<Promise<void>>();
  readonly #again = new Map<string, number>();
  readonly #after: typeof AGAIN;
  readonly #stop = new AbortController();
  #shownAt = 0;
  #unsubscribe: (() => void)[] = [];

  constructor(world: HospitalWorld, ports: RestorationPorts, again: typeof AGAIN = AGAIN) {
    this.#world = world;
    this.#after = again;
    this.#ports = ports;
    this.#worker = new RestorationWorker(ports);
  }

  get worker(): RestorationWorker {
    return this.#worker;
  }

  /** Gives back what an earlier life left in hand, then goes on; rooms of that life are opened again as the first work. */
  async start(): Promise<void> {
    for (const step of runningSteps(this.#world.state.restore)) {
      await this.#submit({ type: 'FailStep', ...step, code: 'interrupted', detail: '', retryable: true });
    }
    const { recoveries, proofs } = this.#world.state.restore;
    for (const name of await this.#ports.folders.list())
      if (name.startsWith(PROOF) && recoveries[name] === undefined && proofs.proofs[name] === undefined)
        this.#orphans.add(name);
    this.#unsubscribe = [
      this.#world.journal.queue.onDurable(() => this.#take()),
      this.#world.onTick(() => this.#take()),
    ];
    this.#take();
  }

  async stop(): Promise<void> {
    for (const unsubscribe of this.#unsubscribe) unsubscribe();
    this.#stop.abort();
    for (const { cut } of this.#inHand.values()) cut.abort();
    await Promise.all(this.#running);
  }

  #take(): void {
    // A proof that was ended frees its hands and its disk at once.
    for (const { item, cut } of this.#inHand.values())
      if (item.kind !== 'clearAway' && this.#isGone(item.recovery)) cut.abort();
    for (const item of this.#items()) {
      if (this.#stop.signal.aborted || this.#inHand.size >= HANDS) return;
      if (this.#inHand.has(item.key) || (this.#again.get(item.key) ?? 0) > performance.now()) continue;
      const cut = new AbortController();
      this.#inHand.set(item.key, { item, cut });
      const doing = this.#do(item, cut.signal)
        .catch((error: unknown) => this.#world.options.onTrouble(`restoration ${item.kind}`, error))
        .finally(() => {
          this.#inHand.delete(item.key);
          this.#running.delete(doing);
          this.#take();
        });
      this.#running.add(doing);
    }
  }

  /** The journal's work list, less what needs a room that is not standing, and the opening of that room first. */
  #items(): RestoreWork[] {
    const { restore } = this.#world.state;
    const again = Object.values(restore.recoveries)
      .filter(({ room, closed }) => room !== null && closed !== 'abandoned')
      .filter(({ recovery }) => this.#standing.get(recovery) !== 'whole')
      .map(({ recovery }): RestoreWork => ({ kind: 'openRoom', key: `${recovery}/room`, recovery }));
    const inRoom = (item: RestoreWork): boolean =>
      item.kind === 'proveIsolation' ||
      (item.kind === 'step' &&
        (item.step === 'start' || item.step === 'verify' || (item.step === 'choose' && hasSetAside(restore, item))));
    const orphans = [...this.#orphans].map(
      (recovery): RestoreWork => ({ kind: 'clearAway', key: `${recovery}/room`, recovery }),
    );
    // What is still in hand of an ended proof is let go of first.
    const isHeld = (recovery: string) => [...this.#inHand.values()].some(({ item }) => item.recovery === recovery);
    return [...again, ...workOf(restore), ...orphans].filter((item) =>
      item.kind === 'clearAway' ? !isHeld(item.recovery) : !inRoom(item) || this.#standing.has(item.recovery),
    );
  }

  /** A proof that was ended: nothing that is still done for it matters. */
  #isGone(recovery: string): boolean {
    return this.#world.state.restore.recoveries[recovery] === undefined;
  }

  async #do(item: RestoreWork, signal: AbortSignal): Promise<void> {
    if (item.kind === 'clearAway') return this.#clearAway(item);
    const recovery = this.#world.state.restore.recoveries[item.recovery];
    if (recovery === undefined) return;
    switch (item.kind) {
      case 'openRoom':
        return this.#open(item, recovery);
      case 'proveIsolation': {
        const proof = await this.#attempt(() => this.#worker.proveIsolation(recovery), item.recovery);
        if (this.#isGone(item.recovery)) return;
        if (!proof.ok) return this.#blocked(item, proof.refusal);
        this.#unblocked(item.recovery);
        await this.#offer(item, proof.value);
        return;
      }
      case 'step':
        return this.#step(item, signal);
    }
  }

  /** Null once the journal has it. A result it will never take is a failure of the step: it must not stay "running". */
  async #result(command: RestoreCommand): Promise<Refusal | null> {
    if ((await this.#submit(command)) || this.#stop.signal.aborted) return null;
    return refuse('result-refused', 'What this step came to could not be recorded.', {
      where: command.type,
      kept: 'What it did.',
    }).refusal;
  }

  async #open(item: RestoreWork, recovery: Recovery): Promise<void> {
    const opened = await this.#attempt(() => this.#worker.openRoom(recovery), item.recovery);
    if (this.#isGone(item.recovery)) return;
    if (!opened.ok) return this.#blocked(item, opened.refusal);
    const { command, failed } = opened.value;
    const before = this.#standing.get(item.recovery);
    this.#standing.set(item.recovery, failed === null ? 'whole' : 'part');
    if (failed === null) this.#unblocked(item.recovery);
    else this.#blocked(item, failed);
    if (failed === null || before === undefined) await this.#offer(item, command);
  }

  async #clearAway(item: RestoreWork): Promise<void> {
    const { recovery } = item;
    this.#standing.delete(recovery);
    const cleared = await this.#attempt(() => this.#worker.clearAway(recovery), recovery);
    if (!cleared.ok) return this.#blocked(item, cleared.refusal);
    this.#unblocked(recovery);
    if (!this.#orphans.delete(recovery)) await this.#offer(item, cleared.value);
  }

  async #step(item: Extract<RestoreWork, { kind: 'step' }>, signal: AbortSignal): Promise<void> {
    const { recovery, component, step } = item;
    if (!(await this.#offer(item, { type: 'BeginStep', recovery, component, step }))) return;
    const { restore } = this.#world.state;
    const attempt = restore.recoveries[recovery]?.components[component]?.steps[step]?.attempt ?? 0;
    const result = await this.#attempt(
      () => this.#worker.step(restore, item, attempt, this.#work(item.key, signal)),
      `${component} · ${step}`,
    );
    this.#world.live.progress.delete(item.key);
    // Stopping is not failing: the next life gives the step back as interrupted.
    if (this.#stop.signal.aborted || this.#isGone(recovery)) return;
    const refused = result.ok ? await this.#result(result.value) : result.refusal;
    if (refused === null) return;
    const { code, retryable } = refused;
    if (roomGone.includes(code)) this.#lost(recovery, refused);
    else if (retryable) this.#again.set(item.key, performance.now() + Math.min(attempt, MOST_TRIES) * this.#after.step);
    const detail = detailOf(refused);
    await this.#submit({ type: 'FailStep', recovery, component, step, attempt, code, detail, retryable });
  }

  #blocked(item: RestoreWork, refusal: Refusal): void {
    this.#again.set(item.key, performance.now() + this.#after.room);
    if (roomGone.includes(refusal.code)) this.#lost(item.recovery, refusal);
    else this.#show(item.recovery, refusal);
  }

  /** The room must be met again before anything more is done in it. */
  #lost(recovery: string, refusal: Refusal): void {
    this.#standing.delete(recovery);
    this.#show(recovery, refusal);
  }

  /** Everyone sees why, as long as it is so. */
  #show(recovery: string, refusal: Refusal): void {
    const { live, options } = this.#world;
    if (live.blocked.get(recovery)?.code !== refusal.code)
      options.onTrouble(`restoration ${recovery}: ${refusal.code}`, refusal.message);
    live.blocked.set(recovery, refusal);
    this.#world.changed();
  }

  #unblocked(recovery: string): void {
    if (this.#world.live.blocked.delete(recovery)) this.#world.changed();
  }

  /** What breaks on the way (a full disk, a folder taken away) is a refusal like any other, never the end of the hub. */
  async #attempt<Value>(work: () => Promise<Result<Value>>, where: string): Promise<Result<Value>> {
    try {
      return await work();
    } catch (error) {
      return brokenBy(error, where);
    }
  }

  /** Submits what this work begins or ends with; refused, the same work is not tried again at once. */
  async #offer(item: RestoreWork, command: RestoreCommand): Promise<boolean> {
    const taken = await this.#submit(command);
    if (!taken) this.#again.set(item.key, performance.now() + this.#after.journal);
    return taken;
  }

  /** Whether it was taken. A journal that cannot write now is waited for: what was done must not be forgotten, nor stay "running". */
  async #submit(command: RestoreCommand): Promise<boolean> {
    for (;;) {
      const answer = await this.#world.journal.queue.submit(command, by);
      if (answer.ok) return true;
      const { code, message, retryable } = answer.refusal;
      if ('recovery' in command && this.#isGone(command.recovery)) return false;
      if (!retryable) this.#world.options.onTrouble(`restoration ${command.type}: ${code}`, message);
      if (!retryable || !code.startsWith('journal-') || this.#stop.signal.aborted) return false;
      await this.#ports.pause(this.#after.journal, this.#stop.signal);
    }
  }

  #work(key: string, signal: AbortSignal) {
    return {
      signal,
      progress: (done: number, total: number, unit: 'bytes' | 'files' | 'steps') => {
        this.#world.live.progress.set(key, { done, total, unit });
        if (performance.now() - this.#shownAt < PROGRESS_MILLISECONDS) return;
        this.#shownAt = performance.now();
        this.#world.changed();
      },
    };
  }
}
