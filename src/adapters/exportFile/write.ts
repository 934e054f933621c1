import { open, rename, rm } from 'node:fs/promises';
import { dirname, resolve } from 'node:path';
import { type Countersignature, readCheckpoint } from '../../journal/countersign.ts';
import { createExportWriter, type ExportHeader, lineOf } from '../../journal/exportFile.ts';
import type { CheckpointSigner, Head, StoredEntry } from '../../journal/ports.ts';
import { accept, type Result, refuse } from '../../journal/result.ts';
import { emptyHead } from '../../journal/seal.ts';
import { createVerifier, fieldsOf, headText } from '../../journal/verify.ts';
import { establishmentOf } from '../countersign/exchange.ts';
import type { JournalReader } from '../sqlite/journalReader.ts';
import { syncFolder } from '../sqlite/snapshotFile.ts';

export interface ExportOrder {
  reader: JournalReader;
  received: readonly Countersignature[];
  signer: CheckpointSigner;
  file: string;
  /** First and last entries, inclusive: a sequence, or a time (ISO 8601). */
  from?: string | undefined;
  to?: string | undefined;
  /** Gives the keys of private parts, where they were asked for: whoever holds the file then reads them. */
  keyOf?: ((keyId: string) => Uint8Array | undefined) | undefined;
  now: string;
}

export interface Exported {
  file: string;
  establishment: string;
  entries: number;
  from: number;
  to: number;
  head: string;
  bytes: number;
  keys: number;
}

const chunk = 2_000;
/** Written at once. */
const pieceBytes = 1_048_576;

/** The last entry before `time` (its sequence), by halves: entries are in order of time. */
function before(reader: JournalReader, time: number, head: number): number {
  let [low, high] = [0, head];
  while (low < high) {
    const middle = Math.ceil((low + high) / 2);
    const [entry] = reader.stored(middle - 1, 1);
    const said = entry === undefined ? undefined : fieldsOf(entry.form)?.time;
    if (typeof said === 'string' && Date.parse(said) < time) low = middle;
    else high = middle - 1;
  }
  return low;
}

/** How many entries stand before the bound. */
function bound(reader: JournalReader, text: string, head: number, option: string): Result<number> {
  if (/^\d{1,15}$/.test(text)) return accept(Math.max(0, Number(text) - 1));
  const time = /^\d{4}-\d{2}-\d{2}/.test(text) ? Date.parse(text) : Number.NaN;
  if (Number.isFinite(time)) return accept(before(reader, time, head));
  return refuse('usage', `“${text}” is neither an entry's number nor a date.`, {
    where: option,
    expected: '4211, 2026-11-22 or 2026-11-22T03:00:00Z',
  });
}

/** Writes the export beside, then names it: a file of that name is always whole. Refuses a journal that is not. */
export async function writeExport(order: ExportOrder): Promise<Result<Exported>> {
  const { reader, file, now, keyOf } = order;
  const end = reader.head();
  const establishment = establishmentOf(reader);
  const first = order.from === undefined ? accept(0) : bound(reader, order.from, end.sequence, '--from');
  if (!first.ok) return first;
  // A number is the last entry itself; a time is the end of what was before it.
  const isNumber = order.to !== undefined && /^\d+$/.test(order.to);
  const last = order.to === undefined ? accept(end.sequence) : bound(reader, order.to, end.sequence, '--to');
  if (!last.ok) return last;
  const upTo = Math.min(end.sequence, last.value + (isNumber ? 1 : 0));
  if (establishment === undefined || upTo <= first.value) {
    return refuse('export-empty', 'There is no entry to export there.', {
      expected: `entries of 1 to ${end.sequence}`,
      kept: 'no file was written',
    });
  }
  const after = placeAt(reader, first.value);
  const to = placeAt(reader, upTo);
  const header: ExportHeader = {
    kind: 'reflexe-journal-export',
    version: 1,
    establishment,
    after,
    to,
    made: now,
    withPrivate: keyOf !== undefined,
  };
  const partial = `${file}.partial`;
  try {
    const written = await write(order, header, partial);
    if (!written.ok) return written;
    await rename(partial, file);
    await syncFolder(dirname(resolve(file)));
    const { bytes, keys } = written.value;
    const entries = upTo - first.value;
    return accept({ file, establishment, entries, from: first.value + 1, to: upTo, head: headText(to), bytes, keys });
  } finally {
    await rm(partial, { force: true });
  }
}

