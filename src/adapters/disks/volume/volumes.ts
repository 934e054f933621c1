import { Damaged, isDamage, NotRead } from '../faults.ts';
import type { DiskFileSystem } from '../fileSystem/fileSystem.ts';
import { recognised, UNKNOWN } from '../fileSystem/recognise.ts';
import type { Bytes } from '../image/bytes.ts';
import { Cached } from '../image/cached.ts';
import { logicalVolumes, type PhysicalVolume, physicalVolume } from './lvm.ts';
import { partitionsOf } from './partitions.ts';

export interface Volume {
  /** `2`, a partition's number; `group-volume` of LVM; after the disk's name where a night has several disks. */
  key: string;
  /** Its name in the partition table, else its file system's. */
  label: string;
  /** Undefined where it holds no files (swap, nothing at all). */
  fileSystem: DiskFileSystem | undefined;
  /** Why its files cannot be read. */
  fault?: Damaged | NotRead;
}

interface Place {
  key: string;
  name: string;
  open(): Bytes;
}

/** Every place of a night's disks where files may stand, in the order of the disks. */
export async function volumesOf(disks: readonly { name: string; bytes: Bytes }[]): Promise<Volume[]> {
  const places: Place[] = [];
  const physical: PhysicalVolume[] = [];
  const put = async (place: Place & { bytes: Bytes }) => {
    const found = await physicalVolume(place.bytes);
    if (found) physical.push(found);
    else places.push(place);
  };
  for (const { name, bytes } of disks) {
    const cached = new Cached(bytes);
    const prefix = disks.length === 1 ? '' : `${name}-`;
    const whole = { key: `${prefix}1`, name: '', bytes: cached, open: () => cached };
    const partitions = (await holdsFiles(cached)) ? undefined : await partitionsOf(cached);
    if (partitions === undefined) await put(whole);
    for (const { number, name: called, bytes: part } of partitions ?? [])
      await put({ key: `${prefix}${number}`, name: called, bytes: part, open: () => part });
  }
  for (const { name, open } of logicalVolumes(physical)) places.push({ key: name, name: '', open });
  const volumes: Volume[] = [];
  for (const place of places) volumes.push(await volumeAt(place));
  return volumes;
}

/** A file system may begin where a partition table would: the boot sector of NTFS and FAT ends like one. */
async function holdsFiles(disk: Bytes): Promise<boolean> {
  try {
    return (await recognised(disk)) !== undefined || (await physicalVolume(disk)) !== undefined;
  } catch (error) {
    if (error instanceof NotRead) return error.message !== UNKNOWN;
    if (isDamage(error)) return true;
    throw error;
  }
}

async function volumeAt({ key, name, open }: Place): Promise<Volume> {
  try {
    const fileSystem = await recognised(new Cached(open()));
    return { key, label: name || (fileSystem?.label ?? ''), fileSystem };
  } catch (error) {
    if (error instanceof NotRead) return { key, label: name, fileSystem: undefined, fault: error };
    if (isDamage(error)) return { key, label: name, fileSystem: undefined, fault: new Damaged(error.message) };
    throw error;
  }
}
