import { mkdirSync, writeFileSync } from 'node:fs';
import { basename, dirname, join } from 'node:path';
import type { Argument, Call } from './trace.ts';

/** A sector is written whole or not at all; two sectors of one write may part. */
const sectorBytes = 512;

type Change = { kind: 'write'; offset: number; bytes: Buffer } | { kind: 'size'; size: number };

interface File {
  /** As the disk surely has it. */
  durable: Buffer;
  /** Since the last flush that ended: the cut may keep any of it. */
  pending: Change[];
}

type Entry = { kind: 'add'; name: string; file: File } | { kind: 'remove'; name: string };

/** How a cut treats what was not flushed. */
export type Fate = 'lost' | 'kept' | 'random';

/**
 * One folder of a disk, fed with the calls of a process: what is durable, what is not yet. Names too are durable only
 * once their folder was flushed. Shared-memory files are left out: SQLite makes them anew after a cut.
 */
export function createDisk(folder: string) {
  const descriptors = new Map<number, { file: File; offset: number }>();
  const names = new Map<string, File>();
  const durableNames = new Map<string, File>();
  const pendingNames: Entry[] = [];
  const flushing = new Map<string, { file: File | 'folder'; upTo: number }>();
  let flushes = 0;

  const inside = (path: string): string | undefined => {
    const name = basename(path);
    return dirname(path) === folder && !name.endsWith('-shm') ? name : undefined;
  };
  const text = (argument: Argument | undefined): string => (argument?.kind === 'text' ? argument.bytes.toString() : '');
  const number = (argument: Argument | undefined): number =>
    argument?.kind === 'word' ? Number(argument.word) : Number.NaN;

  function write(file: File, offset: number, bytes: Buffer): void {
    file.pending.push({ kind: 'write', offset, bytes });
  }

  function opened({ args, result }: Call): void {
    const name = inside(text(args.find((one) => one.kind === 'text')));
    if (result < 0) return;
    descriptors.delete(result);
    if (name === undefined) return;
    const flags = args.flatMap((one) => (one.kind === 'word' ? one.word.split('|') : []));
    let file = names.get(name);
    if (file === undefined) {
      file = { durable: Buffer.alloc(0), pending: [] };
      names.set(name, file);
      pendingNames.push({ kind: 'add', name, file });
    } else if (flags.includes('O_TRUNC')) file.pending.push({ kind: 'size', size: 0 });
    if (flags.includes('O_APPEND')) throw new Error(`${name} is appended to: the model has no such write`);
    descriptors.set(result, { file, offset: 0 });
  }

  function renamed(from: string | undefined, to: string | undefined): void {
    const file = from === undefined ? undefined : names.get(from);
    if (from === undefined || to === undefined || file === undefined) throw new Error('a rename out of the folder');
    names.delete(from);
    names.set(to, file);
    // One step of the file system's own journal: both or neither.
    pendingNames.push({ kind: 'remove', name: from }, { kind: 'add', name: to, file });
  }

  /** Takes one call into account; returns what it says on standard output, if it does. */
  function take(call: Call): string | undefined {
    const { args, name, at, result, thread } = call;
    const [first] = args;
    const descriptor = first?.kind === 'descriptor' ? first : undefined;
    const open = descriptor && descriptors.get(descriptor.number);
    if (at === 'begin') {
      if (name === 'fsync' || name === 'fdatasync') {
        if (descriptor?.path === folder) flushing.set(thread, { file: 'folder', upTo: pendingNames.length });
        else if (open) flushing.set(thread, { file: open.file, upTo: open.file.pending.length });
      } else if (name === 'write' && descriptor?.number === 1) return text(args[1]);
      return undefined;
    }
    switch (name) {
      case 'open':
      case 'openat':
      case 'creat':
        opened(call);
        break;
      case 'close':
        if (descriptor) descriptors.delete(descriptor.number);
        break;
      case 'pwrite64':
        if (open && args[1]?.kind === 'text') write(open.file, number(args[3]), args[1].bytes.subarray(0, result));
        break;
      case 'write':
        if (open && args[1]?.kind === 'text') {
          write(open.file, open.offset, args[1].bytes.subarray(0, result));
          open.offset += result;
        }
        break;
      case 'lseek':
        if (open) open.offset = result;
        break;
      case 'ftruncate':
        if (open) open.file.pending.push({ kind: 'size', size: number(args[1]) });
        break;
      case 'fsync':
      case 'fdatasync': {
        const flushed = flushing.get(thread);
        flushing.delete(thread);
        if (flushed === undefined || result < 0) break;
        flushes++;
        if (flushed.file === 'folder') {
          for (const entry of pendingNames.splice(0, flushed.upTo)) applyName(durableNames, entry);
        } else {
          const { file } = flushed;
          file.durable = changed(file.durable, file.pending.splice(0, flushed.upTo));
        }
        break;
      }
      case 'rename':
        if (result === 0 && (inside(text(args[0])) ?? inside(text(args[1]))) !== undefined) {
          renamed(inside(text(args[0])), inside(text(args[1])));
        }
        break;
      case 'unlink': {
        const gone = inside(text(args[0]));
        if (result === 0 && gone !== undefined && names.delete(gone)) pendingNames.push({ kind: 'remove', name: gone });
        break;
      }
      default:
        // A call the model does not know must not pass unseen.
        if (args.some((one) => one.kind === 'descriptor' && inside(one.path) !== undefined))
          throw new Error(`${name} on ${descriptor?.path}`);
    }
    return undefined;
  }

  /** Writes into `into` what the disk may hold if the power goes now. */
  function cut(into: string, fate: Fate, random: () => number): void {
    const kept = new Map(durableNames);
    const upTo =
      fate === 'lost' ? 0 : fate === 'kept' ? pendingNames.length : Math.floor(random() * (pendingNames.length + 1));
    const steps = pendingNames.slice(0, upTo);
    // A rename is one step: never its first half alone.
    if (steps.at(-1)?.kind === 'remove' && pendingNames[upTo]?.kind === 'add') steps.pop();
    for (const entry of steps) applyName(kept, entry);
    mkdirSync(into, { recursive: true });
    for (const [name, file] of kept) {
      // Some cuts keep nearly all, some nearly nothing.
      const chance = fate === 'lost' ? 0 : fate === 'kept' ? 1 : random();
      writeFileSync(join(into, name), changed(file.durable, survivors(file.pending, chance, random)));
    }
  }

  return { take, cut, flushes: () => flushes };
}

