import { existsSync, statSync } from 'node:fs';
import { open, readFile, rename } from 'node:fs/promises';
import { dirname, resolve } from 'node:path';
import { parseAnchor } from '../../journal/code.ts';
import {
  type Countersignature,
  type CountersignRequest,
  countersignatureIsGenuine,
  readCountersignature,
  readRequest,
} from '../../journal/countersign.ts';
import type { Checkpoint, CheckpointSigner, Head, StoredEntry } from '../../journal/ports.ts';
import { accept, type Result, refuse } from '../../journal/result.ts';
import { emptyHead, signCheckpoint } from '../../journal/seal.ts';
import { fieldsOf } from '../../journal/verify.ts';
import type { JournalReader } from '../sqlite/journalReader.ts';
import { syncFolder } from '../sqlite/snapshotFile.ts';
import { readReceived } from './received.ts';

/** What one file holds at most: sites exchange them by hand or by mail, and read them whole. */
const requestCharactersMax = 64 * 1_048_576;
const fileBytesMax = 4 * requestCharactersMax;
/** Entries read from the journal at once. */
const chunk = 2_000;

export function establishmentOf(reader: JournalReader): string | undefined {
  const [first] = reader.stored(0, 1);
  const name = first === undefined ? undefined : fieldsOf(first.form)?.establishment;
  return typeof name === 'string' ? name : undefined;
}

export interface Offer {
  request: CountersignRequest;
  /** Entries of the journal after the checkpoint: more than one file can hold, or newer than the last checkpoint. */
  left: number;
}

/**
 * The newest checkpoint another site may sign, with the entries that lead to it after `since`. Signed here and now where the
 * key is at hand; where the entries are too many for one file, the furthest checkpoint that fits.
 */
export function offer(
  folder: string,
  reader: JournalReader,
  since: Head,
  now: string,
  signer: CheckpointSigner | undefined,
): Result<Offer> {
  const establishment = establishmentOf(reader);
  const head = reader.head();
  const forms: string[] = [];
  let characters = 0;
  let last: StoredEntry | undefined;
  let whole = true;
  for (let after = since.sequence; whole; after = last?.sequence ?? after) {
    const some = reader.stored(after, chunk);
    if (some.length === 0) break;
    for (const entry of some) {
      characters += entry.form.length;
      whole = characters <= requestCharactersMax;
      if (!whole) break;
      forms.push(entry.form);
      last = entry;
    }
  }
  const checkpoint =
    establishment === undefined || last === undefined
      ? undefined
      : signer !== undefined
        ? signCheckpoint(signer, establishment, last, now)
        : lastCheckpoint(reader, since.sequence, last.sequence);
  if (checkpoint === undefined) {
    return refuse('checkpoint-none', `This journal has no checkpoint after entry ${since.sequence} to countersign.`, {
      where: folder,
      expected: 'a checkpoint: one is signed every thousand entries, and when the hub is stopped',
      cure: 'Nothing is lost: ask again later.',
      retryable: true,
    });
  }
  const request = { checkpoint, since, forms: forms.slice(0, checkpoint.sequence - since.sequence) };
  return accept({ request, left: head.sequence - checkpoint.sequence });
}

function lastCheckpoint(reader: JournalReader, after: number, upTo: number): Checkpoint | undefined {
  let found: Checkpoint | undefined;
  for (let from = after; ; ) {
    const some = reader.checkpoints(from, chunk);
    found = some.findLast((one) => one.sequence <= upTo) ?? found;
    const next = some.at(-1);
    if (next === undefined || next.sequence > upTo) return found;
    from = next.sequence;
  }
}

/** The place the next proof should start after, so that every site that countersigned finds its own last in it. */
export function sinceLast(folder: string, reader: JournalReader, asked?: number): Result<Head> {
  const lastBySite = new Map<string, Checkpoint>();
  for (const { site, checkpoint } of readReceived(folder)) {
    if ((lastBySite.get(site)?.sequence ?? 0) <= checkpoint.sequence) lastBySite.set(site, checkpoint);
  }
  const sequence = asked ?? Math.min(...[...lastBySite.values()].map((one) => one.sequence));
  if (!Number.isFinite(sequence) || sequence === 0) return accept(emptyHead);
  const [entry] = reader.stored(sequence - 1, 1);
  if (entry?.sequence === sequence) return accept({ epoch: entry.epoch, sequence, hash: entry.hash });
  return refuse('entry-not-found', `This journal has no entry ${sequence}.`, { where: '--since' });
}

const kinds = { request: 'reflexe-countersign-request', answer: 'reflexe-countersignature' };

async function writeWhole(file: string, text: string): Promise<void> {
  const partial = `${file}.partial`;
  const handle = await open(partial, 'w', 0o600);
  try {
    await handle.writeFile(text);
    await handle.sync();
  } finally {
    await handle.close();
  }
  await rename(partial, file);
  await syncFolder(dirname(resolve(file)));
}

export const writeRequest = (file: string, request: CountersignRequest): Promise<void> =>
  writeWhole(file, `${JSON.stringify({ kind: kinds.request, version: 1, ...request })}\n`);
export const writeAnswer = (file: string, answer: Countersignature): Promise<void> =>
  writeWhole(file, `${JSON.stringify({ kind: kinds.answer, version: 1, ...answer })}\n`);

async function readOf<Value>(
  file: string,
  kind: string,
  read: (value: unknown) => Value | undefined,
): Promise<Result<Value>> {
  const unreadable = (message: string) =>
    refuse('exchange-file-unreadable', message, {
      where: file,
      expected: kind,
      kept: 'nothing was signed or added',
      cure: 'Check that it is the right file, and that it was copied whole.',
    });
  let text: string;
  try {
    if (statSync(file).size > fileBytesMax) return unreadable(`This file is over ${fileBytesMax} bytes.`);
    text = await readFile(file, 'utf8');
  } catch (error) {
    return unreadable(`This file could not be read: ${error instanceof Error ? error.message : error}.`);
  }
  try {
    const value: unknown = JSON.parse(text);
    const found = typeof value === 'object' && value !== null && 'kind' in value && value.kind === kind;
    const whole = found ? read(value) : undefined;
    return whole === undefined ? unreadable('This file is something else, or was altered.') : accept(whole);
  } catch {
    return unreadable('This file is no JSON document.');
  }
}

export const readRequestFile = (file: string): Promise<Result<CountersignRequest>> =>
  readOf(file, kinds.request, readRequest);
export const readAnswerFile = (file: string): Promise<Result<Countersignature>> =>
  readOf(file, kinds.answer, readCountersignature);

/** An anchor as a person gives it: `EPOCH:SEQUENCE:HASH`, a printed code, or the file of a countersignature kept elsewhere. */
export async function anchorFrom(text: string): Promise<Result<Head>> {
  if (!existsSync(text)) return parseAnchor(text);
  const read = await readAnswerFile(text);
  if (!read.ok) return read;
  if (countersignatureIsGenuine(read.value)) return accept(read.value.checkpoint);
  return refuse('countersignature-not-genuine', 'This countersignature is not signed by the keys it names.', {
    where: text,
    kept: 'nothing was verified',
    cure: 'Ask the other site for the file again.',
  });
}
