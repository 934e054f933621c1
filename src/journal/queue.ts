import type { Codec, Encoded } from './codec.ts';
import { answerOf, charactersOf, createDecider } from './decider.ts';
import type { NewEvent, RecordedEvent } from './event.ts';
import type { Head, JournalStore } from './ports.ts';
import { createRecentChanges } from './recentChanges.ts';
import { type Refusal, Refused, type Result, refuse } from './result.ts';

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
/** The same bound for large commands: what waits is held in memory. */
const waitingCharactersMax = 128 * 1_048_576;
/**
 * Entries handed to the store at once: it stores the first of a turn while the next are still being decided. Fewer, and
 * waking its thread would cost more than is gained.
 */
const pieceEntries = 16;

interface Waiter<State> {
  encoded: Encoded[];
  /** The head once these events are folded. */
  after: Durable<State>;
  /** What to answer when durable. */
  answer: Result<Accepted>;
  resolve(result: Result<Accepted>): void;
}

/** Some waiters whose events went to the store together, and what became of them. */
interface Piece<State> {
  waiters: Waiter<State>[];
  outcome?: 'stored' | { error: unknown };
}

export function createQueue<State, Command>(options: QueueOptions<State, Command>): CommandQueue<State, Command> {
  const { store, world } = options;
  const decide = createDecider(options);
  const listeners = new Set<(change: DurableChange<State>) => void>();
  let recent = createRecentChanges<State>(world.versionOf);
  let durable = options.start;
  let head = options.start;
  let readOnly = options.readOnly;
  /** With the store, in order; then those decided since, in this turn of the event loop. */
  let sent: Piece<State>[] = [];
  let gathering: Waiter<State>[] = [];
  const waiting = { commands: 0, entries: 0, characters: 0 };
  let turnEnding = false;
  const settling: (() => void)[] = [];

  function tell(change: DurableChange<State>): void {
    for (const listener of listeners) {
      try {
        listener(change);
      } catch (error) {
        options.onListenerError?.(error);
      }
    }
  }

  function settledIfIdle(): void {
    if (sent.length > 0 || gathering.length > 0) return;
    for (const resolve of settling.splice(0)) resolve();
  }

  /** Hands what was gathered to the store. `more`: this turn is not over, the store may await the rest. */
  function send(more: boolean): void {
    const piece: Piece<State> = { waiters: gathering };
    gathering = [];
    waiting.entries = 0;
    sent.push(piece);
    const encoded = piece.waiters.flatMap((waiter) => waiter.encoded);
    const documents = Object.assign({}, ...encoded.map((one) => one.documents));
    const entries = encoded.map((one) => one.envelope);
    const settle = (outcome: NonNullable<Piece<State>['outcome']>): void => {
      piece.outcome = outcome;
      // In a microtask of its own, so that all that one commit settled is told of at once.
      if (piece === sent[0]) queueMicrotask(settleSent);
    };
    store.append(entries, documents, more).then(
      () => settle('stored'),
      (error: unknown) => settle({ error }),
    );
  }

  function endTurn(): void {
    turnEnding = false;
    if (gathering.length > 0) send(false);
  }

  function settleSent(): void {
    const count = sent.findIndex((piece) => piece.outcome !== 'stored');
    nowDurable(sent.splice(0, count < 0 ? sent.length : count).flatMap((piece) => piece.waiters));
    const outcome = sent[0]?.outcome;
    if (typeof outcome === 'object') void refuseAll(outcome.error);
    settledIfIdle();
  }

  function nowDurable(waiters: Waiter<State>[]): void {
    const last = waiters.at(-1);
    if (last === undefined) return;
    const before = durable.state;
    const events = waiters.flatMap(({ encoded }) => encoded.map((one) => one.recorded));
    durable = last.after;
    waiting.commands -= waiters.length;
    for (const { encoded } of waiters) waiting.characters -= charactersOf(encoded);
    if (events.length > 0) tell({ ...durable, before, events });
    for (const waiter of waiters) waiter.resolve(waiter.answer);
  }

  /** A failed commit: the head is the durable one again, and all who built on it may try again. */
  async function refuseAll(error: unknown): Promise<void> {
    const refusal = unavailable(error);
    const waiters = [...sent.flatMap((piece) => piece.waiters), ...gathering];
    sent = [];
    gathering = [];
    Object.assign(waiting, { commands: 0, entries: 0, characters: 0 });
    head = durable;
    recent.forgetAfter(durable.head.sequence);
    const { head: acknowledged } = durable;
    const storeHead = store.head().catch(() => undefined);
    for (const waiter of waiters) waiter.resolve({ ok: false, refusal });
    const stored = await storeHead;
    if (stored !== undefined && (stored.sequence !== acknowledged.sequence || stored.hash !== acknowledged.hash)) {
      readOnly = {
        code: 'journal-diverged',
        message: `The store stands at entry ${stored.sequence}, but only ${acknowledged.sequence} was acknowledged.`,
        kept: 'every acknowledged entry',
        cure: 'Restart Reflexe: it reads the journal again from the disk.',
        retryable: false,
      };
    }
    settledIfIdle();
  }

  function gather(waiter: Waiter<State>): void {
    // Only sent ahead when more entries do follow: the last piece of a turn closes it.
    if (waiting.entries >= pieceEntries && waiter.encoded.length > 0) send(true);
    gathering.push(waiter);
    waiting.commands++;
    waiting.entries += waiter.encoded.length;
    waiting.characters += charactersOf(waiter.encoded);
    if (turnEnding) return;
    turnEnding = true;
    // One turn of the loop, so that callers woken by one commit go into the next together. Not a timer: nothing waits.
    setImmediate(endTurn);
  }

  function submit(command: Command, by: { actor: string; expected?: Expected | undefined }): Promise<Result<Accepted>> {
    if (readOnly !== undefined) return Promise.resolve({ ok: false, refusal: readOnly });
    if (waiting.commands >= waitingMax || waiting.characters >= waitingCharactersMax) {
      const message = `${waiting.commands} commands already wait for the disk.`;
      const more = { kept: 'nothing was written', cure: 'Try again.', retryable: true };
      return Promise.resolve(refuse('journal-busy', message, more));
    }
    const changed = by.expected && recent.changedSince(by.expected, head.state);
    const decided = changed ? { ok: false as const, refusal: changed } : decide(head, command, by.actor);
    const encoded = decided.ok ? decided.value.encoded : [];
    if (encoded.length === 0 && head === durable) return Promise.resolve(answerOf(decided));
    if (decided.ok && encoded.length > 0) {
      const { after } = decided.value;
      for (const { recorded } of encoded) recent.add(recorded, head.state, after.state);
      head = after;
    }
    return new Promise((resolve) => gather({ encoded, after: head, answer: answerOf(decided), resolve }));
  }

  function settled(): Promise<void> {
    return new Promise((resolve) => {
      settling.push(resolve);
      settledIfIdle();
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
    settled,
    replaceState(state, at) {
      if (at.sequence !== durable.head.sequence) return false;
      const before = durable.state;
      durable = { state, head: durable.head };
      recent = createRecentChanges<State>(world.versionOf);
      head = durable;
      for (const waiter of [...sent.flatMap((piece) => piece.waiters), ...gathering]) {
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
      await settled();
    },
  };
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
