import { inflateSync } from 'node:zlib';

const unfoldedBytesMax = 64 * 1024 * 1024;

/** `cut` where it is sound and breaks off, `wrong` where something stands in it that no such stream has; as far as it is looked at. */
export type Inflating = 'sound' | 'cut' | 'wrong';

/** Of a zlib stream (RFC 1950), or a deflated one with `inflateRawSync`. */
export function inflating(packed: Buffer, inflate: typeof inflateSync = inflateSync): Inflating {
  try {
    inflate(packed, { maxOutputLength: unfoldedBytesMax });
    return 'sound';
  } catch (error) {
    const code = error instanceof Error && 'code' in error ? error.code : undefined;
    if (code === 'ERR_BUFFER_TOO_LARGE') return 'sound';
    return code === 'Z_BUF_ERROR' ? 'cut' : 'wrong';
  }
}

export const inflates = (packed: Buffer, inflate: typeof inflateSync = inflateSync): boolean =>
  inflating(packed, inflate) === 'sound';

/** Whether a zlib stream may begin there (RFC 1950 §2.2). */
export const hasZlibHead = (content: Buffer, at: number): boolean =>
  at + 2 <= content.length && ((content[at] ?? 0) & 0x0f) === 8 && content.readUInt16BE(at) % 31 === 0;
