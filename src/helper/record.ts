import {
  closeSync,
  constants,
  existsSync,
  fdatasyncSync,
  fstatSync,
  fsyncSync,
  ftruncateSync,
  linkSync,
  openSync,
  readdirSync,
  readFileSync,
  renameSync,
  rmSync,
  statSync,
  writeSync,
} from 'node:fs';
import { join } from 'node:path';
import { z } from 'zod';
import { accept, type Result, refuse } from '../journal/result.ts';
import { MemberRequest } from './protocol.ts';

/** Each sandbox has two: bubblewrap outside, and `-init`, process 1 inside, whose end ends all the rest. */
const Process = z.object({
  role: z.enum(['member', 'relay', 'probe', 'member-init', 'relay-init', 'probe-init']),
  pid: z.int(),
  startTicks: z.string(),
});
export type RecordedProcess = z.infer<typeof Process>;

const Member = z.object({
  index: z.int(),
  spec: MemberRequest,
  /** What makes a running member the same as a wanted one: its spec and its program, as a SHA-256. */
  digest: z.string(),
  phase: z.enum(['starting', 'running', 'ended']),
  namespace: z.int().optional(),
  processes: z.array(Process),
});
export type RecordedMember = z.infer<typeof Member>;

const Room = z.object({
  id: z.string(),
  epoch: z.int(),
  folder: z.string(),
  /** Random part of every name made for this life of the room: no other thing on the host can bear it. */
  key: z.string(),
  boot: z.string(),
  phase: z.enum(['opening', 'open', 'closing']),
  namespace: z.int().optional(),
  /** cgroup folders under which each member's group was made. */
  groups: z.array(z.string()),
  members: z.record(z.string(), Member),
  /** Place of each member ever named here in the room's network; never given twice. */
  indexes: z.record(z.string(), z.int()),
  /** Ended since the hub last opened this room, and not yet told. */
  endedOrphans: z.array(z.int()),
});
export type RecordedRoom = z.infer<typeof Room>;

const State = z.object({ epoch: z.int(), rooms: z.record(z.string(), Room) });
export type RecordedState = z.infer<typeof State>;

const room = z.string();
const member = z.string();
const peer = z.object({ pid: z.int(), uid: z.int() }).optional();
const Fact = z.discriminatedUnion('fact', [
  z.object({ fact: z.literal('state'), state: State }),
  z.object({ fact: z.literal('called'), verb: z.string(), request: z.unknown(), peer }),
  z.object({ fact: z.literal('unheard'), why: z.string(), peer }),
  z.object({ fact: z.literal('returned'), verb: z.string(), ok: z.boolean(), code: z.string().optional() }),
  z.object({ fact: z.literal('epochSeen'), epoch: z.int() }),
  z.object({ fact: z.literal('roomOpening'), room: Room }),
  z.object({ fact: z.literal('roomOpened'), room, namespace: z.int() }),
  z.object({ fact: z.literal('roomClosing'), room }),
  z.object({ fact: z.literal('roomClosed'), room }),
  z.object({
    fact: z.literal('memberStarting'),
    room,
    indexes: z.record(z.string(), z.int()),
    spec: MemberRequest,
    digest: z.string(),
  }),
  z.object({ fact: z.literal('namespaceMade'), room, member, namespace: z.int() }),
  z.object({ fact: z.literal('processStarted'), room, member, process: Process }),
  z.object({ fact: z.literal('processEnded'), room, member, pid: z.int() }),
  z.object({ fact: z.literal('memberRunning'), room, member }),
  z.object({ fact: z.literal('memberEnded'), room, member }),
  z.object({ fact: z.literal('orphansEnded'), room, pids: z.array(z.int()) }),
  z.object({ fact: z.literal('orphansTold'), room }),
]);
export type Fact = z.infer<typeof Fact>;

/** Applies one fact in place: the record is the only owner of this state. */
function apply(state: RecordedState, fact: Fact): void {
  switch (fact.fact) {
    case 'called':
    case 'unheard':
    case 'returned':
      return;
    case 'state':
      Object.assign(state, structuredClone(fact.state));
      return;
    case 'epochSeen':
      state.epoch = Math.max(state.epoch, fact.epoch);
      return;
    case 'roomOpening':
      state.rooms[fact.room.id] = structuredClone(fact.room);
      return;
    case 'roomClosed':
      delete state.rooms[fact.room];
      return;
    default:
      applyToRoom(state.rooms[fact.room], fact);
  }
}

type RoomFact = Exclude<
  Fact,
  { fact: 'called' | 'unheard' | 'returned' | 'state' | 'epochSeen' | 'roomOpening' | 'roomClosed' }
>;

function applyToRoom(found: RecordedRoom | undefined, fact: RoomFact): void {
  if (found === undefined) return;
  switch (fact.fact) {
    case 'roomOpened':
      Object.assign(found, { phase: 'open', namespace: fact.namespace });
      return;
    case 'roomClosing':
      found.phase = 'closing';
      return;
    case 'orphansEnded':
      found.endedOrphans.push(...fact.pids);
      return;
    case 'orphansTold':
      found.endedOrphans = [];
      return;
    case 'memberStarting': {
      const { indexes, spec, digest } = fact;
      Object.assign(found.indexes, indexes);
      found.members[spec.id] = { index: found.indexes[spec.id] ?? 0, spec, digest, phase: 'starting', processes: [] };
      return;
    }
    default:
      applyToMember(found.members[fact.member], fact);
  }
}

