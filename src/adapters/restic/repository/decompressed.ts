import { zstdDecompressSync } from 'node:zlib';

/**
 * A working buffer is made as long as the index says the plain blob is, up to this; restic's chunks are 8 MiB at most. One byte more,
 * since zlib takes a second buffer when the first is full to the brim.
 */
const chunkBytesMax = 16 * 1024 * 1024;
/** The shortest working buffer zlib takes. */
const chunkBytesMin = 64;

/** A blob unpacked (zstd); undefined where it is none, or longer than the index says: more than that is never made. */
export function decompressed(bytes: Buffer, plainLength: number): Buffer | undefined {
  try {
    const chunkSize = Math.min(Math.max(plainLength + 1, chunkBytesMin), chunkBytesMax);
    return zstdDecompressSync(bytes, { chunkSize, maxOutputLength: Math.max(plainLength, 1) });
  } catch {
    return undefined;
  }
}
