import { randomBytes } from 'node:crypto';
import { chownSync, mkdirSync, statSync, truncateSync } from 'node:fs';
import { accept, type Refusal, type Result, refuse } from '../../journal/result.ts';
import { proveIsolation } from '../proof/isolation.ts';
import { type Answer, type MemberRequest, protocolVersion, type Request } from '../protocol.ts';
import type { RecordedRoom } from '../record.ts';
import { openRoomFolder } from './data.ts';
import { endMember, endRoom } from './end.ts';
import { gatewayFolder, isLive, logPath, type Machine, nameOf } from './machine.ts';
import { isRunning, planMember, processOf } from './member.ts';
import { makeBridge } from './network.ts';
import { bootId, isAlive } from './processes.ts';
import { addressOf } from './rules.ts';
import { awaitReady, beginMember, describe, startRelay } from './start.ts';

/** A talkative program must not fill the disk; what it said before is of no use by then. */
const logBytesMax = 16_777_216;

/** Obeys the vocabulary: one thing at a time per room, so that what is recorded is what is there. */
export class Rooms {
  readonly #machine: Machine;
  readonly #turns = new Map<string, Promise<unknown>>();
  /** Starts this life is waiting for: not orphans, though not running yet. */
  readonly #starting = new Set<string>();

  constructor(machine: Machine) {
    this.#machine = machine;
  }

  /** Every call and its outcome is recorded; what breaks on the way is an answer, never the end of the helper. */
  async obey(request: Request): Promise<Result<unknown>> {
    const { record } = this.#machine;
    const { id: _, verb, ...asked } = request;
    try {
      if (verb === 'status') return accept(this.status());
      record.append({ fact: 'called', verb, request: asked });
      const result = await this.#obey(request);
      record.append({ fact: 'returned', verb, ok: result.ok, ...(result.ok ? {} : { code: result.refusal.code }) });
      return result;
    } catch (error) {
      return refuse(
        'helper-failed',
        `The helper could not ${verb}: ${error instanceof Error ? error.message : String(error)}`,
        {
          expected: 'a record that can be written and tools that answer',
          kept: 'whatever was made is recorded, and is ended by the next open or close of this room',
          cure: "look at the helper's folder (is its disk full?), then ask again",
          retryable: true,
        },
      );
    }
  }

