import { statSync, truncateSync } from 'node:fs';
import { accept, type Refusal, type Result, refuse } from '../../journal/result.ts';
import type { Unheard } from '../door.ts';
import type { Peer } from '../peer.ts';
import { proveIsolation } from '../proof/isolation.ts';
import { type Answer, type MemberRequest, protocolVersion, type Request } from '../protocol.ts';
import type { RecordedRoom } from '../record.ts';
import { endMember, endRoom } from './end.ts';
import { isLive, logPath, type Machine } from './machine.ts';
import { isRunning, type MemberPlan, planMember, processOf } from './member.ts';
import { endHalfMade, openRoom } from './opening.ts';
import { isAlive } from './processes.ts';
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

  /** Every call, who made it and its outcome are recorded; what breaks on the way is an answer, never the end of the helper. */
  async obey(request: Request, peer?: Peer): Promise<Result<unknown>> {
    const { record } = this.#machine;
    const { id: _, verb, ...asked } = request;
    try {
      record.append({ fact: 'called', verb, request: asked, ...(peer === undefined ? {} : { peer }) });
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

  /** What was said at the door and not obeyed. A disk that is full must not let anyone in: the refusal stands without it. */
  noteRefused(why: Unheard, peer: Peer | undefined): void {
    try {
      this.#machine.record.append({ fact: 'unheard', why, ...(peer === undefined ? {} : { peer }) });
    } catch {
      // Nothing else to tell it to.
    }
  }

  #obey(request: Request): Promise<Result<unknown>> | Result<unknown> {
    switch (request.verb) {
      case 'openRoom':
        return this.#inTurn(request.room, () => {
          const fenced = this.#fence(request.epoch);
          return fenced.ok ? openRoom(this.#machine, request, this.#starting) : fenced;
        });
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

  /** A new life looks at what the last one left: half-made things are ended, whole running members are kept. Answers what could not be ended. */
  async reconcile(): Promise<Refusal[]> {
    const refusals: Refusal[] = [];
    for (const room of Object.values(this.#machine.record.state.rooms)) {
      const settled = await endHalfMade(this.#machine, room, this.#starting);
      if (!settled.ok) refusals.push(settled.refusal);
    }
    return refusals;
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

  async #start(id: string, epoch: number, spec: MemberRequest): Promise<Result<Answer<'startMember'>>> {
    const waiting = `${id}/${spec.id}`;
    const begun = await this.#inTurn(id, () => this.#begin(id, epoch, spec, waiting));
    if (!begun.ok) return begun;
    const { plan, isNew } = begun.value;
    const room = this.#machine.record.state.rooms[id];
    // A closing of the room may have been next in turn.
    const ready = room === undefined ? this.#find(id, epoch) : await awaitReady(this.#machine, room, plan);
    const finished = await this.#inTurn(id, () => this.#finish(id, epoch, plan, waiting, ready));
    const member = room?.members[spec.id];
    // It ran when it was looked at and has ended since: this time it is found dead, and made anew.
    const diedMeanwhile = !finished.ok && !isNew && member?.phase === 'running' && !isRunning(member);
    return diedMeanwhile ? this.#start(id, epoch, spec) : finished;
  }

  /** The member that runs already with this very specification, or a new one launched. */
  async #begin(
    id: string,
    epoch: number,
    spec: MemberRequest,
    waiting: string,
  ): Promise<Result<{ plan: MemberPlan; isNew: boolean }>> {
    const room = this.#find(id, epoch);
    if (!room.ok) return room;
    const plan = planMember(this.#machine, room.value, spec);
    if (!plan.ok) return plan;
    const present = room.value.members[spec.id];
    if (present !== undefined && isLive(present) && isRunning(present)) {
      if (present.digest === plan.value.digest) return accept({ plan: plan.value, isNew: false });
      return refuse('member-differs', `Member ${spec.id} already runs with another specification.`, {
        where: spec.id,
        expected: 'the specification it was started with',
        kept: 'the running member goes on',
        cure: 'stop it, then start it again',
      });
    }
    const cleared = await endMember(this.#machine, room.value, spec.id);
    if (!cleared.ok) return cleared;
    this.#starting.add(waiting);
    let done: Result<void> | undefined;
    try {
      done = await beginMember(this.#machine, room.value, plan.value);
    } finally {
      if (done?.ok !== true) this.#starting.delete(waiting);
    }
    if (done.ok) return accept({ plan: plan.value, isNew: true });
    await endMember(this.#machine, room.value, spec.id, { keepLog: true });
    return done;
  }

  /** Opens its gateway and records that it runs; or ends what did not become ready. */
  async #finish(
    id: string,
    epoch: number,
    plan: MemberPlan,
    waiting: string,
    ready: Result<unknown>,
  ): Promise<Result<Answer<'startMember'>>> {
    this.#starting.delete(waiting);
    const room = this.#find(id, epoch);
    if (!room.ok) return room;
    const { spec } = plan;
    const member = room.value.members[spec.id];
    if (member === undefined || !isLive(member) || member.digest !== plan.digest) return this.#endedMeanwhile(spec.id);
    const relay = processOf(member, 'relay-init');
    const hasGateway = relay !== undefined && isAlive(relay);
    const outcome = ready.ok && !hasGateway ? await startRelay(this.#machine, room.value, plan) : ready;
    if (!outcome.ok) {
      if (member.phase === 'starting') await endMember(this.#machine, room.value, spec.id, { keepLog: true });
      return outcome;
    }
    const described = describe(this.#machine, room.value, spec.id);
    if (described === undefined) return this.#endedMeanwhile(spec.id);
    if (member.phase === 'starting') this.#machine.record.append({ fact: 'memberRunning', room: id, member: spec.id });
    return accept(described);
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
