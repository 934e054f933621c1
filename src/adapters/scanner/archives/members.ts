import { createGunzip, createZstdDecompress } from 'node:zlib';
import type { Torn } from '../formats/torn.ts';
import { tarMembers } from './tar.ts';
import { unfolded } from './unfolded.ts';
import { zipMembers } from './zip.ts';

/**
 * What stands directly inside an archive. `torn` is where it lies in the archive: what does not unfold, or not to the sum that is
 * told of it, is torn there.
 */
export type Member =
  | { path: string; pieces: AsyncIterable<Buffer> | Iterable<Buffer>; torn: Torn }
  | { path: string; notExamined: string; torn?: Torn };

/** Formats that hold others and that nothing here unfolds. */
const closed = new Set(['7z', 'rar', 'xz', 'bzip2', 'lz4']);

/** What stands inside a content; undefined where it is no archive. Nothing is unfolded before it is read. */
export function membersOf(
  content: Buffer,
  format: string | null,
): AsyncIterable<Member> | Iterable<Member> | undefined {
  const torn: Torn = { from: 0, to: content.length, shows: 'broken' };
  if (format === 'zip') return zipMembers(content);
  if (format === 'gzip') return [{ path: '', pieces: unfolded([content], createGunzip()), torn }];
  if (format === 'zstd') return [{ path: '', pieces: unfolded([content], createZstdDecompress()), torn }];
  if (isTar(content)) return tarMembers(content);
  return format !== null && closed.has(format)
    ? [{ path: '', notExamined: `is a ${format} archive: not looked into` }]
    : undefined;
}

const isTar = (content: Buffer): boolean => content.length >= 512 && content.toString('latin1', 257, 262) === 'ustar';
