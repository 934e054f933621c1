import { chmodSync, lstatSync, mkdirSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { accept, type Refusal, type Result, refuse } from '../journal/result.ts';
import { openDoor } from './door.ts';
import { peerOf } from './peer.ts';
import { loadPrograms } from './programFile.ts';
import { type Fact, HelperRecord } from './record.ts';
import { Limits } from './room/limits.ts';
import type { Machine } from './room/machine.ts';
import { bootId, identify, isAlive } from './room/processes.ts';
import { Rooms } from './room/rooms.ts';
import { seccompFilter } from './room/seccomp.ts';
import { findTools } from './room/tools.ts';
import type { Weakness } from './room/weakness.ts';

export interface HelperOptions {
  socket: string;
  folder: string;
  hubUid: number;
  programsFile?: string;
  roomsFolder?: string;
  /** Only tests of the proof pass it, in their own process. */
  weak?: ReadonlySet<Weakness>;
  /** Only tests of crashes pass it, in their own process. */
  onAppended?: (fact: Fact) => void;
}

export interface Helper {
  rooms: Rooms;
  /** What an earlier life left and this one could not end; it stays recorded. */
  unsettled: Refusal[];
  /** Answers what could not be closed; it stays recorded for the next life. */
  stop(how: { closeRooms: boolean }): Promise<Refusal[]>;
}

const logEveryMilliseconds = 10_000;
/** What is left of a Unix socket's 107 bytes after `/gateway/<key>/<index>/<port>`. */
const folderBytesMax = 70;

/** Starts a life of the helper in this process: judges its machine and folder, takes up its record, opens its door. */
export async function startHelper(options: HelperOptions): Promise<Result<Helper>> {
  const { socket, folder, hubUid: uid, programsFile, roomsFolder } = options;
  if (process.platform !== 'linux' || process.getuid?.() !== 0) {
    return refuse('clean-room-needs-root', 'The helper makes network namespaces, which only root on Linux may do.', {
      expected: 'root on a Linux machine',
      kept: 'nothing was started',
      cure: 'start it with sudo, or as a service of root',
    });
  }
  const tools = findTools();
  if (!tools.ok) return tools;
  const programs = loadPrograms(programsFile);
  if (!programs.ok) return programs;
  seccompFilter(process.arch);
  const ready = prepareFolder(folder);
  if (!ready.ok) return ready;
  const record = HelperRecord.open(folder);
  if (!record.ok) return record;
  if (options.onAppended !== undefined) record.value.onAppended = options.onAppended;
  const machine: Machine = {
    tools: tools.value,
    folder,
    record: record.value,
    limits: new Limits(),
    programs: programs.value,
    hub: { uid, gid: uid },
    ...(roomsFolder === undefined ? {} : { roomsFolder }),
    weak: options.weak ?? new Set(),
  };
  const rooms = new Rooms(machine);
  const unsettled = await rooms.reconcile();
  const door = await openDoor(socket, machine.hub, {
    peerOf: (connection) => peerOf(machine.tools, connection),
    obey: (request, peer) => rooms.obey(request, peer),
    refused: (why, peer) => rooms.noteRefused(why, peer),
  });
  if (!door.ok) {
    record.value.close();
    return door;
  }
  const logs = setInterval(() => rooms.shortenLogs(), logEveryMilliseconds);
  const stop = async ({ closeRooms }: { closeRooms: boolean }) => {
    clearInterval(logs);
    await door.value.close();
    const left = closeRooms ? await rooms.closeAll() : [];
    record.value.close();
    rmSync(`${folder}/alive.json`, { force: true });
    return left;
  };
  return accept({ rooms, unsettled, stop });
}

/** Root's folder, entered by others only to reach their gateways; one life at a time. */
function prepareFolder(folder: string): Result<void> {
  const refused = (because: string, cure: string) =>
    refuse('helper-folder-refused', `The helper's folder ${folder} is refused: ${because}.`, {
      where: folder,
      expected: `a folder of root, at most ${folderBytesMax} bytes long, that only root can write`,
      kept: 'nothing was started',
      cure,
    });
  if (Buffer.byteLength(folder) > folderBytesMax)
    return refused('its path is too long for the sockets in it', 'choose a shorter one');
  mkdirSync(folder, { recursive: true, mode: 0o711 });
  const found = lstatSync(folder);
  if (!found.isDirectory() || found.uid !== 0 || (found.mode & 0o022) !== 0) {
    return refused('others than root can change it', `chown root: ${folder} && chmod 0711 ${folder}`);
  }
  chmodSync(folder, 0o711);
  const alive = `${folder}/alive.json`;
  const other = livingHelper(alive);
  if (other !== undefined)
    return refused(`the helper with process number ${other} works in it`, 'use that one, or stop it first');
  rmSync(`${folder}/canary`, { recursive: true, force: true });
  mkdirSync(`${folder}/log`, { recursive: true, mode: 0o700 });
  for (const name of ['gateway', 'canary']) {
    mkdirSync(`${folder}/${name}`, { recursive: true });
    chmodSync(`${folder}/${name}`, 0o711);
  }
  writeFileSync(alive, JSON.stringify({ boot: bootId(), ...identify(process.pid) }), { mode: 0o600 });
  return accept(undefined);
}

function livingHelper(path: string): number | undefined {
  try {
    const { boot, pid, startTicks } = JSON.parse(readFileSync(path, 'utf8'));
    if (boot !== bootId() || typeof pid !== 'number' || typeof startTicks !== 'string') return undefined;
    return pid !== process.pid && isAlive({ pid, startTicks }) ? pid : undefined;
  } catch {
    return undefined;
  }
}
