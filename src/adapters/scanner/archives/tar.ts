import { shown } from '../../backupTree/name.ts';
import type { Member } from './members.ts';

const blockBytes = 512;
/** Kinds of entries that are a file's content: POSIX ustar, and GNU's contiguous and sparse ones. */
const files = new Set(['0', '\0', '7', 'S']);

/** POSIX ustar and pax (IEEE Std 1003.1), and GNU's long names and sizes. Links and devices hold nothing. Nothing is copied. */
export function* tarMembers(content: Buffer): Generator<Member> {
  let longName: string | undefined;
  for (let at = 0; at + blockBytes <= content.length && content[at] !== 0; ) {
    const head = content.subarray(at, at + blockBytes);
    const [path, size] = [longName ?? nameOf(head), sizeOf(head.subarray(124, 136))];
    const from = at + blockBytes;
    if (!sumAgrees(head)) {
      yield {
        path: '',
        notExamined: 'cannot be read to its end: a header does not have its sum',
        torn: { from: at, to: content.length, shows: 'broken' },
      };
      return;
    }
    if (size === undefined || from + size > content.length) {
      yield {
        path,
        notExamined: 'its archive ends before it does',
        torn: { from: at, to: content.length, shows: 'broken' },
      };
      return;
    }
    const kind = String.fromCharCode(head[156] ?? 0);
    const own = content.subarray(from, from + size);
    longName = kind === 'L' ? text(own) : kind === 'x' ? paxPath(own) : undefined;
    if (files.has(kind)) yield { path, pieces: [own], torn: { from: at, to: from + size, shows: 'broken' } };
    at = from + Math.ceil(size / blockBytes) * blockBytes;
  }
}

/** Up to the first zero. */
function text(bytes: Buffer): string {
  const end = bytes.indexOf(0);
  return shown(bytes.subarray(0, Math.min(4000, end < 0 ? bytes.length : end)));
}

function nameOf(head: Buffer): string {
  const isPosix = head.toString('latin1', 257, 263) === 'ustar\0';
  const prefix = isPosix ? text(head.subarray(345, 500)) : '';
  const name = text(head.subarray(0, 100));
  return prefix === '' ? name : `${prefix}/${name}`;
}

/** Octal digits, or GNU's big-endian bytes after a first bit that is set. */
function sizeOf(field: Buffer): number | undefined {
  const [first = 0] = field;
  const size =
    (first & 0x80) === 0
      ? Number.parseInt(field.toString('latin1').replace(/\0.*$/s, '').trim() || '0', 8)
      : Number(BigInt(`0x${field.subarray(4).toString('hex')}`));
  return Number.isSafeInteger(size) && size >= 0 ? size : undefined;
}

/** The sum of a header's bytes, its own field taken for spaces. */
function sumAgrees(head: Buffer): boolean {
  const told = Number.parseInt(head.toString('latin1', 148, 156).replace(/\0.*$/s, '').trim(), 8);
  let sum = 8 * 0x20;
  for (const [index, byte] of head.entries()) if (index < 148 || index >= 156) sum += byte;
  return sum === told;
}

/** A record is its length, a space, `path=` and the name, a newline (pax, «Extended Header»). */
function paxPath(records: Buffer): string | undefined {
  const name = /(?:^|\n)\d+ path=([^\n]*)\n/.exec(records.toString('latin1', 0, 16_384))?.[1];
  return name === undefined ? undefined : text(Buffer.from(name, 'latin1'));
}
