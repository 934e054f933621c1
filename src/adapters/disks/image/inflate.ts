import { promisify } from 'node:util';
import { createZstdDecompress, inflate, inflateRaw } from 'node:zlib';
import { Damaged } from '../faults.ts';

/** One compressed cluster or grain; what follows its end is not looked at. Fails as `Damaged` where it does not fill `length` bytes. */
export async function inflated(packed: Buffer, how: 'deflate' | 'zlib' | 'zstd', length: number): Promise<Buffer> {
  try {
    const plain = how === 'zstd' ? await zstd(packed, length) : await plainly[how](packed, { maxOutputLength: length });
    if (plain.length === length) return plain;
  } catch (error) {
    if (!(error instanceof Error)) throw error;
  }
  throw new Damaged('a compressed part of the image does not unpack');
}

const plainly = { deflate: promisify(inflateRaw), zlib: promisify(inflate) };

/** Read no further than wanted: a cluster's bytes are followed by those of the next. */
async function zstd(packed: Buffer, length: number): Promise<Buffer> {
  const stream = createZstdDecompress();
  const parts: Buffer[] = [];
  let got = 0;
  stream.end(packed);
  for await (const part of stream) {
    parts.push(part);
    got += part.length;
    if (got >= length) break;
  }
  return Buffer.concat(parts).subarray(0, length);
}
