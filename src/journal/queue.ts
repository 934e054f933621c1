import type { Codec, Encoded } from './codec.ts';
import type { Json, NewEvent, RecordedEvent } from './event.ts';
import type { Envelope, Head, JournalStore } from './ports.ts';
import { accept, type Refusal, Refused, type Result, refuse } from './result.ts';

export interface WorldContext {
  now: number;
  actor: string;
  newId(kind: string): string;
}

/** All rooms of one establishment, as one decider. Pure. */
export interface World<State, Command> {
  initial: State;
  evolve(state: State, event: RecordedEvent): State;
  decide(state: State, command: Command, context: WorldContext): Result<NewEvent[]>;
  /** The version of one thing a person may look at; undefined where there is no such thing. */
  versionOf?(state: State, thing: string): number | undefined;
}

/** What the person had before their eyes when they decided. */
export interface Expected {
  thing: string;
  version: number;
}

export interface Accepted {
  /** The last entry it rests on: its own, or the head when there was nothing to do. */
  sequence: number;
  events: RecordedEvent[];
  /** Where it would survive a power cut. */
  durable: 'here';
}

export interface Durable<State> {
  state: State;
  head: Head;
}

export interface DurableChange<State> extends Durable<State> {
  before: State;
  events: RecordedEvent[];
}

/** The command queue of one journal: the only way in. */
export interface CommandQueue<State, Command> {
  /** Answers only from what is durable: acceptance, and also a refusal that rests on events still being written. */
  submit(command: Command, by: { actor: string; expected?: Expected | undefined }): Promise<Result<Accepted>>;
  readonly durable: Durable<State>;
  /** Set when this journal can be read but no longer written, and why: an event from a newer version, or a store that failed. */
  readonly readOnly: Refusal | undefined;
  /** Called in order, after the events are durable and before their callers are answered. Returns how to stop listening. */
  onDurable(listener: (change: DurableChange<State>) => void): () => void;
  /** Resolves once everything submitted before is durable or refused. */
  settled(): Promise<void>;
  /** Takes a state folded again up to today's durable head (a key was erased); listeners hear of it. False when it is of another head. */
  replaceState(state: State, head: Head): boolean;
  /** Refuses what comes after, waits for what came before. */
  close(): Promise<void>;
}

export interface QueueOptions<State, Command> {
  store: JournalStore;
  codec: Codec;
  world: World<State, Command>;
  start: Durable<State>;
  readOnly?: Refusal | undefined;
  /** Milliseconds since 1970. */
  clock(): number;
  newId(kind: string): string;
  /** A listener that throws is cut off from nothing but its own call; someone should hear of it. */
  onListenerError?(error: unknown): void;
}

/** Commands waiting for a commit: past this the disk is not keeping up, and callers are told at once. */
const waitingMax = 10_000;
/** Entries in one commit: bounds what one transaction holds in memory and in the write-ahead log. */
const batchMax = 2_000;
const batchCharactersMax = 16 * 1_048_576;
/** The same bound as `waitingMax`, for large commands: what waits is held in memory. */
const waitingCharactersMax = 128 * 1_048_576;
/** Latest changes remembered to tell a person what happened since they looked. */
const recentMax = 64;

interface Waiter<State> {
  encoded: Encoded[];
  /** The head once these events are folded. */
  after: Durable<State>;
  /** What to answer when durable. */
  answer: Result<Accepted>;
  resolve(result: Result<Accepted>): void;
}

