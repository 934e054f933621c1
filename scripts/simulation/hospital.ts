import { isDeepStrictEqual } from 'node:util';
import type { Plans } from '../../src/activate/plans.ts';
import { type Codec, createCodec } from '../../src/journal/codec.ts';
import type { Json, NewEvent, RecordedEvent } from '../../src/journal/event.ts';
import { memoryEngine } from '../../src/journal/memory.ts';
import type { Head } from '../../src/journal/ports.ts';
import type { Result } from '../../src/journal/result.ts';
import { documentHash, emptyHead } from '../../src/journal/seal.ts';
import { dueNow } from '../../src/main/due.ts';
import { type HospitalCommand, type HospitalState, hospital, hospitalEvents } from '../../src/main/hospital.ts';
import type { HospitalMap } from '../../src/map/model.ts';
import { runningSteps } from '../../src/restore/work.ts';
import { type Random, randomFrom } from '../fuzz/random.ts';
import { randomAct } from './acts.ts';
import { brokenByEvent, brokenPromises, type Confirmed, noteHold } from './invariants.ts';

export interface SimulationOptions {
  seed: number;
  acts: number;
  map: HospitalMap;
  plans: Plans;
}

export interface Simulated {
  acts: number;
  refused: number;
  events: number;
  restarts: number;
  /** Events of each type: a simulation that never reaches a release proves nothing of releases. */
  seen: { [type: string]: number };
  hours: number;
}

/** A promise of the product that does not hold, with all it takes to see it again. */
export class PromiseBroken extends Error {}

/** Rounds of what is due after one act: alarms, incidents, plans, recoveries follow one another in a few. */
const ROUNDS_MAX = 30;
const LATEST_SHOWN = 12;

/**
 * A whole hospital's rooms, no service: people, checks and workers act at random under a clock of its own, the process is
 * restarted now and then, and after each act every promise is looked at. The same seed is the same story.
 */
export function simulate(options: SimulationOptions): Simulated {
  return new Simulation(options).run();
}

class Simulation {
  readonly #options: SimulationOptions;
  readonly #random: Random;
  readonly #codec: Codec;
  readonly #events: RecordedEvent[] = [];
  /** A state kept some time ago, as a snapshot on disk is, and how many events it had folded. */
  #snapshot: { text: string; events: number };
  readonly #latest: string[] = [];
  /** What wards have said, from the events alone. */
  readonly #confirmed: Confirmed = new Map();
  readonly #frozen = new WeakSet<object>();
  readonly #seen: { [type: string]: number } = {};
  #state: HospitalState = hospital.initial;
  #head: Head = emptyHead;
  #now = Date.parse('2026-01-05T06:00:00.000Z');
  #ids = 0;
  #refused = 0;
  #restarts = 0;

  constructor(options: SimulationOptions) {
    this.#options = options;
    this.#random = randomFrom(options.seed, 'hospital');
    this.#codec = createCodec(options.map.establishment.id, hospitalEvents, memoryEngine().keys);
    this.#snapshot = { text: JSON.stringify(this.#state), events: 0 };
    this.#freeze(this.#state);
  }

