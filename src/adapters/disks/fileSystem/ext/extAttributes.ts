import { Damaged } from '../../faults.ts';
import type { ExtInode } from './ext.ts';
import type { ExtMap } from './extMap.ts';

export interface ExtAttribute {
  name: string;
  /** Where its values count from. */
  place: Buffer;
  at: number;
  bytes: number;
}

const MAGIC = 0xea020000;
const prefixes: { readonly [index: number]: string } = {
  1: 'user.',
  2: 'system.posix_acl_access',
  3: 'system.posix_acl_default',
  4: 'trusted.',
  6: 'security.',
  7: 'system.',
};

/** Extended attributes of an inode: behind its fields, and in a block of their own. */
export async function attributesOf(map: ExtMap, { raw }: ExtInode): Promise<ExtAttribute[]> {
  const found: ExtAttribute[] = [];
  const start = raw.length > 128 ? 128 + raw.readUInt16LE(128) : raw.length;
  if (start + 4 <= raw.length && raw.readUInt32LE(start) === MAGIC) found.push(...listed(raw.subarray(start + 4), 0));
  const block = raw.readUInt32LE(104) + raw.readUInt16LE(118) * 2 ** 32;
  if (block !== 0) {
    const place = await map.bytes.read(block * map.blockBytes, map.blockBytes);
    if (place.readUInt32LE(0) !== MAGIC) throw new Damaged('the attributes of a file are not where it says');
    found.push(...listed(place, 32));
  }
  return found;
}

export function attributeValue({ place, at, bytes }: ExtAttribute): Buffer {
  if (at + bytes > place.length) throw new Damaged('an attribute reaches out of its place');
  return place.subarray(at, at + bytes);
}

function listed(place: Buffer, start: number): ExtAttribute[] {
  const found: ExtAttribute[] = [];
  for (let at = start; at + 16 <= place.length && place.readUInt32LE(at) !== 0; ) {
    const length = place[at] ?? 0;
    const name = `${prefixes[place[at + 1] ?? 0] ?? ''}${place.toString('utf8', at + 16, at + 16 + length)}`;
    found.push({ name, place, at: place.readUInt16LE(at + 2), bytes: place.readUInt32LE(at + 8) });
    at += 16 + Math.ceil(length / 4) * 4;
  }
  return found;
}
