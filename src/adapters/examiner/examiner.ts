import { createHash } from 'node:crypto';
import { createReadStream } from 'node:fs';
import { type FileHandle, open, opendir } from 'node:fs/promises';
import { basename, join, relative } from 'node:path';
import { pipeline } from 'node:stream/promises';
import { accept, type Result, refuse } from '../../journal/result.ts';
import { EvennessMeter, encryptionOf, judgedBytesMin } from '../../restore/cleanPoint/content.ts';
import type { Examination, Examiner, Work } from '../../restore/ports.ts';
import {
  compressedFormat,
  ENCRYPTED_FILES,
  ENCRYPTED_SHARE,
  hasLockedName,
  isRansomNote,
  NOTE_FOLDERS,
  RULES_OF,
  SAMPLE_BYTES,
  type SignCode,
} from '../../restore/signs.ts';

/** Paths kept of what could not be examined: enough to look at, the count says the rest. */
const NOT_EXAMINED_KEPT = 1000;

interface Tally {
  files: number;
  bytes: number;
  judged: number;
  found: Map<SignCode, { files: number; example: string }>;
  /** Folders that hold a note of each name. */
  notes: Map<string, number>;
  notExamined: { path: string; reason: string }[];
  unlisted: number;
}

/** Reads a restored tree and looks for signs of encryption. Follows no link; special files are named as not examined. */
export class TreeExaminer implements Examiner {
  async examine(
    tree: string,
    canaries: readonly { path: string; sha256: string }[],
    work: Work,
  ): Promise<Result<Examination>> {
    const tally: Tally = {
      files: 0,
      bytes: 0,
      judged: 0,
      found: new Map(),
      notes: new Map(),
      notExamined: [],
      unlisted: 0,
    };
    for (const canary of canaries) await judgeCanary(tree, canary, tally);
    for await (const { path, kind } of walk(tree)) {
      if (work.signal.aborted)
        return refuse('interrupted', 'Stopped while examining.', { where: tree, retryable: true });
      if (kind === 'special') note(tally, relative(tree, path), 'not a plain file');
      else await judge(tree, path, tally);
      if (tally.files % 200 === 0) work.progress(tally.files, 0, 'files');
    }
    if (tally.unlisted > 0) tally.notExamined.push({ path: '…', reason: `${tally.unlisted} more` });
    return accept({
      files: tally.files,
      bytes: tally.bytes,
      signs: signsOf(tally),
      notExamined: tally.notExamined,
      rulesOf: RULES_OF,
    });
  }
}

function signsOf(tally: Tally): Examination['signs'] {
  const order: SignCode[] = ['canary-altered', 'canary-missing', 'content-encrypted', 'mass-rename', 'ransom-note'];
  const signs: Examination['signs'] = [];
  for (const code of order) {
    const found = tally.found.get(code);
    // A note found alone may be a manual; beside any other sign it is what it looks like.
    if (found !== undefined && (stands(code, found.files, tally) || (code === 'ransom-note' && signs.length > 0)))
      signs.push({ code, ...found });
  }
  return signs;
}

function stands(code: SignCode, files: number, tally: Tally): boolean {
  switch (code) {
    case 'canary-altered':
    case 'canary-missing':
      return true;
    case 'content-encrypted':
      return files >= ENCRYPTED_FILES || files >= tally.judged * ENCRYPTED_SHARE;
    case 'mass-rename':
      return files >= ENCRYPTED_FILES || files >= tally.files * ENCRYPTED_SHARE;
    case 'ransom-note':
      return Math.max(...tally.notes.values()) >= NOTE_FOLDERS;
  }
}

async function judgeCanary(tree: string, canary: { path: string; sha256: string }, tally: Tally): Promise<void> {
  const digest = createHash('sha256');
  try {
    await pipeline(createReadStream(join(tree, canary.path)), digest);
  } catch {
    sign(tally, 'canary-missing', canary.path);
    return;
  }
  if (digest.digest('hex') !== canary.sha256) sign(tally, 'canary-altered', canary.path);
}

async function judge(tree: string, path: string, tally: Tally): Promise<void> {
  const name = relative(tree, path);
  tally.files += 1;
  if (isRansomNote(basename(name))) {
    sign(tally, 'ransom-note', name);
    tally.notes.set(basename(name), (tally.notes.get(basename(name)) ?? 0) + 1);
  }
  if (hasLockedName(name)) sign(tally, 'mass-rename', name);
  let file: FileHandle | undefined;
  try {
    file = await open(path, 'r');
    const { size } = await file.stat();
    tally.bytes += size;
    if (size < judgedBytesMin) return;
    tally.judged += 1;
    const sample = Buffer.alloc(Math.min(size, SAMPLE_BYTES));
    const { bytesRead } = await file.read(sample, 0, sample.length, 0);
    if (looksEncrypted(basename(name), sample.subarray(0, bytesRead))) sign(tally, 'content-encrypted', name);
  } catch (error) {
    note(tally, name, error instanceof Error ? error.message : 'unreadable');
  } finally {
    await file?.close();
  }
}

/** By the head alone, unlike a scan of the clean point: here a tree is read once more, to be started from. */
function looksEncrypted(name: string, head: Uint8Array): boolean {
  const meter = new EvennessMeter();
  meter.add(head);
  const look = { format: compressedFormat(head) ?? null, structure: null, evenness: meter.end() };
  return encryptionOf(name, look) !== undefined;
}

async function* walk(folder: string): AsyncGenerator<{ path: string; kind: 'file' | 'special' }> {
  for await (const entry of await opendir(folder)) {
    const path = join(folder, entry.name);
    if (entry.isDirectory()) yield* walk(path);
    else yield { path, kind: entry.isFile() ? 'file' : 'special' };
  }
}

function sign(tally: Tally, code: SignCode, example: string): void {
  const before = tally.found.get(code);
  tally.found.set(code, { files: (before?.files ?? 0) + 1, example: before?.example ?? example });
}

function note(tally: Tally, path: string, reason: string): void {
  if (tally.notExamined.length < NOT_EXAMINED_KEPT) tally.notExamined.push({ path, reason });
  else tally.unlisted += 1;
}
