import type { Bytes } from '../../image/bytes.ts';

const RECORD = 0xfeedbabe;
const UNMOUNTED = 0x20;
const SECTOR = 512;
/** A record is no longer than 256 KB and its header. */
const RECORD_SECTORS_MAX = 1024;

/** Whether the last record of the log says that the file system was unmounted: else what it holds may not stand in its place yet. */
export async function wasUnmounted(log: Bytes): Promise<boolean> {
  const sectors = Math.floor(log.size / SECTOR);
  const cycle = async (sector: number): Promise<number> => {
    const read = await log.read(sector * SECTOR, 8);
    return read.readUInt32BE(0) === RECORD ? read.readUInt32BE(4) : read.readUInt32BE(0);
  };
  // Sectors before the head bear the newest cycle, those from it on the one before.
  const newest = await cycle(0);
  let [low, high] = [0, sectors];
  while (high - low > 1) {
    const middle = (low + high) >>> 1;
    if ((await cycle(middle)) === newest) low = middle;
    else high = middle;
  }
  for (let sector = high - 1; sector >= Math.max(0, high - RECORD_SECTORS_MAX); sector -= 1) {
    const header = await log.read(sector * SECTOR, SECTOR);
    if (header.readUInt32BE(0) !== RECORD) continue;
    if (header.readUInt32BE(40) !== 1) return false;
    const headers = Math.max(1, Math.ceil(header.readUInt32BE(320) / 32_768));
    const operation = await log.read((sector + headers) * SECTOR, 12);
    return ((operation[9] ?? 0) & UNMOUNTED) !== 0;
  }
  return false;
}
