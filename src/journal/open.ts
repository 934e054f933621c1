import { createHash, randomBytes } from 'node:crypto';
import { readFile } from 'node:fs/promises';
import { createCodec, type Events, parseEnvelope } from './codec.ts';
import type { Json } from './event.ts';
import { alteredRefusal, type FoldProgress, foldJournal } from './fold.ts';
import type { Head, JournalEngine, KeyStore } from './ports.ts';
import { type CommandQueue, createQueue, type Durable, type World } from './queue.ts';
import { accept, type Refusal, Refused, type Result, refuse } from './result.ts';
import { emptyHead, sha256, signCheckpoint } from './seal.ts';
import { type Verdict, verifyStore } from './verify.ts';

export interface OpenOptions<State, Command> {
  /**
   * Where the journal is kept: `sqliteEngine(folder)`, or `async () => accept(memoryEngine())`. Told the fold whose snapshot
   * will be asked for: an engine may begin to read it while the rest is opened.
   */
  engine(foldKey: string): Promise<Result<JournalEngine>>;
  establishment: string;
  events: Events;
  world: World<State, Command>;
  /** Changes whenever the fold's code or schemas do: see `foldKeyOf`. A snapshot of another key is not used. */
  foldKey: string;
  /** Milliseconds since 1970. */
  clock(): number;
  /** Unique in the journal; random by default. */
  newId?(kind: string): string;
  /** Told while the journal is folded again, and as it is opened. */
  onProgress?(progress: FoldProgress): void;
  /** What went wrong beside the journal and did not stop it: a snapshot that could not be written, a listener that threw. */
  onTrouble?(what: string, error: unknown): void;
  /** Entries between two snapshots; one is saved at close too. */
  snapshotEvery?: number;
  /** Entries between two signed checkpoints; one is signed at close too. */
  checkpointEvery?: number;
}

export interface Journal<State, Command> {
  queue: CommandQueue<State, Command>;
  store: JournalEngine['store'];
  keys: KeyStore;
  /** How the state was come by. */
  opened: { fromSnapshot: number; folded: number };
  /** Reads and checks everything again, up to now. */
  verify(anchor?: Head): Promise<Verdict>;
  saveSnapshot(): Promise<void>;
  /** Erases a subject's key, every snapshot, and folds the state again without what the key opened. */
  erase(subject: string): Promise<Result<void>>;
  close(): Promise<void>;
}

/** A tail this long folds again in about half a second. */
const snapshotEvery = 20_000;
/** While events pour in, snapshots take at most one part in so many of the time… */
const snapshotShare = 20;
/** …but the tail stays one that folds again in some seconds. */
const tailMax = 200_000;
/** What an attacker who can rewrite the folder could rewrite unseen, before copies and anchors are asked. */
const checkpointEvery = 1_000;

/** The hash of the fold's code: the text of these files, in this order. */
export async function foldKeyOf(files: readonly (URL | string)[]): Promise<string> {
  const hash = createHash('sha256');
  for (const file of files) hash.update(sha256(await readFile(file)));
  return hash.digest('hex');
}

const shortened = (head: Head, known: number, what: string): Refusal => ({
  code: 'journal-shortened',
  message: `The journal ends at entry ${head.sequence}, but ${what} names entry ${known}: entries ${head.sequence + 1} to ${known} are lost.`,
  where: `entry ${head.sequence + 1}`,
  expected: `a journal up to entry ${known} at least`,
  kept: `the journal as it is; entries 1 to ${head.sequence} are there`,
  cure: 'Take the journal from a copy that has them.',
  retryable: false,
});

/** The journal still says at `place` what was known of it elsewhere. */
async function stillThere(store: JournalEngine['store'], head: Head, place: Head, what: string): Promise<Result<void>> {
  if (place.sequence === 0) return accept(undefined);
  if (head.sequence < place.sequence) return { ok: false, refusal: shortened(head, place.sequence, what) };
  const [entry] = await store.stored(place.sequence - 1, 1);
  const same = entry?.sequence === place.sequence && entry.hash === place.hash && sha256(entry.form) === place.hash;
  if (same) return accept(undefined);
  return { ok: false, refusal: alteredRefusal({ sequence: place.sequence, reason: `not what ${what} names` }) };
}

async function startingPoint<State>(
  engine: JournalEngine,
  foldKey: string,
  initial: State,
): Promise<Result<Durable<State>>> {
  const head = await engine.store.head();
  const { acknowledged } = engine;
  const mark = acknowledged && (await stillThere(engine.store, head, acknowledged, 'the last acknowledgement'));
  if (mark && !mark.ok) return mark;
  const snapshot = await engine.snapshots.latest(foldKey);
  if (snapshot === undefined) return accept({ state: initial, head: emptyHead });
  const place = { epoch: snapshot.epoch, sequence: snapshot.sequence, hash: snapshot.hash };
  const there = await stillThere(engine.store, head, place, 'a snapshot');
  // The fold key says that this very code and these schemas wrote it.
  return there.ok ? accept({ state: snapshot.state as State, head: place }) : there;
}

