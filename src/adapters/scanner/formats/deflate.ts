import { inflateSync } from 'node:zlib';

const unfoldedBytesMax = 64 * 1024 * 1024;

/** Whether a zlib stream (RFC 1950), or a deflated one with `inflateRawSync`, is sound as far as it is looked at. */
export function inflates(packed: Buffer, inflate: typeof inflateSync = inflateSync): boolean {
  try {
    inflate(packed, { maxOutputLength: unfoldedBytesMax });
    return true;
  } catch (error) {
    return error instanceof Error && 'code' in error && error.code === 'ERR_BUFFER_TOO_LARGE';
  }
}
