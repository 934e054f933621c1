import { type Codec, parseEnvelope } from './codec.ts';
import type { Json } from './event.ts';
import type { JournalStore, SealStore, StoredEntry } from './ports.ts';
import type { Durable, World } from './queue.ts';
import { accept, type Refusal, Refused, type Result } from './result.ts';
import { createVerifier, expectCheckpoints, fieldsOf, type Verdict } from './verify.ts';

export interface FoldProgress {
  /** Entries folded so far, and how many the journal has. */
  entries: number;
  of: number;
}

export interface Folded<State> extends Durable<State> {
  /** Why the fold ended before the journal did: then the journal is read up to here, and not written. */
  stopped?: Refusal;
}

/** Entries read, checked and folded between two turns of the event loop: some ten milliseconds. */
const chunk = 1_000;

/** What an altered journal is refused with, wherever it is found. */
export function alteredRefusal(firstBad: NonNullable<Verdict['firstBad']>): Refusal {
  return {
    code: 'journal-altered',
    message: `The journal is not whole: entry ${firstBad.sequence} is ${firstBad.reason}.`,
    where: `entry ${firstBad.sequence}`,
    expected: 'an unbroken chain of entries, each as it was sealed',
    kept: `the journal as it is; entries 1 to ${firstBad.sequence - 1} are whole`,
    cure: 'Run `reflexe journal verify`, then take the journal from a copy that is whole.',
    retryable: false,
  };
}

async function documentsOf(
  store: JournalStore,
  names: readonly string[],
  sequence: number,
): Promise<{ [hash: string]: Json }> {
  const documents: { [hash: string]: Json } = {};
  for (const name of names) {
    const document = await store.document(name);
    if (document === undefined) throw new Refused(alteredRefusal({ sequence, reason: `missing its document ${name}` }));
    documents[name] = document;
  }
  return documents;
}

/**
 * Folds everything after `from`, following the chain as it goes. Refuses with `journal-altered` or `journal-damaged`; an
 * event this version cannot understand ends the fold there, with the reason.
 */
export async function foldJournal<State, Command>(options: {
  store: JournalStore & SealStore;
  codec: Codec;
  world: Pick<World<State, Command>, 'evolve'>;
  establishment: string;
  from: Durable<State>;
  onProgress?: ((progress: FoldProgress) => void) | undefined;
}): Promise<Result<Folded<State>>> {
  const { store, codec, world, establishment, onProgress } = options;
  const verifier = createVerifier({ establishment, after: options.from.head });
  let { state, head } = options.from;
  try {
    const { sequence: of } = await store.head();
    await expectCheckpoints(store, head.sequence, verifier);
    let next: Promise<StoredEntry[]> = store.stored(head.sequence, chunk);
    for (;;) {
      const stored = await next;
      const last = stored.at(-1);
      if (last === undefined) break;
      // The storage thread reads the next chunk while this one is folded.
      next = store.stored(last.sequence, chunk);
      next.catch(() => {});
      for (const entry of stored) {
        const fields = fieldsOf(entry.form);
        if (verifier.add(entry, fields) === false)
          return { ok: false, refusal: alteredRefusal(firstBadOf(verifier.finish())) };
        const envelope = parseEnvelope(entry, fields);
        const documents = envelope.documents && (await documentsOf(store, envelope.documents, entry.sequence));
        const decoded = codec.decode(envelope, documents);
        if (!decoded.ok) return accept({ state, head, stopped: decoded.refusal });
        try {
          state = world.evolve(state, decoded.value);
        } catch (error) {
          return accept({ state, head, stopped: cannotFold(entry.sequence, envelope.type, error) });
        }
        head = { epoch: entry.epoch, sequence: entry.sequence, hash: entry.hash };
      }
      onProgress?.({ entries: head.sequence, of });
    }
    const verdict = verifier.finish();
    return verdict.ok ? accept({ state, head }) : { ok: false, refusal: alteredRefusal(firstBadOf(verdict)) };
  } catch (error) {
    if (error instanceof Refused) return { ok: false, refusal: error.refusal };
    throw error;
  }
}

function cannotFold(sequence: number, type: string, error: unknown): Refusal {
  return {
    code: 'event-unreadable',
    message: `Entry ${sequence} (${type}) could not be folded: ${error instanceof Error ? error.message : error}.`,
    where: `entry ${sequence}`,
    kept: 'the whole journal, as it is; it is read up to the entry before, and not written',
    cure: 'This is a defect of Reflexe: report it with the support bundle.',
    retryable: false,
  };
}

function firstBadOf(verdict: Verdict): NonNullable<Verdict['firstBad']> {
  return verdict.firstBad ?? { sequence: verdict.head.sequence + 1, reason: 'not as sealed' };
}
