import { Damaged } from '../../faults.ts';

const tag = { mountPoint: 0xa0000003, symlink: 0xa000000c, linux: 0xa000001d };
const RELATIVE = 1;

/** What stands in for a file: a link we can make, or why it cannot come back ([MS-FSCC] 2.1.2). */
export function linkOf(reparse: Buffer): { target?: Buffer; cannot?: string } {
  const kind = reparse.readUInt32LE(0);
  const bytes = reparse.readUInt16LE(4);
  if (8 + bytes > reparse.length) throw new Damaged('a link reaches out of its place');
  if (kind === tag.linux) return { target: reparse.subarray(12, 8 + bytes) };
  if (kind === tag.symlink) {
    const at = 20 + reparse.readUInt16LE(8);
    const target = reparse.toString('utf16le', at, at + reparse.readUInt16LE(10));
    if (reparse.readUInt32LE(16) & RELATIVE) return { target: Buffer.from(target.replaceAll('\\', '/')) };
    return { cannot: 'a link of Windows to a place by its drive' };
  }
  if (kind === tag.mountPoint) return { cannot: 'a junction of Windows to another place' };
  return {
    cannot: notHere[kind] ?? `kept by Windows elsewhere or in a way of its own (reparse point ${kind.toString(16)})`,
  };
}

const notHere: { readonly [kind: number]: string } = {
  2147483667: 'kept once for several files by Windows’ deduplication',
  2147483671: 'compressed by Windows in a way that is not read (CompactOS)',
};
