import { randomBytes } from 'node:crypto';
import { parseEnvelope } from './codec.ts';
import type { Json } from './event.ts';
import type {
  Checkpoint,
  Head,
  JournalEngine,
  JournalStore,
  KeyStore,
  SealStore,
  Snapshot,
  StoredEntry,
} from './ports.ts';
import { continues, documentText, emptyHead, formOf, newSealKey, notNext, signerFrom } from './seal.ts';

/** The in-memory twin of a journal's storage: same contract, no durability. */
export function memoryStore(): JournalStore & SealStore {
  const entries: StoredEntry[] = [];
  const documents = new Map<string, string>();
  const checkpoints: Checkpoint[] = [];
  const headNow = (): Head => {
    const last = entries.at(-1);
    return last === undefined ? emptyHead : { epoch: last.epoch, sequence: last.sequence, hash: last.hash };
  };
  const stored = (after: number, limit: number): StoredEntry[] => entries.slice(after, after + limit);
  return {
    head: async () => headNow(),
    async append(batch, named = {}) {
      const first = batch[0];
      if (first === undefined) return;
      if (!continues(headNow(), batch)) throw notNext(headNow(), first);
      for (const [name, document] of Object.entries(named)) documents.set(name, documentText(document));
      for (const one of batch) {
        entries.push({ sequence: one.sequence, epoch: one.epoch, hash: one.hash, form: formOf(one) });
      }
    },
    read: async (after, limit) => stored(after, limit).map((entry) => parseEnvelope(entry)),
    async document(name) {
      const text = documents.get(name);
      return text === undefined ? undefined : JSON.parse(text);
    },
    stored: async (after, limit) => stored(after, limit).map((entry) => ({ ...entry })),
    checkpoints: async (after, limit) => checkpoints.filter((one) => one.sequence > after).slice(0, limit),
    async addCheckpoint(checkpoint) {
      if (checkpoints.some((one) => one.sequence === checkpoint.sequence)) return;
      checkpoints.push(checkpoint);
      checkpoints.sort((a, b) => a.sequence - b.sequence);
    },
    close: async () => {},
  };
}

export function memoryKeyStore(): KeyStore {
  const bySubject = new Map<string, { keyId: string; key: Uint8Array }>();
  const byId = new Map<string, Uint8Array>();
  return {
    keyFor(subject) {
      const known = bySubject.get(subject);
      if (known !== undefined) return known;
      const made = { keyId: randomBytes(16).toString('hex'), key: new Uint8Array(randomBytes(32)) };
      bySubject.set(subject, made);
      byId.set(made.keyId, made.key);
      return made;
    },
    find: (keyId) => byId.get(keyId),
    erase(subject) {
      const known = bySubject.get(subject);
      if (known !== undefined) byId.delete(known.keyId);
      bySubject.delete(subject);
    },
  };
}

export function memorySnapshots(): JournalEngine['snapshots'] {
  let newest: (Omit<Snapshot, 'state'> & { text: string }) | undefined;
  return {
    async latest(foldKey) {
      if (newest === undefined || newest.foldKey !== foldKey) return undefined;
      const { text, ...rest } = newest;
      const state: Json = JSON.parse(text);
      return { ...rest, state };
    },
    async save({ state, ...rest }) {
      // In the order of its fields, as every snapshot: a fold that looks at order must find the same again.
      newest = { ...rest, text: JSON.stringify(state) };
    },
    async clear() {
      newest = undefined;
    },
  };
}

/** A whole journal in memory, for tests and exercises. */
export function memoryEngine(): JournalEngine {
  return {
    store: memoryStore(),
    snapshots: memorySnapshots(),
    keys: memoryKeyStore(),
    signer: signerFrom(newSealKey()),
    acknowledged: undefined,
    close: async () => {},
  };
}
