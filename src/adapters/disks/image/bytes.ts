import type { FileHandle } from 'node:fs/promises';
import { Damaged } from '../faults.ts';

/** Bytes of a disk, a partition, a volume, by offset. Nothing writes them. */
export interface Bytes {
  readonly size: number;
  /** Exactly so many bytes; `Damaged` where they are not there. What is returned may be shared: it is never written. */
  read(offset: number, length: number): Promise<Buffer>;
}

/** A stretch that stands together somewhere else; `null` is zeros that stand nowhere. */
export interface Piece {
  length: number;
  in: Bytes | null;
  at: number;
}

/** One read never takes more memory than this: what asks for more was made to exhaust its reader. */
const READ_BYTES_MAX = 64 * 1024 * 1024;

function within(size: number, offset: number, length: number): void {
  if (!(offset >= 0 && length >= 0 && offset + length <= size))
    throw new Damaged(`bytes ${offset} to ${offset + length} are wanted where ${size} stand`);
  if (length > READ_BYTES_MAX) throw new Damaged(`${length} bytes are wanted at once`);
}

export class FileBytes implements Bytes {
  readonly size: number;
  readonly #file: FileHandle;

  constructor(file: FileHandle, size: number) {
    this.#file = file;
    this.size = size;
  }

  async read(offset: number, length: number): Promise<Buffer> {
    within(this.size, offset, length);
    const buffer = Buffer.allocUnsafe(length);
    for (let done = 0; done < length; ) {
      const { bytesRead } = await this.#file.read(buffer, done, length - done, offset + done);
      if (bytesRead === 0) throw new Damaged(`the file ends at ${offset + done}`);
      done += bytesRead;
    }
    return buffer;
  }
}

export class MemoryBytes implements Bytes {
  readonly size: number;
  readonly #buffer: Buffer;

  constructor(buffer: Buffer) {
    this.#buffer = buffer;
    this.size = buffer.length;
  }

  async read(offset: number, length: number): Promise<Buffer> {
    within(this.size, offset, length);
    return this.#buffer.subarray(offset, offset + length);
  }
}

/** Bytes that stand in pieces elsewhere: a grown image, extents of a split one, segments of a logical volume. */
export class PiecedBytes implements Bytes {
  readonly size: number;
  readonly #pieceAt: (offset: number) => Promise<Piece>;

  /** `pieceAt` tells what stands from an offset on, for one byte at least. */
  constructor(size: number, pieceAt: (offset: number) => Promise<Piece>) {
    this.size = size;
    this.#pieceAt = pieceAt;
  }

  async read(offset: number, length: number): Promise<Buffer> {
    within(this.size, offset, length);
    const buffer = Buffer.alloc(length);
    let waiting: (Piece & { to: number }) | undefined;
    const fill = async () => {
      if (waiting?.in) (await waiting.in.read(waiting.at, waiting.length)).copy(buffer, waiting.to);
    };
    for (let done = 0; done < length; ) {
      const piece = await this.#pieceAt(offset + done);
      const here = Math.min(piece.length, length - done);
      if (!(here > 0)) throw new Damaged('a stretch of the image is empty');
      if (waiting && waiting.in === piece.in && waiting.at + waiting.length === piece.at) waiting.length += here;
      else {
        await fill();
        waiting = { ...piece, length: here, to: done };
      }
      done += here;
    }
    await fill();
    return buffer;
  }
}

/** Part of other bytes: a partition of a disk. */
export const slice = (of: Bytes, start: number, size: number): Bytes => {
  if (!(start >= 0 && size >= 0 && start + size <= of.size))
    throw new Damaged(`a part from ${start} of ${size} bytes does not fit in ${of.size}`);
  return new PiecedBytes(size, async (offset) => ({ length: size - offset, in: of, at: start + offset }));
};

/** Parts one after another. */
export function concatenated(parts: readonly Piece[]): Bytes {
  const ends: number[] = [];
  for (const { length } of parts) ends.push((ends.at(-1) ?? 0) + length);
  return new PiecedBytes(ends.at(-1) ?? 0, async (offset) => {
    const index = ends.findIndex((end) => offset < end);
    const part = parts[index];
    if (part === undefined) throw new Damaged('no part holds these bytes');
    const inside = offset - ((ends[index] ?? 0) - part.length);
    return { length: part.length - inside, in: part.in, at: part.at + inside };
  });
}

/** Numbers of 64 bits: one beyond what a double counts exactly stands in no sound disk. */
export function count(value: bigint): number {
  if (value > BigInt(Number.MAX_SAFE_INTEGER) || value < 0n) throw new Damaged(`a number of ${value}`);
  return Number(value);
}
