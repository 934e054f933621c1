import type { Checkpoint, Head, JournalStore, SealStore, StoredEntry } from './ports.ts';
import { Refused } from './result.ts';
import { checkpointIsGenuine, emptyHead, sha256 } from './seal.ts';

export interface Verdict {
  ok: boolean;
  entries: number;
  /** The last entry that stands where it should, unaltered. */
  head: Head;
  firstBad?: { sequence: number; reason: string };
  checkpoints: { examined: number; lastSequence: number; keys: string[] };
  /** True when an anchor kept outside was given and met: only then are a cut tail or a re-signed chain excluded. */
  anchored: boolean;
}

/** The fields of a stored form that the seal speaks about; undefined where the text is not an entry at all. */
interface Claims {
  establishment: string;
  epoch: number;
  sequence: number;
  previousHash: string;
  documents: string[];
}

export type Fields = { [name: string]: unknown };

/** The fields of a stored form; undefined where the text is not even an object. */
export function fieldsOf(form: string): Fields | undefined {
  try {
    const parsed: unknown = JSON.parse(form);
    return isObject(parsed) ? parsed : undefined;
  } catch {
    return undefined;
  }
}

const isObject = (value: unknown): value is Fields =>
  typeof value === 'object' && value !== null && !Array.isArray(value);

function claimsOf(fields: Fields | undefined): Claims | undefined {
  if (fields === undefined) return undefined;
  const { establishment, epoch, sequence, previousHash, documents = [] } = fields;
  if (typeof establishment !== 'string' || typeof epoch !== 'number') return undefined;
  if (typeof sequence !== 'number' || typeof previousHash !== 'string') return undefined;
  if (!Array.isArray(documents) || !documents.every((name) => typeof name === 'string')) return undefined;
  return { establishment, epoch, sequence, previousHash, documents };
}

export interface Verifier {
  /** The next entry in order of place: the documents it names, or false from the first bad entry on. */
  add(entry: StoredEntry, fields?: Fields): readonly string[] | false;
  /** What only the caller could see is wrong with the entry just added: its document. */
  reject(sequence: number, reason: string): void;
  /** Checkpoints must be given before the entries they speak of. */
  expect(checkpoint: Checkpoint): void;
  /** The verdict once every entry was given. */
  finish(): Verdict;
}

/**
 * Follows the chain entry by entry. Trust flows backwards, from a later link to the entry it names: when entry n+1 is
 * whole but names another predecessor than the n that stands there, n is the altered one, unless n is itself vouched for.
 */
export function createVerifier(
  options: { establishment?: string; anchor?: Head | undefined; after?: Head } = {},
): Verifier {
  const { anchor } = options;
  const pending: { checkpoint: Checkpoint; genuine: boolean }[] = [];
  const keys = new Set<string>();
  let { establishment } = options;
  let head = options.after ?? emptyHead;
  let before = head;
  /** True while `head` is known from elsewhere than its own row: the start, a checkpoint, the anchor. */
  let vouched = true;
  let entries = 0;
  let examined = 0;
  let lastChecked = head.sequence;
  let anchored = false;
  let firstBad: Verdict['firstBad'];
  let missing: number | undefined;

  const bad = (sequence: number, reason: string): false => {
    firstBad ??= { sequence, reason };
    return false;
  };

  function meetsStatements(entry: StoredEntry): boolean {
    vouched = false;
    for (
      let first = pending[0];
      first !== undefined && first.checkpoint.sequence <= entry.sequence;
      first = pending[0]
    ) {
      pending.shift();
      const next = first.checkpoint;
      if (!first.genuine) return bad(next.sequence, 'its checkpoint is not signed by the key it names');
      if (next.establishment !== establishment) return bad(next.sequence, `its checkpoint is of ${next.establishment}`);
      if (next.hash !== entry.hash || next.epoch !== entry.epoch) {
        return bad(
          entry.sequence,
          `rewritten after the checkpoint signed ${next.time}: it, or an entry after ${lastChecked}`,
        );
      }
      lastChecked = entry.sequence;
      vouched = true;
    }
    if (anchor !== undefined && entry.sequence === anchor.sequence) {
      // The anchor may be a printed code, which holds the beginning of the hash only.
      if (!entry.hash.startsWith(anchor.hash) || anchor.epoch !== entry.epoch) {
        return bad(entry.sequence, `rewritten: it, or an entry after ${lastChecked}, is not what the anchor names`);
      }
      anchored = true;
      vouched = true;
    }
    return true;
  }

  function add(entry: StoredEntry, fields = fieldsOf(entry.form)): readonly string[] | false {
    if (firstBad !== undefined) {
      // Is the missing one further on? Then it was moved, not lost.
      if (missing !== undefined && entry.sequence === missing) {
        firstBad.reason = `reordered: entry ${missing} stands after entry ${missing + 1}`;
        missing = undefined;
      }
      return false;
    }
    const expected = head.sequence + 1;
    if (entry.sequence > expected) {
      missing = expected;
      return bad(expected, `missing: entry ${entry.sequence} follows entry ${head.sequence}`);
    }
    if (entry.sequence < expected) return bad(expected, `reordered: entry ${entry.sequence} stands in its place`);
    if (sha256(entry.form) !== entry.hash) return bad(expected, 'altered: its content does not have its hash');
    const claims = claimsOf(fields);
    if (claims === undefined) return bad(expected, 'altered: it is not an entry');
    if (claims.sequence !== expected) return bad(expected, `reordered: entry ${claims.sequence} stands in its place`);
    if (claims.epoch !== entry.epoch || claims.epoch < head.epoch) {
      return bad(expected, `altered: epoch ${claims.epoch} does not follow epoch ${head.epoch}`);
    }
    establishment ??= claims.establishment;
    if (claims.establishment !== establishment) {
      return bad(expected, `it belongs to ${claims.establishment}, not to ${establishment}`);
    }
    if (claims.previousHash !== head.hash) {
      if (vouched) return bad(expected, `altered: it does not continue entry ${head.sequence}`);
      const altered = head.sequence;
      head = before;
      entries--;
      return bad(altered, `altered: entry ${expected} continues another entry than the one that stands there`);
    }
    if (!meetsStatements(entry)) return false;
    before = head;
    head = { epoch: entry.epoch, sequence: entry.sequence, hash: entry.hash };
    entries++;
    return claims.documents;
  }

  function finish(): Verdict {
    const promised = pending.at(-1)?.checkpoint;
    if (promised !== undefined && promised.sequence > head.sequence) {
      bad(head.sequence + 1, `missing: a checkpoint signed ${promised.time} names entry ${promised.sequence}`);
    }
    if (anchor !== undefined && anchor.sequence > head.sequence) {
      bad(head.sequence + 1, `missing: the anchor names entry ${anchor.sequence}`);
    }
    return {
      ok: firstBad === undefined,
      entries,
      head,
      ...(firstBad && { firstBad }),
      checkpoints: { examined, lastSequence: lastChecked, keys: [...keys] },
      anchored,
    };
  }

  return {
    add,
    reject(sequence, reason) {
      bad(sequence, reason);
    },
    expect(checkpoint) {
      if (checkpoint.sequence <= head.sequence) return;
      examined++;
      keys.add(checkpoint.publicKey);
      pending.push({ checkpoint, genuine: checkpointIsGenuine(checkpoint) });
    },
    finish,
  };
}

