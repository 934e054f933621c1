import { MessageChannel, type MessagePort, receiveMessageOnPort, Worker } from 'node:worker_threads';
import { parseEnvelope } from '../../journal/codec.ts';
import type { Checkpoint, Head, JournalStore, SealStore, StoredEntry } from '../../journal/ports.ts';
import { type Refusal, Refused } from '../../journal/result.ts';
import { continues, documentText, formOf, notNext } from '../../journal/seal.ts';
import { refusalOf } from './journalDatabase.ts';
import { parseDocument } from './journalReader.ts';

export interface WorkerSettings {
  folder: string;
  /** Rung (counted up) after each request. */
  bell: Int32Array;
  port: MessagePort;
}

export type Request =
  | {
      verb: 'append';
      first: number;
      previousHash: string;
      epochs: number[];
      /** One text of many lines crosses to the thread several times faster than many texts. */
      hashes: string;
      forms: string;
      documents: [name: string, text: string][];
      /** Another append follows at once: its commit may serve both. */
      more: boolean;
    }
  | { verb: 'head' }
  | { verb: 'stored' | 'checkpoints'; after: number; limit: number }
  | { verb: 'document'; hash: string }
  | { verb: 'checkpoint'; checkpoint: Checkpoint }
  | { verb: 'close' };

export interface Reply {
  /** The requests it answers: several appends, when one commit served them. None: the thread could not start, and why. */
  ids: number[];
  value?: Head | StoredEntry[] | Checkpoint[] | string | undefined;
  refusal?: Refusal;
}

interface Waiting {
  resolve(value: Reply['value']): void;
  reject(error: Error): void;
}

/**
 * A journal in `folder`, in SQLite: write-ahead log, every commit flushed, in a thread of its own. Throws Refused where
 * the file cannot be opened.
 */
export async function openJournalStore(folder: string): Promise<JournalStore & SealStore> {
  const bell = new Int32Array(new SharedArrayBuffer(4));
  const { port1, port2 } = new MessageChannel();
  const settings: WorkerSettings = { folder, bell, port: port2 };
  const worker = new Worker(new URL('./journalWorker.ts', import.meta.url), {
    workerData: settings,
    transferList: [port2],
    execArgv: [],
  });
  const waiting = new Map<number, Waiting>();
  let ended: Refused | undefined;
  let lastId = 0;

  const end = (refusal: Refusal): void => {
    ended ??= new Refused(refusal);
    for (const one of waiting.values()) one.reject(ended);
    waiting.clear();
  };
  const closed = (message: string): Refusal => ({
    code: 'journal-closed',
    message,
    kept: 'every acknowledged entry',
    cure: 'Restart Reflexe.',
    retryable: true,
  });
  const hear = ({ ids, value, refusal }: Reply): void => {
    if (ids.length === 0 && refusal !== undefined) end(refusal);
    for (const id of ids) {
      const one = waiting.get(id);
      waiting.delete(id);
      if (refusal === undefined) one?.resolve(value);
      else one?.reject(new Refused(refusal));
    }
  };
  port1.on('message', hear);
  worker.on('error', (error) => end(refusalOf(error, folder)));
  worker.on('exit', () => {
    // The thread's end may be heard of before its last answers.
    for (let last = receiveMessageOnPort(port1); last !== undefined; last = receiveMessageOnPort(port1))
      hear(last.message);
    end(closed("The journal's storage thread has ended."));
    port1.close();
  });

  function ask(request: Request): Promise<Reply['value']> {
    if (ended !== undefined) return Promise.reject(ended);
    return new Promise((resolve, reject) => {
      const id = ++lastId;
      waiting.set(id, { resolve, reject });
      port1.postMessage({ id, request });
      Atomics.add(bell, 0, 1);
      Atomics.notify(bell, 0);
    });
  }

  // What the worker answers is our own code's, over a private port: this is the validated border.
  const asHead = async (request: Request): Promise<Head> => (await ask(request)) as Head;
  const storedAfter = async (after: number, limit: number): Promise<StoredEntry[]> =>
    (await ask({ verb: 'stored', after, limit })) as StoredEntry[];

  await asHead({ verb: 'head' });
  return {
    head: () => asHead({ verb: 'head' }),
    async append(entries, documents = {}, more = false) {
      const first = entries[0];
      if (first === undefined) return;
      const before = { epoch: first.epoch, sequence: first.sequence - 1, hash: first.previousHash };
      if (!continues(before, entries)) throw notNext(await asHead({ verb: 'head' }), first);
      await ask({
        verb: 'append',
        first: first.sequence,
        previousHash: first.previousHash,
        epochs: entries.map((entry) => entry.epoch),
        hashes: entries.map((entry) => entry.hash).join('\n'),
        // Canonical JSON holds no line break.
        forms: entries.map(formOf).join('\n'),
        documents: Object.entries(documents).map(([name, document]) => [name, documentText(document)]),
        more,
      });
    },
    read: async (after, limit) => (await storedAfter(after, limit)).map((entry) => parseEnvelope(entry)),
    async document(hash) {
      const text = await ask({ verb: 'document', hash });
      return typeof text === 'string' ? parseDocument(text) : undefined;
    },
    stored: storedAfter,
    checkpoints: async (after, limit) => (await ask({ verb: 'checkpoints', after, limit })) as Checkpoint[],
    async addCheckpoint(checkpoint) {
      await ask({ verb: 'checkpoint', checkpoint });
    },
    async close() {
      if (ended !== undefined) return;
      const exited = new Promise((resolve) => worker.once('exit', resolve));
      const answered = ask({ verb: 'close' });
      ended = new Refused(closed('The journal is closed.'));
      await answered;
      await exited;
    },
  };
}
