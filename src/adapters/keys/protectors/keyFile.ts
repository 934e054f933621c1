import { randomBytes } from 'node:crypto';
import { mkdirSync, readFileSync, statSync } from 'node:fs';
import { dirname } from 'node:path';
import { accept, type Result, refuse } from '../../../journal/result.ts';
import { removeFile, replaceFile } from '../durableFile.ts';

/**
 * A file beside the data folder, never in it: one line for each protector, `data folder, protector, key`. It lets the machine start
 * by itself. It protects copies of the data folder that lack it, not from whoever reads as this account.
 */
interface Line {
  folder: string;
  protector: string;
  key: Uint8Array;
}

const othersMayRead = 0o077;

/** Adds the key of a new protector; those before stay until `pruneKeyFile`. */
export function addToKeyFile(file: string, folder: string, protector: string): Result<Uint8Array> {
  const read = linesOf(file);
  if (!read.ok && read.refusal.code !== 'key-file-missing') return read;
  const key = new Uint8Array(randomBytes(32));
  try {
    mkdirSync(dirname(file), { recursive: true, mode: 0o700 });
    writeLines(file, [...(read.ok ? read.value : []), { folder, protector, key }]);
  } catch (error) {
    return refuse('key-file-unwritable', 'The key file cannot be written.', {
      where: file,
      expected: `a place this account may write (${error instanceof Error ? error.message : 'unknown failure'})`,
      kept: 'Nothing was changed.',
      cure: 'Name another place with --key-file, outside the data folder, or make this one writable.',
    });
  }
  return accept(key);
}

export function readKeyFile(file: string, folder: string, protector: string): Result<Uint8Array> {
  const lines = linesOf(file);
  if (!lines.ok) return lines;
  const found = lines.value.find((line) => line.folder === folder && line.protector === protector);
  return found === undefined ? missing(file) : accept(found.key);
}

/** Forgets the keys of protectors of this data folder that are no more; the file itself where none is left. */
export function pruneKeyFile(file: string, folder: string, protectors: readonly string[]): void {
  // Left by a writing that was cut short.
  removeFile(`${file}.partial`);
  const lines = linesOf(file);
  if (!lines.ok) return;
  const kept = lines.value.filter((line) => line.folder !== folder || protectors.includes(line.protector));
  if (kept.length === 0) removeFile(file);
  else if (kept.length < lines.value.length) writeLines(file, kept);
}

function writeLines(file: string, lines: readonly Line[]): void {
  const texts = lines.map(
    ({ folder, protector, key }) => `${folder} ${protector} ${Buffer.from(key).toString('hex')}\n`,
  );
  replaceFile(file, texts.join(''));
}

function linesOf(file: string): Result<Line[]> {
  let text: string;
  try {
    if ((statSync(file).mode & othersMayRead) !== 0) return tooOpen(file);
    text = readFileSync(file, 'utf8');
  } catch {
    return missing(file);
  }
  const lines = parseKeyFile(text);
  return lines === undefined ? damaged(file) : accept(lines);
}

/** Undefined where a line is none of ours. */
export function parseKeyFile(text: string): Line[] | undefined {
  const lines = text.split('\n').filter((line) => line !== '');
  const read = lines.map((line) => /^([0-9a-f]{16}) ([0-9a-f]{16}) ([0-9a-f]{64})$/.exec(line));
  if (read.includes(null)) return undefined;
  return read.map((found) => ({
    folder: found?.[1] ?? '',
    protector: found?.[2] ?? '',
    key: new Uint8Array(Buffer.from(found?.[3] ?? '', 'hex')),
  }));
}

const kept = 'Nothing was opened or changed.';
const missing = (file: string) =>
  refuse('key-file-missing', 'The key file that opens this data folder is not there, or is of another one.', {
    where: file,
    expected: 'the file made beside the data folder at its first start',
    kept,
    cure: 'Put it back (mode 0600), or unlock with a passphrase or shares: reflexe keys unlock.',
  });
const tooOpen = (file: string) =>
  refuse('key-file-too-open', 'Others than its owner can read the key file.', {
    where: file,
    expected: 'mode 0600',
    kept,
    cure: `chmod 600 ${file}, then reflexe keys rotate if somebody may have read it.`,
  });
const damaged = (file: string) =>
  refuse('key-file-damaged', 'This is not a key file of Reflexe, or it is damaged.', {
    where: file,
    kept,
    cure: 'Put the right file back, or unlock with a passphrase or shares: reflexe keys unlock.',
  });
