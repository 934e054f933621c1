import { Damaged, NotRead } from '../faults.ts';
import { type Bytes, concatenated, count, type Piece, PiecedBytes } from '../image/bytes.ts';
import { type LvmSection, numberOf, parseLvmText, sectionOf } from './lvmText.ts';

const LABEL_SECTORS = 4;
const TEXT_BYTES_MAX = 16 * 1024 * 1024;
/** ` LVM2 x[5A%r0N*>` begins each metadata area, after its checksum. */
const AREA_MAGIC = ' LVM2 x[5A%r0N*>';

export interface PhysicalVolume {
  id: string;
  bytes: Bytes;
  /** Metadata of its group; undefined where this one keeps none: another of the group does. */
  text: string | undefined;
}

/** lvm2's lib/format_text/layout.h. Undefined where the bytes are no physical volume. */
export async function physicalVolume(bytes: Bytes): Promise<PhysicalVolume | undefined> {
  if (bytes.size < LABEL_SECTORS * 512) return undefined;
  const head = await bytes.read(0, LABEL_SECTORS * 512);
  for (let sector = 0; sector < LABEL_SECTORS; sector += 1) {
    const label = head.subarray(sector * 512, (sector + 1) * 512);
    if (label.toString('latin1', 0, 8) !== 'LABELONE' || label.toString('latin1', 24, 32) !== 'LVM2 001') continue;
    let at = label.readUInt32LE(20);
    const id = label.toString('latin1', at, at + 32);
    at += 40;
    const areas = (): { at: number; size: number }[] => {
      const found: { at: number; size: number }[] = [];
      for (; ; at += 16) {
        const area = { at: count(label.readBigUInt64LE(at)), size: count(label.readBigUInt64LE(at + 8)) };
        if (area.at === 0) break;
        found.push(area);
      }
      at += 16;
      return found;
    };
    areas();
    let text: string | undefined;
    for (const area of areas()) text ??= await textOf(bytes, area);
    return { id, bytes, text };
  }
  return undefined;
}

/** The text stands in a ring that begins after the area's header. */
async function textOf(bytes: Bytes, area: { at: number; size: number }): Promise<string | undefined> {
  const header = await bytes.read(area.at, 512);
  if (header.toString('latin1', 4, 20) !== AREA_MAGIC) return undefined;
  const from = count(header.readBigUInt64LE(40));
  const length = count(header.readBigUInt64LE(48));
  if (from === 0 || length === 0) return undefined;
  if (length > TEXT_BYTES_MAX || from >= area.size)
    throw new Damaged('the metadata of LVM is not where its header says');
  const straight = Math.min(length, area.size - from);
  const parts = [await bytes.read(area.at + from, straight), await bytes.read(area.at + 512, length - straight)];
  return Buffer.concat(parts).toString('utf8').split('\0', 1)[0];
}

export interface LogicalVolume {
  /** `group-volume`. */
  name: string;
  /** Fails where its layout is not one we read; the others of the group do not mind. */
  open(): Bytes;
}

/** Every visible logical volume of every group the physical ones make. */
export function logicalVolumes(physical: readonly PhysicalVolume[]): LogicalVolume[] {
  const groups = new Map<string, LvmSection>();
  for (const { text } of physical)
    for (const [name, group] of text === undefined ? [] : Object.entries(parseLvmText(text))) {
      const section = sectionOf(group);
      if (section.extent_size === undefined) continue;
      const known = groups.get(name);
      if (known === undefined || numberOf(known, 'seqno') < numberOf(section, 'seqno')) groups.set(name, section);
    }
  return [...groups].flatMap(([groupName, group]) =>
    Object.entries(sectionOf(group.logical_volumes)).flatMap(([name, volume]): LogicalVolume[] => {
      const section = sectionOf(volume);
      const visible = Array.isArray(section.status) && section.status.includes('VISIBLE');
      return visible ? [{ name: `${groupName}-${name}`, open: () => opened(name, group, section, physical) }] : [];
    }),
  );
}

function opened(name: string, group: LvmSection, volume: LvmSection, physical: readonly PhysicalVolume[]): Bytes {
  const extent = numberOf(group, 'extent_size') * 512;
  const segments: { start: number; piece: Piece }[] = [];
  for (const [key, value] of Object.entries(volume)) {
    if (!/^segment\d+$/.test(key)) continue;
    const segment = sectionOf(value);
    if (segment.type !== 'striped' || !Array.isArray(segment.stripes))
      throw new NotRead(
        `the logical volume ${name} of type «${segment.type}»`,
        'Only linear and striped volumes are read: export its content, or another copy.',
      );
    const stripes: Piece[] = [];
    const length = numberOf(segment, 'extent_count') * extent;
    const each = segment.stripes.length / 2;
    for (let index = 0; index < segment.stripes.length; index += 2)
      stripes.push(
        stripeOf(
          group,
          physical,
          String(segment.stripes[index]),
          Number(segment.stripes[index + 1]),
          extent,
          length / each,
        ),
      );
    const [first] = stripes;
    if (first === undefined) throw new Damaged(`the logical volume ${name} stands nowhere`);
    const stripeBytes = stripes.length === 1 ? 0 : numberOf(segment, 'stripe_size') * 512;
    const piece = stripes.length === 1 ? first : { length, in: striped(stripes, stripeBytes, length), at: 0 };
    segments.push({ start: numberOf(segment, 'start_extent'), piece });
  }
  return concatenated(segments.toSorted((one, other) => one.start - other.start).map(({ piece }) => piece));
}

function stripeOf(
  group: LvmSection,
  physical: readonly PhysicalVolume[],
  key: string,
  startExtent: number,
  extent: number,
  length: number,
): Piece {
  const section = sectionOf(sectionOf(group.physical_volumes)[key]);
  const id = String(section.id ?? '').replaceAll('-', '');
  const found = physical.find((one) => one.id === id);
  if (found === undefined) throw new Damaged('a disk of this LVM group is missing from the night');
  const at = numberOf(section, 'pe_start') * 512 + startExtent * extent;
  if (at + length > found.bytes.size) throw new Damaged('a logical volume reaches beyond its disk');
  return { length, in: found.bytes, at };
}

function striped(stripes: readonly Piece[], stripeBytes: number, size: number): Bytes {
  if (stripeBytes === 0) throw new Damaged('stripes of no size');
  return new PiecedBytes(size, async (offset) => {
    const chunk = Math.floor(offset / stripeBytes);
    const stripe = stripes[chunk % stripes.length];
    const inside = offset % stripeBytes;
    const at = (stripe?.at ?? 0) + Math.floor(chunk / stripes.length) * stripeBytes + inside;
    return { length: stripeBytes - inside, in: stripe?.in ?? null, at };
  });
}
