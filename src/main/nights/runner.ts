import type { Refusal, Result } from '../../journal/result.ts';
import { refuse } from '../../journal/result.ts';
import type { RestoreConfiguration } from '../../restore/configuration.ts';
import { isAllExplained, newlyDirty } from '../../restore/nights/decide.ts';
import { judgedAll } from '../../restore/nights/judged.ts';
import { nightsToJudge } from '../../restore/work.ts';
import type { RestorationPorts, RestorationWorker } from '../../restore/worker.ts';
import { brokenBy, detailOf } from '../brokenBy.ts';
import type { HospitalCommand } from '../hospital.ts';
import type { HospitalWorld } from '../world.ts';
import { meansOf } from './means.ts';

const by = { actor: 'worker:nights' } as const;
/** Progress is shown at most this often. */
const PROGRESS_MILLISECONDS = 500;
/** What the journal could not take, or what was cut short, is tried again after this long. */
const AGAIN_MILLISECONDS = 30_000;
const SIGNS_TOLD = 5;

/** Events after which how things are restored is read again: the map, and each night. */
const readAgainAfter: readonly string[] = ['MapImported', 'MapChanged', 'JudgingAsked'];

export interface NightsParts {
  world: HospitalWorld;
  ports: Pick<RestorationPorts, 'cleanPoints' | 'stopwatch'>;
  worker: RestorationWorker;
  configuration: RestoreConfiguration;
}

/**
 * Looks through the nights that are asked for, one component at a time, and says what can be restored here and how. Gives way as soon
 * as an incident opens: what was asked stays asked.
 */
export class NightsRunner {
  readonly #parts: NightsParts;
  readonly #stop = new AbortController();
  readonly #unsubscribe: (() => void)[];
  readonly #again = new Map<string, number>();
  #judging: { component: string; done: Promise<void>; cut: AbortController } | undefined;
  #seeing: Promise<void> | undefined;
  #seeAgain = false;
  #shownAt = 0;

  constructor(parts: NightsParts) {
    this.#parts = parts;
    const { world } = parts;
    this.#unsubscribe = [
      world.journal.queue.onDurable(({ events }) => {
        if (events.some(({ type }) => readAgainAfter.includes(type))) this.#see();
        this.#take();
      }),
      world.onTick(() => this.#take()),
    ];
    this.#see();
    this.#take();
  }

  async close(): Promise<void> {
    for (const unsubscribe of this.#unsubscribe) unsubscribe();
    this.#stop.abort();
    this.#judging?.cut.abort();
    await this.#seeing;
    await this.#judging?.done;
  }

  #see(): void {
    this.#seeAgain = true;
    this.#seeing ??= this.#seeMeans()
      .catch((error: unknown) => this.#trouble('means of restoration', error))
      .finally(() => {
        this.#seeing = undefined;
      });
  }

  async #seeMeans(): Promise<void> {
    const { world, configuration } = this.#parts;
    while (this.#seeAgain && !this.#stop.signal.aborted) {
      this.#seeAgain = false;
      const { map, restore } = world.state;
      if (map.document === null) return;
      const means = await meansOf(map.document, configuration, restore.proofs.means);
      await this.#submit({ type: 'SeeMeans', means });
    }
  }

  #take(): void {
    const { restore } = this.#parts.world.state;
    const wanted = nightsToJudge(restore);
    if (this.#judging !== undefined) {
      if (!wanted.includes(this.#judging.component)) this.#judging.cut.abort();
      return;
    }
    const sourceOf = (component: string) => restore.proofs.means[component]?.source ?? '';
    // Components of one source after each other: what the first pass found of a content, the next one knows.
    const [component] = wanted
      .filter((one) => (this.#again.get(one) ?? 0) <= performance.now())
      .toSorted((one, other) => sourceOf(one).localeCompare(sourceOf(other)));
    if (component === undefined || this.#stop.signal.aborted) return;
    const cut = new AbortController();
    const done = this.#judge(component, sourceOf(component), cut.signal)
      .catch((error: unknown) => this.#trouble(`nights of ${component}`, error))
      .finally(() => {
        this.#judging = undefined;
        this.#parts.world.live.progress.delete(`nights/${component}`);
        this.#take();
      });
    this.#judging = { component, done, cut };
  }

  async #judge(component: string, source: string, signal: AbortSignal): Promise<void> {
    const { world, ports, worker } = this.#parts;
    const { nights } = world.state.restore;
    this.#again.set(component, performance.now() + AGAIN_MILLISECONDS);
    const elapsed = ports.stopwatch();
    const ask = worker.cleanPointAsk(nights, component);
    const found = await this.#attempt(
      async () =>
        source === ''
          ? gone(component)
          : (ports.cleanPoints?.find(source, ask, this.#work(component, signal)) ?? noFinder(source)),
      component,
    );
    if (signal.aborted) return;
    if (!found.ok) return this.#failed(component, found.refusal);
    const all = judgedAll(component, source, found.value, Math.round(elapsed() * 10) / 10);
    const signs = newlyDirty(world.state.restore.nights, all);
    // First the alarm: were we ended between the two, the nights would be judged again.
    if (signs !== null) {
      const detail = signs.rules.slice(0, SIGNS_TOLD).join(', ');
      // What a backup claims may be later than now.
      const since = new Date(Math.min(Date.parse(signs.since), world.options.clock.now())).toISOString();
      await this.#submit({
        type: 'ReportRansomwareSign',
        component,
        check: 'nights',
        sign: 'backupAnomaly',
        detail,
        since,
      });
    }
    if (!(await this.#submit({ type: 'RecordNights', ...all }))) return;
    this.#again.delete(component);
    if (isAllExplained(all))
      await this.#submit({ type: 'SettleRansomwareSign', component, check: 'nights', sign: 'backupAnomaly' });
  }

  async #failed(component: string, refusal: Refusal): Promise<void> {
    const { code, message } = refusal;
    this.#trouble(`nights of ${component}: ${code}`, message);
    await this.#submit({ type: 'FailJudging', component, code, detail: detailOf(refusal) });
  }

  async #attempt<Value>(work: () => Promise<Result<Value>>, where: string): Promise<Result<Value>> {
    try {
      return await work();
    } catch (error) {
      return brokenBy(error, where);
    }
  }

  async #submit(command: HospitalCommand): Promise<boolean> {
    const answer = await this.#parts.world.journal.queue.submit(command, by);
    if (!answer.ok) this.#trouble(`${command.type}: ${answer.refusal.code}`, answer.refusal.message);
    return answer.ok;
  }

  #trouble(what: string, error: unknown): void {
    this.#parts.world.options.onTrouble(what, error);
  }

  #work(component: string, signal: AbortSignal) {
    const { world } = this.#parts;
    return {
      signal,
      progress: (done: number, total: number, unit: 'bytes' | 'files' | 'steps') => {
        world.live.progress.set(`nights/${component}`, { done, total, unit });
        if (performance.now() - this.#shownAt < PROGRESS_MILLISECONDS) return;
        this.#shownAt = performance.now();
        world.changed();
      },
    };
  }
}

const gone = (component: string) =>
  refuse('component-not-restorable', 'This component has no backup source that can be read here.', {
    where: component,
  });

const noFinder = (source: string) =>
  refuse('scanner-failed', 'Nights cannot be looked through on this machine.', { where: source });