/** Opens a journal: its newest usable snapshot and the tail after it, or all of it. */
export async function openJournal<State, Command>(
  options: OpenOptions<State, Command>,
): Promise<Result<Journal<State, Command>>> {
  const made = await options.engine(options.foldKey);
  if (!made.ok) return made;
  const engine = made.value;
  try {
    const opened = await openOn(engine, options);
    if (!opened.ok) await engine.close();
    return opened;
  } catch (error) {
    await engine.close();
    if (error instanceof Refused) return { ok: false, refusal: error.refusal };
    throw error;
  }
}

async function belongsTo(store: JournalEngine['store'], establishment: string): Promise<Result<void>> {
  const [first] = await store.stored(0, 1);
  if (first === undefined) return accept(undefined);
  const owner = parseEnvelope(first).establishment;
  if (owner === establishment) return accept(undefined);
  return refuse('journal-other-establishment', `This is the journal of ${owner}, not of ${establishment}.`, {
    where: 'entry 1',
    expected: establishment,
    kept: 'the journal as it is',
    cure: 'Check the folder and the establishment in the configuration.',
  });
}

async function openOn<State, Command>(
  engine: JournalEngine,
  options: OpenOptions<State, Command>,
): Promise<Result<Journal<State, Command>>> {
  const { establishment, world, foldKey, clock, onProgress } = options;
  const { store, keys, snapshots, signer } = engine;
  const trouble = options.onTrouble ?? (() => {});
  const owned = await belongsTo(store, establishment);
  if (!owned.ok) return owned;
  const from = await startingPoint(engine, foldKey, world.initial);
  if (!from.ok) return from;
  const codec = createCodec(establishment, options.events, keys);
  const folding = { store, codec, world, establishment, onProgress };
  const folded = await foldJournal({ ...folding, from: from.value });
  if (!folded.ok) return folded;
  const { state, head, stopped } = folded.value;
  const queue = createQueue({
    store,
    codec,
    world,
    clock,
    start: { state, head },
    readOnly: stopped,
    newId: options.newId ?? ((kind) => `${kind}-${randomBytes(10).toString('hex')}`),
    onListenerError: (error) => trouble('a listener of the journal failed', error),
  });

  let saving: Promise<void> | undefined;
  let savedAt = from.value.head.sequence;
  let restUntil = 0;
  async function save(): Promise<void> {
    const now = queue.durable;
    if (now.head.sequence === savedAt || stopped !== undefined) return;
    const start = performance.now();
    await snapshots.save({ ...now.head, foldKey, state: now.state as Json });
    savedAt = now.head.sequence;
    restUntil = performance.now() + snapshotShare * (performance.now() - start);
  }
  async function saveSnapshot(): Promise<void> {
    while (saving !== undefined) await saving;
    saving = save()
      .catch((error) => trouble('the snapshot could not be saved; the journal itself is whole', error))
      .finally(() => {
        saving = undefined;
      });
    await saving;
  }
  async function sign(): Promise<void> {
    const now = queue.durable.head;
    // What a newer version wrote is left as it is.
    if (now.sequence === 0 || stopped !== undefined) return;
    try {
      await store.addCheckpoint(signCheckpoint(signer, establishment, now, new Date(clock()).toISOString()));
    } catch (error) {
      trouble('the checkpoint could not be written; the journal itself is whole', error);
    }
  }

  let nextSnapshot = savedAt + (options.snapshotEvery ?? snapshotEvery);
  let nextCheckpoint = head.sequence + (options.checkpointEvery ?? checkpointEvery);
  queue.onDurable((change) => {
    if (change.head.sequence >= nextCheckpoint) {
      nextCheckpoint = change.head.sequence + (options.checkpointEvery ?? checkpointEvery);
      void sign();
    }
    const past = change.head.sequence - nextSnapshot;
    if (saving === undefined && past >= 0 && (performance.now() >= restUntil || past >= tailMax)) {
      nextSnapshot = change.head.sequence + (options.snapshotEvery ?? snapshotEvery);
      void saveSnapshot();
    }
  });

  return accept({
    queue,
    store,
    keys,
    opened: { fromSnapshot: from.value.head.sequence, folded: head.sequence - from.value.head.sequence },
    verify: (anchor) => verifyStore(store, { establishment, anchor }),
    saveSnapshot,
    async erase(subject) {
      while (saving !== undefined) await saving;
      keys.erase(subject);
      await snapshots.clear();
      savedAt = 0;
      let again: Durable<State> = { state: world.initial, head: emptyHead };
      do {
        const result = await foldJournal({ ...folding, from: again });
        if (!result.ok) return result;
        again = result.value;
      } while (!queue.replaceState(again.state, again.head));
      await saveSnapshot();
      return accept(undefined);
    },
    async close() {
      await queue.close();
      await sign();
      await saveSnapshot();
      await engine.close();
    },
  });
}
