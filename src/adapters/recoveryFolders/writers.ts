import { readdirSync, readFileSync } from 'node:fs';
import { end, identify } from '../../helper/room/processes.ts';

/**
 * Environment variable of every program we start to write into a folder, holding that folder's path. The kernel keeps it with
 * the process from its first instruction: unlike a record of process numbers, no crash of ours can come in between.
 */
export const WRITES_INTO = 'REFLEXE_WRITES_INTO';

/**
 * Ends the programs that a killed life of ours left writing into this folder, and waits until they are gone. Returns their
 * numbers. To be called where nothing of the present life writes there.
 */
export async function endWriters(folder: string): Promise<number[]> {
  const mark = Buffer.from(`\0${WRITES_INTO}=${folder}\0`);
  const found = readdirSync('/proc')
    .filter((name) => /^\d+$/.test(name))
    .map(Number)
    // Taken before its environment is read: a later process with the same number is told apart by its start.
    .flatMap((pid) => identify(pid) ?? [])
    .filter(({ pid }) => pid !== process.pid && environmentOf(pid).includes(mark));
  return end(found);
}

/** proc(5), /proc/<pid>/environ; empty for what is gone, and for what belongs to others: we started neither. */
function environmentOf(pid: number): Buffer {
  const edge = Buffer.from('\0');
  try {
    return Buffer.concat([edge, readFileSync(`/proc/${pid}/environ`), edge]);
  } catch {
    return edge;
  }
}
