import { randomBytes } from 'node:crypto';
import { mkdir, readdir, readFile, rename, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { startHelper } from '../../src/adapters/cleanRoom/startHelper.ts';
import { HelperRecord } from '../../src/helper/record.ts';
import { endRun } from '../run/ending.ts';
import { identityOf } from '../run/processes.ts';

/** All drills of this machine keep their folder here, so that the next one finds what a killed one left. */
const drillBase = (): string => join(tmpdir(), 'reflexe-drill');

export interface DrillFolder {
  path: string;
  hospital: string;
  helperState: string;
  /** The helper's socket, in a folder of its own that nobody else may enter. */
  socket: string;
  remove(): Promise<void>;
}

const placed = (path: string): Omit<DrillFolder, 'remove'> => ({
  path,
  hospital: join(path, 'hospital'),
  helperState: join(path, 'helper'),
  socket: join(path, 'door', 'helper.sock'),
});

export async function openDrillFolder(): Promise<DrillFolder> {
  const base = drillBase();
  await mkdir(base, { recursive: true, mode: 0o711 });
  const name = randomBytes(4).toString('hex');
  // Without a name others look at until it says whose it is: a drill that starts now must not take it for a dead one's.
  const unnamed = join(base, `.${name}`);
  await mkdir(unnamed, { mode: 0o711 });
  await mkdir(join(unnamed, 'door'), { mode: 0o700 });
  await writeFile(join(unnamed, 'owner'), identity(process.pid), { flush: true });
  const path = join(base, name);
  await rename(unnamed, path);
  const folder = placed(path);
  return { ...folder, remove: () => removeFolder(folder) };
}

/**
 * Ends what drills of processes that are gone left behind: their hospital by its record, their room by the helper's. What
 * cannot be ended stays as it is, and is told: it is in nobody's way but the machine's.
 */
export async function endLeftovers(onTrouble: (why: string) => void, base = drillBase()): Promise<string[]> {
  const names = await readdir(base).catch(() => []);
  const ended: string[] = [];
  for (const name of names.filter((one) => !one.startsWith('.'))) {
    const folder = placed(join(base, name));
    const owner = await readFile(join(folder.path, 'owner'), 'utf8').catch(() => '');
    if (owner !== '' && owner === identity(Number(owner.split(' ')[0]))) continue;
    try {
      await endRun(folder.hospital);
      await removeFolder(folder);
      ended.push(name);
    } catch (error) {
      onTrouble(error instanceof Error ? error.message : String(error));
    }
  }
  return ended;
}

/**
 * Removes the folder of a drill once nothing lives in it any more. The helper's record is the only trace of its room: it goes
 * last, and stays, with the folder, where the room could not be ended.
 */
async function removeFolder(folder: Omit<DrillFolder, 'remove'>): Promise<void> {
  if (roomsIn(folder.helperState).length > 0) {
    // A helper on the same state ends what the last one recorded; its lifeline then closes the room.
    const helper = await startHelper({ socket: folder.socket, state: folder.helperState, lifeline: true });
    if (helper.ok) await helper.value.stop();
    const left = roomsIn(folder.helperState);
    if (left.length > 0) {
      const why = helper.ok ? 'its helper could not close it' : helper.refusal.message;
      throw new Error(`The clean room of a drill is still there, and so is its folder ${folder.path}: ${why}`);
    }
  }
  await rm(folder.path, { recursive: true, force: true });
}

/** Rooms that the record of a helper which is gone still holds. */
function roomsIn(helperState: string): string[] {
  try {
    const record = HelperRecord.open(helperState);
    if (!record.ok) return [record.refusal.message];
    record.value.close();
    return Object.keys(record.value.state.rooms);
  } catch {
    return [];
  }
}

/** A process by number and start time, empty when it is gone. */
function identity(pid: number): string {
  const found = identityOf(pid);
  return found === undefined ? '' : `${found.pid} ${found.startTicks}`;
}
