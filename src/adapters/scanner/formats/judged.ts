import { isEven, judgedBytesMin, type Structure } from '../../../restore/cleanPoint/content.ts';
import type { Torn } from './torn.ts';

export function judgedTorn(content: Buffer, torn: readonly Torn[]): Structure {
  if (torn.some((one) => isOverwritten(content, one))) return 'overwritten';
  if (torn.length === 0) return 'whole';
  return torn.some(({ shows }) => shows === 'broken' || shows === 'cut') ? 'damaged' : null;
}

const blockBytes = 4096;
/** Of compressed bytes that are no random ones a stretch of this length seldom looks like them; one of 4 KiB often does. */
const stretchBytes = 16_384;
/** Of what is not compressed at all, but may be noise, or hold what somebody else compressed. */
const formlessBytes = 8192;

function isOverwritten(content: Buffer, { from, to, shows }: Torn): boolean {
  switch (shows) {
    case 'random':
      return true;
    case 'formless':
      return hasEven(content, from, to, formlessBytes);
    case 'plain':
      return hasEven(content, from, to, Math.min(blockBytes, Math.max(judgedBytesMin, to - from)));
    case 'broken':
      return hasEvenStretch(content, from, to);
    case 'cut':
      return false;
  }
}

/** Whether random bytes stand somewhere in a part: in a stretch of half of it where it is short. */
const hasEvenStretch = (content: Buffer, from: number, to: number): boolean =>
  hasEven(content, from, to, Math.min(stretchBytes, Math.max(judgedBytesMin, Math.floor((to - from) / 2))));

/** Where a part is long, in the blocks of a disk: whole ones are what is encrypted. */
function hasEven(content: Buffer, from: number, to: number, length: number): boolean {
  const step = Math.min(blockBytes, length);
  for (let at = length < stretchBytes / 2 ? from : Math.ceil(from / step) * step; at + length <= to; at += step)
    if (isEven(content.subarray(at, at + length))) return true;
  return false;
}

/** Shorter tables say nothing. */
const tableBytesMin = 512;
/** A table of which so much is forbidden is none of its format. */
const forbiddenShare = 0.75;

/** Whether random bytes stand in the place of a table whose entries, each of `step` bytes, must be fine. */
export function isForeign(
  content: Buffer,
  from: number,
  to: number,
  step: number,
  isFine: (at: number) => boolean,
): boolean {
  let [entries, forbidden] = [0, 0];
  for (let at = from; at + step <= to; at += step) {
    entries += 1;
    if (!isFine(at)) forbidden += 1;
  }
  return forbidden > 0 && forbidden >= entries * forbiddenShare && isEven(content.subarray(from, to), tableBytesMin);
}
