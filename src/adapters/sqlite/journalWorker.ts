import type { StatementSync } from 'node:sqlite';
import { parentPort, receiveMessageOnPort, workerData } from 'node:worker_threads';
import type { Checkpoint, Head } from '../../journal/ports.ts';
import { Refused } from '../../journal/result.ts';
import { notNext } from '../../journal/seal.ts';
import { openMark } from './headMark.ts';
import { openForWriting, refusalOf } from './journalDatabase.ts';
import { createReader } from './journalReader.ts';
import type { Reply, Request, WorkerSettings } from './journalStore.ts';

/**
 * The storage thread: one connection, one request after the other, in order. It sleeps on a bell in shared memory rather
 * than in an event loop, and stays awake a moment after each answer: a writer that waits for its commit usually has the
 * next one ready, and waking a sleeping thread costs as much as a fast disk's flush.
 */
const awakeMilliseconds = 0.04;

const { folder, bell }: WorkerSettings = workerData;
const port = parentPort;
if (port === null) throw new Error('the journal worker is not a program of its own');

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
    const reply: Reply = { id: 0, refusal: refusalOf(error, folder) };
    port?.postMessage(reply);
    process.exit();
  }
}

const { database, reader, insertEntry, insertDocument, insertCheckpoint, begin, commit } = openedOrTold();
const mark = openMark(folder);
let head: Head = reader.head();

function inTransaction(write: () => void): void {
  begin.run();
  try {
    write();
    commit.run();
  } catch (error) {
    if (database.isTransaction) database.exec('ROLLBACK');
    throw error;
  }
}

function append({ first, previousHash, epochs, hashes, forms, documents }: Extract<Request, { verb: 'append' }>): Head {
  // The caller checked the batch within itself; here, that it continues what is stored.
  if (first !== head.sequence + 1 || previousHash !== head.hash) throw notNext(head, { sequence: first, previousHash });
  inTransaction(() => {
    for (const [name, text] of documents) insertDocument.run(name, text);
    for (let index = 0; index < forms.length; index++) {
      insertEntry.run(first + index, epochs[index] ?? 0, hashes[index] ?? '', forms[index] ?? '');
    }
  });
  const last = forms.length - 1;
  head = { epoch: epochs[last] ?? head.epoch, sequence: first + last, hash: hashes[last] ?? head.hash };
  try {
    mark.write(head);
  } catch {
    // The commit stands; an older mark is still a true one.
  }
  return head;
}

function answer(request: Request): Reply['value'] {
  switch (request.verb) {
    case 'append':
      return append(request);
    case 'head':
      head = reader.head();
      return head;
    case 'stored':
      return reader.stored(request.after, request.limit);
    case 'checkpoints':
      return reader.checkpoints(request.after, request.limit);
    case 'document':
      return reader.document(request.hash);
    case 'checkpoint': {
      const { checkpoint }: { checkpoint: Checkpoint } = request;
      inTransaction(() => insertCheckpoint.run(checkpoint.sequence, JSON.stringify(checkpoint)));
      return undefined;
    }
    case 'close':
      mark.close();
      database.close();
      return undefined;
  }
}

/** The next request, asleep while there is none. */
function next(): { id: number; request: Request } {
  for (;;) {
    const rung = Atomics.load(bell, 0);
    const received = receiveMessageOnPort(port ?? raise());
    if (received !== undefined) return received.message;
    const until = performance.now() + awakeMilliseconds;
    while (Atomics.load(bell, 0) === rung && performance.now() < until);
    Atomics.wait(bell, 0, rung);
  }
}

function raise(): never {
  throw new Error('no port');
}

for (let open = true; open; ) {
  const { id, request } = next();
  let reply: Reply;
  try {
    reply = { id, value: answer(request) };
  } catch (error) {
    reply = { id, refusal: error instanceof Refused ? error.refusal : refusalOf(error, folder) };
  }
  port.postMessage(reply);
  open = request.verb !== 'close';
}
