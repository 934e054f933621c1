import { randomBytes } from 'node:crypto';
import { mkdir, readdir, readFile, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { startHelper } from '../../src/adapters/cleanRoom/startHelper.ts';
import { endRun } from '../run/ending.ts';

/** All drills of this machine keep their folder here, so that the next one finds what a killed one left. */
const base = join(tmpdir(), 'reflexe-drill');

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
  await mkdir(base, { recursive: true, mode: 0o711 });
  const path = join(base, randomBytes(4).toString('hex'));
  await mkdir(path, { mode: 0o711 });
  await mkdir(join(path, 'door'), { mode: 0o700 });
  await writeFile(join(path, 'owner'), await identity(process.pid), { flush: true });
  return { ...placed(path), remove: () => rm(path, { recursive: true, force: true }) };
}

/** Ends what drills of processes that are gone left behind: their hospital by its record, their room by the helper's. */
export async function endLeftovers(): Promise<string[]> {
  const names = await readdir(base).catch(() => []);
  const ended: string[] = [];
  for (const name of names) {
    const folder = placed(join(base, name));
    const owner = await readFile(join(folder.path, 'owner'), 'utf8').catch(() => '');
    if (owner !== '' && owner === (await identity(Number(owner.split(' ')[0])))) continue;
    await endRun(folder.hospital);
    // A helper on the same state ends what the killed one recorded; its lifeline then closes the room.
    const helper = await startHelper({
      socket: folder.socket,
      state: folder.helperState,
      lifeline: true,
    });
    if (helper.ok) await helper.value.stop();
    await rm(folder.path, { recursive: true, force: true });
    ended.push(name);
  }
  return ended;
}

/** A process by number and start time (proc(5), /proc/pid/stat, field 22), empty when it is gone. */
async function identity(pid: number): Promise<string> {
  const stat = await readFile(`/proc/${pid}/stat`, 'utf8').catch(() => '');
  const started = stat.slice(stat.lastIndexOf(')') + 2).split(' ')[19];
  return started === undefined ? '' : `${pid} ${started}`;
}