function applyName(names: Map<string, File>, entry: Entry): void {
  if (entry.kind === 'add') names.set(entry.name, entry.file);
  else names.delete(entry.name);
}

/** Of each change its sectors, each kept or not; in order, for a later write of the same place wins. */
function survivors(pending: readonly Change[], chance: number, random: () => number): Change[] {
  if (chance === 1) return [...pending];
  const kept: Change[] = [];
  for (const change of pending) {
    if (change.kind === 'size') {
      if (random() < chance) kept.push(change);
      continue;
    }
    for (let from = change.offset; from < change.offset + change.bytes.length; ) {
      const to = Math.min(change.offset + change.bytes.length, (Math.floor(from / sectorBytes) + 1) * sectorBytes);
      const bytes = change.bytes.subarray(from - change.offset, to - change.offset);
      if (random() < chance) kept.push({ kind: 'write', offset: from, bytes });
      from = to;
    }
  }
  return kept;
}

function changed(before: Buffer, changes: readonly Change[]): Buffer {
  const longest = changes.reduce(
    (size, one) => Math.max(size, one.kind === 'size' ? one.size : one.offset + one.bytes.length),
    before.length,
  );
  let bytes = Buffer.alloc(longest);
  before.copy(bytes);
  let size = before.length;
  for (const one of changes) {
    if (one.kind === 'size') {
      // What lay beyond a cut end reads as zeros if the file grows again.
      bytes = Buffer.concat([bytes.subarray(0, one.size), Buffer.alloc(Math.max(0, longest - one.size))]);
      size = one.size;
    } else {
      one.bytes.copy(bytes, one.offset);
      size = Math.max(size, one.offset + one.bytes.length);
    }
  }
  return bytes.subarray(0, size);
}