  run(): Simulated {
    const started = this.#now;
    const { map, plans, acts } = this.#options;
    const plain = (value: object): Json => JSON.parse(JSON.stringify(value));
    const document = plain(plans);
    this.#obey({ type: 'ImportMap', document: map, hash: documentHash(plain(map)), source: 'simulation' });
    this.#obey({ type: 'ImportPlans', document, hash: documentHash(document), source: 'simulation' });
    for (let act = 0; act < acts; act += 1) {
      this.#now += this.#random.below(this.#random.below(50) === 0 ? 10_800_000 : 120_000);
      this.#settle();
      const command = randomAct({ state: this.#state, map, random: this.#random, now: this.#now });
      if (command !== undefined && !this.#obey(command).ok) this.#refused += 1;
      this.#settle();
      for (const broken of brokenPromises(this.#state, this.#confirmed, this.#now)) this.#fail(broken);
      if (this.#random.below(40) === 0) this.#restart();
    }
    this.#restart();
    return {
      acts,
      refused: this.#refused,
      events: this.#events.length,
      restarts: this.#restarts,
      seen: this.#seen,
      hours: Math.round((this.#now - started) / 3_600_000),
    };
  }

  /** Does what is due until nothing more is: soon, and without asking twice for what was done. */
  #settle(): void {
    const refused = new Set<string>();
    for (let round = 0; round < ROUNDS_MAX; round += 1) {
      const due = dueNow(this.#state, this.#now).filter((command) => !refused.has(JSON.stringify(command)));
      if (due.length === 0) return;
      for (const command of due) {
        const before = this.#events.length;
        const answer = this.#obey(command);
        if (!answer.ok) refused.add(JSON.stringify(command));
        const asksAgain = () => dueNow(this.#state, this.#now).some((one) => isDeepStrictEqual(one, command));
        if (answer.ok && this.#events.length === before && asksAgain())
          this.#fail(`${command.type} is due, changes nothing, and is due again`);
      }
    }
    this.#fail(`what is due does not end: ${JSON.stringify(dueNow(this.#state, this.#now))}`);
  }

  #obey(command: HospitalCommand): Result<NewEvent[]> {
    this.#latest.push(`${new Date(this.#now).toISOString()} ${JSON.stringify(command)}`);
    if (this.#latest.length > LATEST_SHOWN) this.#latest.shift();
    const context = { now: this.#now, actor: 'simulation', newId: (kind: string) => `${kind}-${++this.#ids}` };
    const decided = this.#guarded(`deciding ${command.type}`, () => hospital.decide(this.#state, command, context));
    if (!decided.ok) return decided;
    for (const event of decided.value) this.#record(event);
    return decided;
  }

  #record(event: NewEvent): void {
    const { epoch, sequence, hash } = this.#head;
    const time = new Date(this.#now).toISOString();
    const place = { epoch, sequence: sequence + 1, time, actor: 'simulation', previousHash: hash };
    const encoded = this.#codec.encode(event, place);
    if (!encoded.ok) this.#fail(`${event.type} is not as declared: ${encoded.refusal.message}`);
    const { recorded, envelope } = encoded.value;
    for (const broken of brokenByEvent(this.#state, recorded)) this.#fail(broken);
    this.#state = this.#guarded(`folding ${event.type}`, () => hospital.evolve(this.#state, recorded));
    this.#freeze(this.#state);
    this.#events.push(recorded);
    this.#head = { epoch: envelope.epoch, sequence: envelope.sequence, hash: envelope.hash };
    this.#seen[event.type] = (this.#seen[event.type] ?? 0) + 1;
    noteHold(this.#confirmed, recorded);
  }

  /** The process ends and starts again: from a snapshot and the events after it, or from all of them, it must know the same. */
  #restart(): void {
    this.#restarts += 1;
    const fold = (from: HospitalState, events: readonly RecordedEvent[]) => events.reduce(hospital.evolve, from);
    const whole = JSON.stringify(fold(hospital.initial, this.#events));
    const resumed = JSON.stringify(fold(JSON.parse(this.#snapshot.text), this.#events.slice(this.#snapshot.events)));
    const now = JSON.stringify(this.#state);
    if (whole !== now) this.#fail('folding the whole journal again gives another state');
    if (resumed !== now)
      this.#fail(`a snapshot of ${this.#snapshot.events} events and those after it give another state`);
    this.#snapshot = { text: now, events: this.#events.length };
    this.#state = JSON.parse(now);
    this.#freeze(this.#state);
    for (const step of runningSteps(this.#state.restore))
      this.#obey({ type: 'FailStep', ...step, code: 'interrupted', detail: '', retryable: true });
    if (runningSteps(this.#state.restore).length > 0) this.#fail('a step still runs, and nobody has it in hand');
  }

  /** A fold that changes what it was given throws, here and now. */
  #freeze(value: unknown): void {
    if (typeof value !== 'object' || value === null || this.#frozen.has(value)) return;
    this.#frozen.add(value);
    Object.freeze(value);
    for (const part of Object.values(value)) this.#freeze(part);
  }

  #guarded<Value>(what: string, work: () => Value): Value {
    try {
      return work();
    } catch (error) {
      return this.#fail(`${what} threw: ${error instanceof Error ? error.stack : String(error)}`);
    }
  }

  #fail(broken: string): never {
    const story = this.#latest.map((line) => `  ${line.slice(0, 300)}`).join('\n');
    throw new PromiseBroken(
      `seed ${this.#options.seed}, after ${this.#events.length} events: ${broken}\nThe latest commands:\n${story}`,
    );
  }
}
