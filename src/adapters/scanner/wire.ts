/**
 * How the hub and a scanner speak. Hub → scanner, on its standard input: frames of a kind (one byte), a length (four, little-endian)
 * and that many bytes. Scanner → hub, on its standard output: lines of JSON (frames.ts says which).
 * The scanner loads this and not the schemas: it starts again whenever a content ends it.
 */
export const frame = {
  /** JSON: `RuleText[]`; first of all. */
  rules: 1,
  /** JSON: `{number, bytes}`; its pieces follow. */
  content: 2,
  /** Plain bytes of it. */
  data: 3,
  /** A blob of it as its repository holds it, opened and not yet unpacked: a head (`packedHeadBytes`), then its bytes. */
  packed: 4,
  /** The content is all there. */
  end: 5,
  /** It will never be: forget it. */
  abandon: 6,
} as const;

export const frameHeadBytes = 5;
/** Length once unpacked (four bytes, little-endian), 1 where it is compressed with zstd else 0, its SHA-256. */
export const packedHeadBytes = 4 + 1 + 32;

export function framed(kind: number, length: number): Buffer {
  const head = Buffer.allocUnsafe(frameHeadBytes);
  head.writeUInt8(kind, 0);
  head.writeUInt32LE(length, 1);
  return head;
}

/** Part of a content that the scanner unpacks and verifies: hostile bytes are unfolded behind walls, and a pipe carries less. */
export interface Packed {
  /** SHA-256 of the plain bytes, in hexadecimal. */
  id: string;
  plainLength: number;
  /** With zstd. */
  compressed: boolean;
  bytes: Uint8Array;
}

export function framedPacked({ id, plainLength, compressed, bytes }: Packed): Buffer {
  const head = Buffer.allocUnsafe(frameHeadBytes + packedHeadBytes);
  head.writeUInt8(frame.packed, 0);
  head.writeUInt32LE(packedHeadBytes + bytes.length, 1);
  head.writeUInt32LE(plainLength, frameHeadBytes);
  head.writeUInt8(compressed ? 1 : 0, frameHeadBytes + 4);
  head.write(id, frameHeadBytes + 5, 'hex');
  return head;
}

/** A longer line comes from no scanner of ours. */
export const lineBytesMax = 4 * 1024 * 1024;