  #obey(request: Request): Promise<Result<unknown>> | Result<unknown> {
    switch (request.verb) {
      case 'openRoom':
        return this.#inTurn(request.room, () => this.#open(request));
      case 'startMember':
        return this.#start(request.room, request.epoch, request.member);
      case 'stopMember':
        return this.#withRoom(request, (room) => this.#stop(room, request.member));
      case 'proveIsolation':
        return this.#withRoom(request, (room) => proveIsolation(this.#machine, room));
      case 'closeRoom':
        return this.#inTurn(request.room, () => this.#close(request));
      case 'status':
        return accept(this.status());
    }
  }

  /** A new life looks at what the last one left: half-made things are ended, whole running members are kept. */
  async reconcile(): Promise<void> {
    for (const room of Object.values(this.#machine.record.state.rooms)) await this.#endHalfMade(room);
  }

  /** Tries every room; answers what could not be closed. */
  async closeAll(): Promise<Refusal[]> {
    const refusals: Refusal[] = [];
    for (const id of Object.keys(this.#machine.record.state.rooms)) {
      const closed = await this.#inTurn(id, async () => {
        const room = this.#machine.record.state.rooms[id];
        return room === undefined ? accept([]) : endRoom(this.#machine, room);
      });
      if (!closed.ok) refusals.push(closed.refusal);
    }
    return refusals;
  }

  status(): Answer<'status'> {
    const { record, limits, programs } = this.#machine;
    return {
      protocol: protocolVersion,
      pid: process.pid,
      epoch: record.state.epoch,
      limits: limits.found,
      programs: [...programs.keys()],
      rooms: Object.values(record.state.rooms).map(({ id, epoch, folder, members }) => ({
        id,
        epoch,
        folder,
        members: Object.values(members)
          .filter(isLive)
          .map((member) => ({ id: member.spec.id, address: addressOf(member.index), running: isRunning(member) })),
      })),
    };
  }

  /** Called now and then by main. */
  shortenLogs(): void {
    for (const room of Object.values(this.#machine.record.state.rooms)) {
      for (const { index } of Object.values(room.members).filter(isLive)) {
        const path = logPath(this.#machine, room, index);
        if ((statSync(path, { throwIfNoEntry: false })?.size ?? 0) > logBytesMax) truncateSync(path);
      }
    }
  }

  #inTurn<Value>(room: string, work: () => Promise<Value> | Value): Promise<Value> {
    const mine = (this.#turns.get(room) ?? Promise.resolve()).then(work, work);
    this.#turns.set(room, mine);
    const forget = () => {
      if (this.#turns.get(room) === mine) this.#turns.delete(room);
    };
    mine.then(forget, forget);
    return mine;
  }

  #withRoom({ room, epoch }: { room: string; epoch: number }, work: (room: RecordedRoom) => Promise<Result<unknown>>) {
    return this.#inTurn(room, async () => {
      const found = this.#find(room, epoch);
      return found.ok ? work(found.value) : found;
    });
  }

  /** A hub that was replaced keeps its old epoch, and is refused whatever it asks. */
  #fence(epoch: number): Result<void> {
    const { record } = this.#machine;
    if (epoch > record.state.epoch) record.append({ fact: 'epochSeen', epoch });
    if (epoch >= record.state.epoch) return accept(undefined);
    return refuse('epoch-too-old', `The call carries epoch ${epoch}; epoch ${record.state.epoch} has spoken since.`, {
      expected: `epoch ${record.state.epoch} or later`,
      kept: 'nothing was changed',
      cure: 'this hub was replaced: stop it, and work on the hub that took over',
    });
  }

  #find(id: string, epoch: number): Result<RecordedRoom> {
    const fenced = this.#fence(epoch);
    if (!fenced.ok) return fenced;
    const room = this.#machine.record.state.rooms[id];
    if (room?.phase === 'open' && room.epoch === epoch) return accept(room);
    return refuse('room-not-open', `Room ${id} is not open${room === undefined ? '' : ` in epoch ${epoch}`}.`, {
      where: id,
      expected: 'a room opened in this epoch',
      kept: 'nothing was changed',
      cure: 'open it first; opening again is harmless',
    });
  }

  async #open({
    room: id,
    epoch,
    folder,
  }: Extract<Request, { verb: 'openRoom' }>): Promise<Result<Answer<'openRoom'>>> {
    const fenced = this.#fence(epoch);
    if (!fenced.ok) return fenced;
    const opened = openRoomFolder(this.#machine, folder);
    if (!opened.ok) return opened;
    opened.value.close();
    const { record } = this.#machine;
    const endedOrphans: number[] = [];
    const before = record.state.rooms[id];
    if (before !== undefined) {
      const same =
        before.phase === 'open' && before.epoch === epoch && before.folder === folder && before.boot === bootId();
      const ended = same ? await this.#endHalfMade(before) : await endRoom(this.#machine, before);
      if (!ended.ok) return ended;
      endedOrphans.push(...(same ? before.endedOrphans : [...before.endedOrphans, ...ended.value]));
      if (same) record.append({ fact: 'orphansTold', room: id });
    }
    if (record.state.rooms[id] !== undefined) return accept({ endedOrphans });
    const made = await this.#make(id, epoch, folder);
    return made.ok ? accept({ endedOrphans }) : made;
  }

  async #make(id: string, epoch: number, folder: string): Promise<Result<void>> {
    const { record, limits, tools, hub } = this.#machine;
    const room: RecordedRoom = {
      id,
      epoch,
      folder,
      key: randomBytes(3).toString('hex'),
      boot: bootId(),
      phase: 'opening',
      groups: limits.parents,
      members: {},
      indexes: {},
      endedOrphans: [],
    };
    record.append({ fact: 'roomOpening', room });
    const bridge = await makeBridge(tools, nameOf(room, 0));
    if (!bridge.ok) {
      const recorded = record.state.rooms[id];
      if (recorded !== undefined) await endRoom(this.#machine, recorded);
      return bridge;
    }
    mkdirSync(gatewayFolder(this.#machine, room), { mode: 0o700 });
    chownSync(gatewayFolder(this.#machine, room), hub.uid, hub.gid);
    record.append({ fact: 'roomOpened', room: id, namespace: bridge.value });
    return accept(undefined);
  }

  /** Ends what no one waits for and nothing finished; the pids are kept until the hub opens the room and is told. */
  async #endHalfMade(room: RecordedRoom): Promise<Result<number[]>> {
    const { record } = this.#machine;
    if (room.phase !== 'open' || room.boot !== bootId()) {
      // After a reboot only folders are left; the same steps remove them.
      return endRoom(this.#machine, room);
    }
    const all: number[] = [];
    for (const [id, member] of Object.entries(room.members)) {
      const waitedFor = this.#starting.has(`${room.id}/${id}`);
      if (!isLive(member) || waitedFor || (member.phase === 'running' && isRunning(member))) continue;
      const ended = await endMember(this.#machine, room, id);
      if (!ended.ok) return ended;
      if (ended.value.length > 0) record.append({ fact: 'orphansEnded', room: room.id, pids: ended.value });
      all.push(...ended.value);
    }
    return accept(all);
  }

  async #start(id: string, epoch: number, spec: MemberRequest): Promise<Result<Answer<'startMember'>>> {
    const machine = this.#machine;
    const waiting = `${id}/${spec.id}`;
    const begun = await this.#inTurn(id, async () => {
      const room = this.#find(id, epoch);
      if (!room.ok) return room;
      const plan = planMember(machine, room.value, spec);
      if (!plan.ok) return plan;
      const present = room.value.members[spec.id];
      if (present !== undefined && isLive(present) && isRunning(present)) {
        if (present.digest === plan.value.digest) return plan;
        return refuse('member-differs', `Member ${spec.id} already runs with another specification.`, {
          where: spec.id,
          expected: 'the specification it was started with',
          kept: 'the running member goes on',
          cure: 'stop it, then start it again',
        });
      }
      const cleared = await endMember(machine, room.value, spec.id);
      if (!cleared.ok) return cleared;
      this.#starting.add(waiting);
      const done = await beginMember(machine, room.value, plan.value);
      if (done.ok) return plan;
      this.#starting.delete(waiting);
      await endMember(machine, room.value, spec.id, { keepLog: true });
      return done;
    });
    if (!begun.ok) return begun;
    const room = machine.record.state.rooms[id];
    // A closing of the room may have been next in turn.
    const ready = room === undefined ? this.#find(id, epoch) : await awaitReady(machine, room, begun.value);
    return this.#inTurn(id, async () => {
      this.#starting.delete(waiting);
      const found = this.#find(id, epoch);
      if (!found.ok) return found;
      const member = found.value.members[spec.id];
      const mine = member !== undefined && isLive(member) && member.digest === begun.value.digest;
      let outcome: Result<unknown> = ready;
      const relay = mine ? processOf(member, 'relay-init') : undefined;
      if (ready.ok && mine && (relay === undefined || !isAlive(relay)))
        outcome = await startRelay(machine, found.value, begun.value);
      if (!outcome.ok) {
        if (mine && member.phase === 'starting') await endMember(machine, found.value, spec.id, { keepLog: true });
        return outcome;
      }
      const described = describe(machine, found.value, spec.id);
      if (!mine || described === undefined) return this.#endedMeanwhile(spec.id);
      if (member.phase === 'starting') machine.record.append({ fact: 'memberRunning', room: id, member: spec.id });
      return accept(described);
    });
  }

  #endedMeanwhile(id: string): Result<never> {
    return refuse('member-not-ready', `Member ${id} was stopped while it started.`, {
      where: id,
      expected: 'a member left alone until it listens',
      kept: 'its data folder',
      cure: 'start it again if it is still wanted',
      retryable: true,
    });
  }

  async #stop(room: RecordedRoom, member: string): Promise<Result<null>> {
    const ended = await endMember(this.#machine, room, member);
    return ended.ok ? accept(null) : ended;
  }

  async #close({ room: id, epoch }: Extract<Request, { verb: 'closeRoom' }>): Promise<Result<null>> {
    const fenced = this.#fence(epoch);
    if (!fenced.ok) return fenced;
    const room = this.#machine.record.state.rooms[id];
    if (room === undefined) return accept(null);
    const ended = await endRoom(this.#machine, room);
    return ended.ok ? accept(null) : ended;
  }
}