export function createQueue<State, Command>(options: QueueOptions<State, Command>): CommandQueue<State, Command> {
  const { store, codec, world, clock, newId } = options;
  const listeners = new Set<(change: DurableChange<State>) => void>();
  let recent: { event: Omit<RecordedEvent, 'documents'>; before: State; after: State }[] = [];
  let waitingCharacters = 0;
  let durable = options.start;
  let head = options.start;
  /** In the commit under way; then those decided meanwhile. */
  let running: Waiter<State>[] = [];
  let gathering: Waiter<State>[] = [];
  let readOnly = options.readOnly;
  let writing: Promise<void> | undefined;

  function changedSince(expected: Expected): Refusal | undefined {
    const version = world.versionOf?.(head.state, expected.thing);
    if (version === expected.version) return undefined;
    const what = recent
      .filter(({ before, after }) => {
        const then = world.versionOf?.(after, expected.thing);
        return then !== world.versionOf?.(before, expected.thing) && (then === undefined || then > expected.version);
      })
      .map(({ event }) => `${event.type} by ${event.actor} at ${event.time}`);
    return {
      code: 'changed-since-you-looked',
      message:
        version === undefined
          ? `${expected.thing} is no longer there.`
          : `${expected.thing} changed since you looked${what.length > 0 ? `: ${what.join('; ')}` : ''}.`,
      where: expected.thing,
      expected: `version ${expected.version}`,
      kept: version === undefined ? 'nothing was changed' : `version ${version}, as it stands; nothing was changed`,
      cure: 'Look at it again, then decide.',
      retryable: false,
    };
  }

  /** The new head, or why not. Nothing is kept of a refused command. */
  function decide(
    command: Command,
    actor: string,
    expected?: Expected,
  ): Result<{ encoded: Encoded[]; after: Durable<State> }> {
    const changed = expected && changedSince(expected);
    if (changed) return { ok: false, refusal: changed };
    const now = clock();
    const decision = world.decide(head.state, command, { now, actor, newId });
    if (!decision.ok) return decision;
    const time = new Date(now).toISOString();
    const encoded: Encoded[] = [];
    let { state } = head;
    let { epoch, sequence, hash } = head.head;
    for (const event of decision.value) {
      const one = codec.encode(event, { epoch, sequence: sequence + 1, time, actor, previousHash: hash });
      if (!one.ok) return one;
      state = world.evolve(state, one.value.recorded);
      ({ epoch, sequence, hash } = one.value.envelope);
      encoded.push(one.value);
    }
    return accept({ encoded, after: { state, head: { epoch, sequence, hash } } });
  }

  function guarded(command: Command, actor: string, expected?: Expected): ReturnType<typeof decide> {
    try {
      return decide(command, actor, expected);
    } catch (error) {
      // A room that throws has a broken invariant: stop before append, keep the head as it was.
      return refuse(
        'invariant-broken',
        `This command could not be decided: ${error instanceof Error ? error.message : error}.`,
        {
          kept: 'everything as it was; nothing was written',
          cure: 'This is a defect of Reflexe: report it with the support bundle.',
        },
      );
    }
  }

  async function commit(batch: Waiter<State>[]): Promise<void> {
    const entries: Envelope[] = [];
    const documents: { [hash: string]: Json } = {};
    for (const { encoded } of batch) {
      for (const one of encoded) {
        entries.push(one.envelope);
        Object.assign(documents, one.documents);
      }
    }
    if (entries.length > 0) await store.append(entries, documents);
  }

  function tell(change: DurableChange<State>): void {
    for (const listener of listeners) {
      try {
        listener(change);
      } catch (error) {
        options.onListenerError?.(error);
      }
    }
  }

  function nowDurable(batch: Waiter<State>[]): void {
    const last = batch.at(-1);
    if (last === undefined) return;
    const before = durable.state;
    const events = batch.flatMap(({ encoded }) => encoded.map((one) => one.recorded));
    durable = last.after;
    if (events.length > 0) tell({ ...durable, before, events });
    for (const waiter of batch) waiter.resolve(waiter.answer);
  }

  /** A failed commit: the head is the durable one again, and all who built on it may try again. */
  async function refuseAll(batch: Waiter<State>[], error: unknown): Promise<void> {
    const refusal = unavailable(error);
    head = durable;
    recent = recent.filter(({ event }) => event.sequence <= durable.head.sequence);
    const waiters = [...batch, ...gathering];
    gathering = [];
    waitingCharacters = 0;
    for (const waiter of waiters) waiter.resolve({ ok: false, refusal });
    const stored = await store.head().catch(() => undefined);
    if (stored !== undefined && (stored.sequence !== durable.head.sequence || stored.hash !== durable.head.hash)) {
      readOnly = {
        code: 'journal-diverged',
        message: `The store stands at entry ${stored.sequence}, but only ${durable.head.sequence} was acknowledged.`,
        kept: 'every acknowledged entry',
        cure: 'Restart Reflexe: it reads the journal again from the disk.',
        retryable: false,
      };
    }
  }

  function advance(after: Durable<State>, encoded: Encoded[]): void {
    const before = head.state;
    head = after;
    for (const { recorded } of encoded) {
      const { documents: _, ...event } = recorded;
      recent.push({ event, before, after: after.state });
    }
    if (recent.length > recentMax) recent.splice(0, recent.length - recentMax);
  }

  /** The waiters of the next commit: all, within the bounds of one transaction. */
  function nextBatch(): Waiter<State>[] {
    let entries = 0;
    let characters = 0;
    let count = 0;
    for (const { encoded } of gathering) {
      entries += encoded.length;
      characters += charactersOf(encoded);
      if (count > 0 && (entries > batchMax || characters > batchCharactersMax)) break;
      count++;
    }
    const batch = gathering.splice(0, count);
    for (const { encoded } of batch) waitingCharacters -= charactersOf(encoded);
    return batch;
  }

  async function write(): Promise<void> {
    // One turn of the loop, so that callers woken by the last commit go into the same batch. Not a timer: nothing waits.
    await new Promise((resolve) => setImmediate(resolve));
    while (gathering.length > 0) {
      running = nextBatch();
      try {
        await commit(running);
      } catch (error) {
        await refuseAll(running.splice(0), error);
        continue;
      }
      nowDurable(running.splice(0));
      await new Promise((resolve) => setImmediate(resolve));
    }
    writing = undefined;
  }

  function submit(command: Command, by: { actor: string; expected?: Expected | undefined }): Promise<Result<Accepted>> {
    if (readOnly !== undefined) return Promise.resolve({ ok: false, refusal: readOnly });
    if (gathering.length >= waitingMax || waitingCharacters >= waitingCharactersMax) {
      const message = `${gathering.length} commands already wait for the disk.`;
      return Promise.resolve(
        refuse('journal-busy', message, { kept: 'nothing was written', cure: 'Try again.', retryable: true }),
      );
    }
    const decided = guarded(command, by.actor, by.expected);
    const answer: Result<Accepted> = decided.ok
      ? accept({
          sequence: decided.value.after.head.sequence,
          events: decided.value.encoded.map((one) => one.recorded),
          durable: 'here',
        })
      : decided;
    const nothingToWrite = !decided.ok || decided.value.encoded.length === 0;
    if (nothingToWrite && head === durable) return Promise.resolve(answer);
    const encoded = decided.ok ? decided.value.encoded : [];
    if (decided.ok && !nothingToWrite) advance(decided.value.after, encoded);
    waitingCharacters += charactersOf(encoded);
    return new Promise((resolve) => {
      gathering.push({ encoded, after: head, answer, resolve });
      writing ??= write();
    });
  }

  return {
    submit,
    get durable() {
      return durable;
    },
    get readOnly() {
      return readOnly;
    },
    onDurable(listener) {
      listeners.add(listener);
      return () => listeners.delete(listener);
    },
    async settled() {
      while (writing !== undefined) await writing;
    },
    replaceState(state, at) {
      if (at.sequence !== durable.head.sequence) return false;
      const before = durable.state;
      durable = { state, head: durable.head };
      recent = [];
      head = durable;
      for (const waiter of [...running, ...gathering]) {
        if (waiter.encoded.length > 0) {
          const next = waiter.encoded.reduce((folded, one) => world.evolve(folded, one.recorded), head.state);
          head = { state: next, head: waiter.after.head };
        }
        waiter.after = head;
      }
      tell({ ...durable, before, events: [] });
      return true;
    },
    async close() {
      readOnly ??= { code: 'journal-closed', message: 'The journal is closed.', retryable: true };
      while (writing !== undefined) await writing;
    },
  };
}

function charactersOf(encoded: Encoded[]): number {
  let characters = 0;
  for (const one of encoded) characters += one.characters;
  return characters;
}

function unavailable(error: unknown): Refusal {
  if (error instanceof Refused) return { ...error.refusal, retryable: true };
  return {
    code: 'journal-unavailable',
    message: `The journal could not be written: ${error instanceof Error ? error.message : error}.`,
    kept: 'every acknowledged entry; this one was not written',
    cure: 'Try again.',
    retryable: true,
  };
}
