import type { StatementSync } from 'node:sqlite';
import { receiveMessageOnPort, workerData } from 'node:worker_threads';
import type { Checkpoint, Head } from '../../journal/ports.ts';
import { type Refusal, Refused } from '../../journal/result.ts';
import { notNext } from '../../journal/seal.ts';
import { openMark } from './headMark.ts';
import { openForWriting, refusalOf } from './journalDatabase.ts';
import { createReader } from './journalReader.ts';
import type { Reply, Request, WorkerSettings } from './journalStore.ts';

/**
 * The storage thread: one connection, one request after the other, in order. Appends that have arrived by the time one is
 * stored share its commit. It sleeps on a bell in shared memory rather than in an event loop, and stays awake a moment
 * after each answer, where that pays: a lone writer that waited for its commit usually has the next one ready, and waking a
 * sleeping thread costs as much as a fast disk's flush. With many writers the next requests come later than that moment, and
 * staying awake would only keep the processor from the thread that is to make them.
 */
const awakeMilliseconds = 0.1;
/** Where staying awake did not pay, it is tried again once in so many sleeps. */
const sleepsBetweenTries = 32;
/** What one transaction holds in memory and in the write-ahead log at most, before it is committed. */
const commitEntriesMax = 2_000;
const commitCharactersMax = 16 * 1_048_576;

type Append = Extract<Request, { verb: 'append' }>;
type Received = { id: number; request: Request };

const { folder, bell, port }: WorkerSettings = workerData;

function opened() {
  const database = openForWriting(folder);
  const insert = (columns: string): StatementSync => database.prepare(`INSERT INTO ${columns}`);
  return {
    database,
    reader: createReader(database, folder),
    insertEntry: insert('entries (sequence, epoch, hash, form) VALUES (?, ?, ?, ?)'),
    insertDocument: insert('documents (hash, text) VALUES (?, ?)'),
    insertCheckpoint: insert('checkpoints (sequence, body) VALUES (?, ?)'),
    begin: database.prepare('BEGIN IMMEDIATE'),
    commit: database.prepare('COMMIT'),
  };
}

function openedOrTold(): ReturnType<typeof opened> {
  try {
    return opened();
  } catch (error) {
    reply([], undefined, refusalOf(error, folder));
    process.exit();
  }
}

const { database, reader, insertEntry, insertDocument, insertCheckpoint, begin, commit } = openedOrTold();
const mark = openMark(folder);
/** The durable head, and where the open transaction would bring it. */
let head: Head = reader.head();
let inserted = head;
/** The appends of the open transaction. */
let open: { ids: number[]; entries: number; characters: number } | undefined;

function reply(ids: number[], value?: Reply['value'], refusal?: Refusal): void {
  const message: Reply = { ids, value, ...(refusal && { refusal }) };
  port.postMessage(message);
}

const refusalFor = (error: unknown): Refusal => (error instanceof Refused ? error.refusal : refusalOf(error, folder));

/** Nothing of the open transaction is kept, and all who are in it hear so. */
function giveUp(ids: number[], error: unknown): void {
  const refused = [...(open?.ids ?? []), ...ids];
  open = undefined;
  inserted = head;
  try {
    if (database.isTransaction) database.exec('ROLLBACK');
  } finally {
    reply(refused, undefined, refusalFor(error));
  }
}

function insert(id: number, { first, previousHash, epochs, documents, ...lines }: Append): void {
  // The caller checked the batch within itself; here, that it continues what is stored.
  if (first !== inserted.sequence + 1 || previousHash !== inserted.hash) {
    reply([id], undefined, notNext(inserted, { sequence: first, previousHash }).refusal);
    return;
  }
  const forms = lines.forms.split('\n');
  const hashes = lines.hashes.split('\n');
  try {
    beginUnlessBegun();
    open ??= { ids: [], entries: 0, characters: 0 };
    for (const [name, text] of documents) insertDocument.run(name, text);
    for (let index = 0; index < forms.length; index++) {
      insertEntry.run(first + index, epochs[index] ?? 0, hashes[index] ?? '', forms[index] ?? '');
    }
  } catch (error) {
    giveUp([id], error);
    return;
  }
  open.ids.push(id);
  open.entries += forms.length;
  open.characters += lines.forms.length;
  const last = forms.length - 1;
  inserted = { epoch: epochs[last] ?? inserted.epoch, sequence: first + last, hash: hashes[last] ?? inserted.hash };
}

function commitOpen(): void {
  if (open === undefined) return;
  try {
    commit.run();
  } catch (error) {
    giveUp([], error);
    return;
  }
  head = inserted;
  reply(open.ids);
  open = undefined;
  try {
    // After the answer, for nobody waits for it; the commit stands in any case, and an older mark is still a true one.
    mark.write(head);
    // Begun now, the next transaction costs the next writer less. This connection is the only one that writes.
    beginUnlessBegun();
  } catch {
    // Whatever it was, the next append meets it again, and says so.
  }
}

function beginUnlessBegun(): void {
  if (!database.isTransaction) begin.run();
}

function addCheckpoint(checkpoint: Checkpoint): void {
  beginUnlessBegun();
  try {
    insertCheckpoint.run(checkpoint.sequence, JSON.stringify(checkpoint));
    commit.run();
  } catch (error) {
    if (database.isTransaction) database.exec('ROLLBACK');
    throw error;
  }
}

/** Stores an append and those that have arrived behind it, then commits. Returns what it received and is no append. */
function appendAll(id: number, request: Append): Received | undefined {
  insert(id, request);
  for (let { more } = request; ; ) {
    const full = open !== undefined && (open.entries >= commitEntriesMax || open.characters >= commitCharactersMax);
    const following = full ? undefined : more ? next() : arrived();
    if (following?.request.verb !== 'append') {
      commitOpen();
      return following;
    }
    insert(following.id, following.request);
    ({ more } = following.request);
  }
}

function answer(request: Exclude<Request, Append>): Reply['value'] {
  switch (request.verb) {
    case 'head':
      head = reader.head();
      inserted = head;
      return head;
    case 'stored':
      return reader.stored(request.after, request.limit);
    case 'checkpoints':
      return reader.checkpoints(request.after, request.limit);
    case 'document':
      return reader.document(request.hash);
    case 'checkpoint':
      addCheckpoint(request.checkpoint);
      return undefined;
    case 'close':
      mark.close();
      database.close();
      return undefined;
  }
}

const arrived = (): Received | undefined => receiveMessageOnPort(port)?.message;

let awakePays = true;
let sleeps = 0;

/** The next request, asleep while there is none. */
function next(): Received {
  for (;;) {
    const rung = Atomics.load(bell, 0);
    const received = arrived();
    if (received !== undefined) return received;
    if (awakePays || ++sleeps % sleepsBetweenTries === 0) {
      const until = performance.now() + awakeMilliseconds;
      while (Atomics.load(bell, 0) === rung && performance.now() < until);
      awakePays = Atomics.load(bell, 0) !== rung;
    }
    Atomics.wait(bell, 0, rung);
  }
}

for (let closed = false; !closed; ) {
  let received: Received | undefined = next();
  while (received !== undefined) {
    const { id, request }: Received = received;
    received = undefined;
    if (request.verb === 'append') {
      received = appendAll(id, request);
      continue;
    }
    try {
      reply([id], answer(request));
    } catch (error) {
      reply([id], undefined, refusalFor(error));
    }
    closed = request.verb === 'close';
  }
}