/** Entries read at once: some megabytes at most, whatever the journal's length. */
const chunk = 2_000;

/** Verifies all that a store holds after `after` (all of it by default), its documents included, in bounded memory. */
export async function verifyStore(
  store: SealStore & Pick<JournalStore, 'document'>,
  options: { establishment?: string; anchor?: Head | undefined; after?: Head; onProgress?(entries: number): void } = {},
): Promise<Verdict> {
  const verifier = createVerifier(options);
  const whole = new Set<string>();
  await expectCheckpoints(store, options.after?.sequence ?? 0, verifier);
  for (let after = options.after?.sequence ?? 0; ; ) {
    const stored = await orReject(verifier, after + 1, () => store.stored(after, chunk));
    const last = stored?.at(-1);
    if (stored === undefined || last === undefined) return verifier.finish();
    for (const entry of stored) {
      for (const name of verifier.add(entry) || []) {
        if (whole.has(name)) continue;
        const document = await orReject(verifier, entry.sequence, () =>
          store.document(name).then((value) => ({ value })),
        );
        if (document?.value === undefined) verifier.reject(entry.sequence, `missing: its document ${name}`);
        whole.add(name);
      }
    }
    after = last.sequence;
    options.onProgress?.(after);
  }
}

/** What storage itself cannot read is the first bad thing, not the end of the verification. */
async function orReject<Value>(
  verifier: Verifier,
  sequence: number,
  read: () => Promise<Value>,
): Promise<Value | undefined> {
  try {
    return await read();
  } catch (error) {
    if (!(error instanceof Refused)) throw error;
    verifier.reject(sequence, `unreadable: ${error.message}`);
    return undefined;
  }
}

export async function expectCheckpoints(store: SealStore, after: number, verifier: Verifier): Promise<void> {
  for (let from = after; ; ) {
    const some = await store.checkpoints(from, chunk);
    for (const checkpoint of some) verifier.expect(checkpoint);
    const last = some.at(-1);
    if (last === undefined) return;
    from = last.sequence;
  }
}

/** `EPOCH:SEQUENCE:HASH`, as printed by `journal verify`; undefined where it is none. */
export function parseHead(text: string): Head | undefined {
  const match = /^(\d{1,9}):(\d{1,15}):([0-9a-f]{64})$/.exec(text.trim().toLowerCase());
  if (match === null) return undefined;
  return { epoch: Number(match[1]), sequence: Number(match[2]), hash: match[3] ?? '' };
}

export const headText = (head: Head): string => `${head.epoch}:${head.sequence}:${head.hash}`;
