import type { Dirent } from 'node:fs';
import { lstat, readdir } from 'node:fs/promises';
import { join } from 'node:path';
import { isDamage } from './faults.ts';
import { OpenImages } from './image/open.ts';

/** One night: an image in the folder, or a folder of images in it. */
export interface Night {
  /** Name of the file or folder. */
  id: string;
  /** From the name; where it says none, when the newest image was written. */
  time: string;
  storedAt: string;
  /** Paths of its images below the folder of the source, one a disk (several where some of them rest on others). */
  images: string[];
}

const IMAGE = /\.(?:qcow2|qcow|vmdk|vhdx|raw|dd|img)$/i;
/** The data of a VMDK beside its descriptor, by VMware's and QEMU's names. */
const EXTENT = /-(?:flat|delta|ctk|[sf]\d{3,})\.vmdk$/i;
/** `2026-03-01`, `20260301T0230`, `2026-03-01_02-30-00`, `…T02:30:00+01:00` anywhere in a name; UTC where no offset is said. */
const TIME =
  /(?<!\d)((?:19|20)\d\d)-?(\d\d)-?(\d\d)(?:[T_ -]?(\d\d)[-:h.]?(\d\d)(?:[-:.]?(\d\d))?(?:Z|([+-]\d\d):?(\d\d))?)?(?!\d)/;

/** Oldest first; undefined where the folder cannot be opened. No link is followed. */
export async function nightsIn(folder: string): Promise<Night[] | undefined> {
  const entries = await readdir(folder, { withFileTypes: true }).catch(() => undefined);
  if (entries === undefined) return undefined;
  const nights: Night[] = [];
  for (const entry of entries) {
    const images = await imagesOf(folder, entry);
    if (images.length === 0) continue;
    const written = await Promise.all(images.map(async (image) => (await lstat(join(folder, image))).mtimeMs));
    const storedAt = new Date(Math.max(...written)).toISOString();
    nights.push({ id: entry.name, time: timeIn(entry.name) ?? storedAt, storedAt, images });
  }
  return nights.toSorted((one, other) => one.time.localeCompare(other.time) || one.id.localeCompare(other.id));
}

async function imagesOf(folder: string, entry: Dirent): Promise<string[]> {
  if (entry.isFile()) return (await isDisk(folder, entry.name)) ? [entry.name] : [];
  if (!entry.isDirectory()) return [];
  const inside = await readdir(join(folder, entry.name), { withFileTypes: true }).catch(() => []);
  const images: string[] = [];
  for (const one of inside.toSorted((first, second) => first.name.localeCompare(second.name)))
    if (one.isFile() && (await isDisk(folder, join(entry.name, one.name)))) images.push(join(entry.name, one.name));
  return images;
}

async function isDisk(folder: string, path: string): Promise<boolean> {
  if (!IMAGE.test(path) || EXTENT.test(path)) return false;
  if (!/\.vmdk$/i.test(path)) return true;
  await using images = new OpenImages(folder);
  try {
    return await images.isWhole(join(folder, path));
  } catch (error) {
    // It is told as a night, so that its damage is.
    if (isDamage(error)) return true;
    throw error;
  }
}

export function timeIn(name: string): string | undefined {
  const [, year, month, day, hours = '00', minutes = '00', seconds = '00', zoneHours, zoneMinutes] =
    TIME.exec(name) ?? [];
  if (year === undefined) return undefined;
  const zone = zoneHours === undefined ? 'Z' : `${zoneHours}:${zoneMinutes}`;
  const time = new Date(`${year}-${month}-${day}T${hours}:${minutes}:${seconds}${zone}`);
  return Number.isNaN(time.getTime()) ? undefined : time.toISOString();
}