function placeAt(reader: JournalReader, sequence: number): Head {
  if (sequence === 0) return emptyHead;
  const [entry] = reader.stored(sequence - 1, 1);
  return { epoch: entry?.epoch ?? 1, sequence, hash: entry?.hash ?? '' };
}

/** Entries between two places, in order. */
function* entriesOf(reader: JournalReader, after: number, to: number): Generator<StoredEntry> {
  for (let from = after; from < to; ) {
    const some = reader.stored(from, Math.min(chunk, to - from));
    yield* some;
    const next = some.at(-1)?.sequence;
    if (next === undefined) return;
    from = next;
  }
}

async function write(
  { reader, received, signer, keyOf }: ExportOrder,
  header: ExportHeader,
  partial: string,
): Promise<Result<{ bytes: number; keys: number }>> {
  const writer = createExportWriter();
  const verifier = createVerifier({ establishment: header.establishment, after: header.after });
  const documents = new Set<string>();
  const { after, to } = header;
  const handle = await open(partial, 'w', 0o600);
  let pieces: Uint8Array[] = [];
  let [bytes, pending, keys] = [0, 0, 0];
  const put = async (piece: Uint8Array): Promise<void> => {
    pieces.push(piece);
    pending += piece.length;
    if (pending >= pieceBytes) await flush();
  };
  const flush = async (): Promise<void> => {
    await handle.writeFile(Buffer.concat(pieces));
    bytes += pending;
    [pieces, pending] = [[], 0];
  };
  const line = (text: string): Promise<void> => put(writer.line(text));
  try {
    await line(lineOf.header(header));
    for (let from = after.sequence; ; ) {
      const some = reader.checkpoints(from, chunk).filter(({ sequence }) => sequence <= to.sequence);
      for (const checkpoint of some) {
        verifier.expect(checkpoint);
        await line(lineOf.checkpoint(readCheckpoint(checkpoint) ?? checkpoint));
      }
      const next = some.at(-1)?.sequence;
      if (next === undefined) break;
      from = next;
    }
    for (const one of received) {
      if (one.checkpoint.sequence > after.sequence && one.checkpoint.sequence <= to.sequence) {
        await line(lineOf.countersignature(one));
      }
    }
    if (keyOf !== undefined) {
      for (const [keyId, key] of keysIn(reader, header, keyOf)) {
        await line(lineOf.key(keyId, key));
        keys += 1;
      }
    }
    for (const entry of entriesOf(reader, after.sequence, to.sequence)) {
      for (const name of verifier.add(entry) || []) {
        if (documents.has(name)) continue;
        documents.add(name);
        const text = reader.document(name);
        if (text === undefined) verifier.reject(entry.sequence, `missing: its document ${name}`);
        else await line(lineOf.document(name, text));
      }
      await line(lineOf.entry(entry.form, entry.hash));
    }
    const { firstBad, head } = verifier.finish();
    if (firstBad !== undefined || head.hash !== to.hash) return notWhole(firstBad);
    await put(writer.manifest(header, signer));
    await flush();
    await handle.sync();
    return accept({ bytes, keys });
  } finally {
    await handle.close();
  }
}

function keysIn(
  reader: JournalReader,
  { after, to }: ExportHeader,
  keyOf: (keyId: string) => Uint8Array | undefined,
): Map<string, Uint8Array> {
  const found = new Map<string, Uint8Array>();
  for (const { form } of entriesOf(reader, after.sequence, to.sequence)) {
    const secret = fieldsOf(form)?.private;
    const keyId = typeof secret === 'object' && secret !== null && 'keyId' in secret ? secret.keyId : undefined;
    if (typeof keyId !== 'string' || found.has(keyId)) continue;
    const key = keyOf(keyId);
    if (key !== undefined) found.set(keyId, key);
  }
  return found;
}

const notWhole = (firstBad: { sequence: number; reason: string } | undefined) =>
  refuse('export-not-whole', `This journal is not whole: ${firstBad?.reason ?? 'it changed while it was read'}.`, {
    where: `entry ${firstBad?.sequence ?? '?'}`,
    expected: 'a journal that `reflexe journal verify` finds whole',
    kept: 'the journal as it is; no file was written',
    cure: 'Run `reflexe journal verify` on the folder. Entries before the fault can be exported with --to.',
  });