function applyToMember(found: RecordedMember | undefined, fact: Extract<RoomFact, { member: string }>): void {
  if (found === undefined) return;
  switch (fact.fact) {
    case 'namespaceMade':
      found.namespace = fact.namespace;
      return;
    case 'processStarted':
      found.processes.push(fact.process);
      return;
    case 'processEnded':
      found.processes = found.processes.filter(({ pid }) => pid !== fact.pid);
      return;
    case 'memberRunning':
      found.phase = 'running';
      return;
    case 'memberEnded':
      Object.assign(found, { phase: 'ended', processes: [] });
      delete found.namespace;
  }
}

/** A longer record is put aside, and only this many old ones are kept: what is said at the door cannot fill the disk. */
const recordBytesMax = 8_388_608;
const archivesMax = 8;

/**
 * What the helper did and is doing, one fact per line, on disk before the effect it announces. Its fold is the helper's
 * whole memory: a new life knows what the last one left, also after `kill -9`.
 */
export class HelperRecord {
  readonly state: RecordedState = { epoch: 0, rooms: {} };
  /** Tests of crashes die here, between a fact and its effect. */
  onAppended: (fact: Fact) => void = () => {};
  readonly #folder: string;
  readonly #bytesMax: number;
  #fd: number;

  private constructor(fd: number, folder: string, bytesMax: number) {
    this.#fd = fd;
    this.#folder = folder;
    this.#bytesMax = bytesMax;
  }

  static open(folder: string, bytesMax = recordBytesMax): Result<HelperRecord> {
    const path = join(folder, 'record.jsonl');
    const fd = openSync(path, constants.O_RDWR | constants.O_CREAT | constants.O_APPEND | constants.O_NOFOLLOW, 0o600);
    const record = new HelperRecord(fd, folder, bytesMax);
    const text = readFileSync(path, 'utf8');
    // A line without its end was never acknowledged: its effect did not start.
    const whole = text.slice(0, text.lastIndexOf('\n') + 1);
    const lines = whole.split('\n').slice(0, -1);
    for (const [index, line] of lines.entries()) {
      const fact = readFact(line);
      if (fact === undefined) {
        closeSync(fd);
        return refuse('helper-record-damaged', `Line ${index + 1} of ${path} cannot be read.`, {
          where: `${path}:${index + 1}`,
          expected: 'one fact per line, as the helper wrote it',
          kept: 'the file is untouched; nothing was started or ended',
          cure: 'end what the earlier lines name (`ip netns list`, processes by number), then move this file away',
        });
      }
      apply(record.state, fact);
    }
    if (whole.length !== text.length) ftruncateSync(fd, Buffer.byteLength(whole));
    syncFolder(folder);
    if (statSync(path).size > bytesMax) record.#startAnew();
    return accept(record);
  }

  /** Durable when it returns; throws when the disk refuses, and then the effect must not start. */
  append(...facts: Fact[]): void {
    const at = new Date().toISOString();
    const bytes = Buffer.from(facts.map((fact) => `${JSON.stringify({ at, ...fact })}\n`).join(''));
    if (fstatSync(this.#fd).size > this.#bytesMax) this.#startAnew();
    const before = fstatSync(this.#fd).size;
    try {
      for (let done = 0; done < bytes.length; ) done += writeSync(this.#fd, bytes, done);
      fdatasyncSync(this.#fd);
    } catch (error) {
      // Half a line must not stand between two whole ones.
      ftruncateSync(this.#fd, before);
      throw error;
    }
    for (const fact of facts) {
      apply(this.state, fact);
      this.onAppended(fact);
    }
  }

  close(): void {
    closeSync(this.#fd);
  }

  #startAnew(): void {
    const folder = this.#folder;
    const path = join(folder, 'record.jsonl');
    const at = new Date().toISOString();
    const fresh = `${path}.new`;
    const fd = openSync(fresh, constants.O_RDWR | constants.O_CREAT | constants.O_TRUNC | constants.O_APPEND, 0o600);
    writeSync(fd, `${JSON.stringify({ at, fact: 'state', state: this.state } satisfies Fact & { at: string })}\n`);
    fsyncSync(fd);
    linkSync(path, freeName(folder, `record-${at.replace(/[:.]/g, '-')}`));
    renameSync(fresh, path);
    syncFolder(folder);
    closeSync(this.#fd);
    this.#fd = fd;
    const archives = readdirSync(folder)
      .filter((name) => /^record-.*\.jsonl$/.test(name))
      .sort();
    for (const name of archives.slice(0, -archivesMax)) rmSync(join(folder, name));
  }
}

/** Two may be put aside within one millisecond. */
function freeName(folder: string, name: string, number = 0): string {
  const path = join(folder, `${name}-${String(number).padStart(4, '0')}.jsonl`);
  return existsSync(path) ? freeName(folder, name, number + 1) : path;
}

function readFact(line: string): Fact | undefined {
  try {
    return Fact.parse(JSON.parse(line));
  } catch {
    return undefined;
  }
}

function syncFolder(folder: string): void {
  const fd = openSync(folder, constants.O_RDONLY);
  fsyncSync(fd);
  closeSync(fd);
}
