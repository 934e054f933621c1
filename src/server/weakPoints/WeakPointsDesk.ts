import { Worker } from 'node:worker_threads';
import { type Refusal, refuse } from '../../journal/result.ts';
import type { HospitalMap } from '../../map/model.ts';
import type { WeakPoints } from '../../map/weakPoints/weakPoints.ts';

export type FromWorker = { kind: 'progress'; done: number } | { kind: 'found'; found: WeakPoints; orderMax: number };

/** How far the look at one version of a map has come. */
export type Look =
  | { state: 'computing'; since: number; done: number }
  | { state: 'found'; found: WeakPoints; orderMax: number }
  | { state: 'stopped' }
  | { state: 'failed'; refusal: Refusal };

/** A question of one screen: the processor is for the hospital. */
const atOnceMax = 1;
const resourceLimits = { maxOldGenerationSizeMb: 1_500 };
/** Longer than that, nobody waits: the command line has no such bound. */
const millisecondsMax = 300_000;

interface Job {
  look: Look;
  worker: Worker | null;
  timer: NodeJS.Timeout | undefined;
}

/** Weak points, computed in a thread of their own, once for each version of a map, and forgotten with it. */
export class WeakPointsDesk {
  readonly #jobs = new WeakMap<HospitalMap, Job>();
  #running: { document: HospitalMap; job: Job }[] = [];

  /** What is known of this version; the first time, it begins. */
  look(document: HospitalMap): Look {
    return this.#jobs.get(document)?.look ?? this.begin(document);
  }

  begin(document: HospitalMap): Look {
    const known = this.#jobs.get(document);
    if (known?.look.state === 'computing' || known?.look.state === 'found') return known.look;
    // Another version, or another world's: whoever asked last is looking at the screen.
    while (this.#running.length >= atOnceMax) this.stop(this.#running[0]?.document ?? document);
    const worker = new Worker(new URL('./worker.ts', import.meta.url), {
      workerData: document,
      execArgv: [],
      resourceLimits,
    });
    const job: Job = { look: { state: 'computing', since: Date.now(), done: 0 }, worker, timer: undefined };
    job.timer = setTimeout(() => this.#end(job, { state: 'failed', refusal: tooLong }), millisecondsMax);
    job.timer.unref();
    worker.unref();
    worker.on('message', (message: FromWorker) => {
      if (job.look.state !== 'computing') return;
      if (message.kind === 'progress') job.look = { ...job.look, done: message.done };
      else this.#end(job, { state: 'found', found: message.found, orderMax: message.orderMax });
    });
    worker.on('error', () => this.#end(job, { state: 'failed', refusal: tooLarge }));
    this.#jobs.set(document, job);
    this.#running.push({ document, job });
    return job.look;
  }

  stop(document: HospitalMap): Look {
    const job = this.#jobs.get(document);
    if (job === undefined) return { state: 'stopped' };
    if (job.look.state === 'computing') this.#end(job, { state: 'stopped' });
    return job.look;
  }

  #end(job: Job, look: Look): void {
    if (job.look.state !== 'computing') return;
    job.look = look;
    clearTimeout(job.timer);
    this.#running = this.#running.filter((one) => one.job !== job);
    void job.worker?.terminate();
    job.worker = null;
  }
}

const tooLong = refuse('weak-points-too-long', 'Looking for the weak points of this map takes too long here.', {
  kept: 'The map is as it was.',
  cure: 'Ask the command line: reflexe map weak-points.',
}).refusal;

const tooLarge = refuse('weak-points-failed', 'The weak points of this map could not be computed.', {
  kept: 'The map is as it was.',
  cure: 'Ask the command line, which may use more memory: reflexe map weak-points.',
}).refusal;
