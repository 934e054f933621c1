import { type Answer, answers, type Request, type Verb } from '../../helper/protocol.ts';
import { accept, type Result, refuse } from '../../journal/result.ts';
import type { CleanRoom } from '../../restore/ports.ts';
import { HelperConnection } from './connection.ts';
import { helperCommand } from './startHelper.ts';

export interface CleanRoomOptions {
  /** The helper's Unix socket. */
  socket: string;
  /** Only shown in the command that starts a missing helper. */
  state?: string;
  programs?: string;
}

export interface HelperClient extends CleanRoom {
  status(): Promise<Result<Answer<'status'>>>;
  /** Lets go of the socket; rooms and members go on. */
  disconnect(): Promise<void>;
}

type Call<Asked extends Verb> = Omit<Extract<Request, { verb: Asked }>, 'id' | 'verb'>;

/** The clean room behind the helper's socket. Never privileged itself; can be made whether or not the helper runs yet. */
export function cleanRoom(options: CleanRoomOptions): HelperClient {
  const connection = new HelperConnection(options.socket, (because) =>
    refuse(
      'clean-room-needs-root',
      `The clean room is not available: its helper does not answer on ${options.socket} (${because}).`,
      {
        where: options.socket,
        expected: 'the helper, the only part of Reflexe that runs as root',
        kept: 'everything; no service was started',
        cure: `as root, run: ${helperCommand(options)}`,
        retryable: true,
      },
    ),
  );
  /** The epoch each room was opened in: it goes with every later call, so that a replaced hub is refused. */
  const epochs = new Map<string, number>();

  async function ask<Asked extends Verb>(verb: Asked, call: Call<Asked>): Promise<Result<Answer<Asked>>> {
    // Pairing a verb with its own fields is checked by `Call`; the compiler cannot follow it through the union.
    const reply = await connection.ask({ verb, ...call } as unknown as Parameters<HelperConnection['ask']>[0]);
    if (!reply.ok) return reply;
    const parsed = answers[verb].safeParse(reply.value);
    if (parsed.success) return accept(parsed.data as Answer<Asked>);
    return refuse('helper-answer-unknown', `The helper's answer to ${verb} cannot be read.`, {
      expected: 'a helper of the same version as the hub',
      kept: 'what the helper did stays done',
      cure: 'install the same version on both sides',
    });
  }

  async function inRoom<Asked extends Verb>(room: string, verb: Asked, call: (epoch: number) => Call<Asked>) {
    const epoch = epochs.get(room);
    if (epoch !== undefined) return ask(verb, call(epoch));
    return refuse('room-not-open', `Room ${room} was not opened by this hub since it started.`, {
      where: room,
      expected: 'a room opened first',
      kept: 'nothing was changed',
      cure: 'open it; opening again is harmless and keeps its running members',
    });
  }
  const done = (result: Result<null>): Result<void> => (result.ok ? accept(undefined) : result);

  return {
    async open({ id, epoch, folder }) {
      const opened = await ask('openRoom', { room: id, epoch, folder });
      if (opened.ok) epochs.set(id, epoch);
      return opened;
    },
    start: (room, member) => inRoom(room, 'startMember', (epoch) => ({ room, epoch, member })),
    stop: async (room, member) => done(await inRoom(room, 'stopMember', (epoch) => ({ room, epoch, member }))),
    proveIsolation: (room) => inRoom(room, 'proveIsolation', (epoch) => ({ room, epoch })),
    close: async (room) => done(await inRoom(room, 'closeRoom', (epoch) => ({ room, epoch }))),
    status: () => ask('status', {}),
    disconnect: () => connection.close(),
  };
}
