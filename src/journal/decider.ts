import type { Encoded } from './codec.ts';
import type { Accepted, Durable, QueueOptions } from './queue.ts';
import { accept, type Result, refuse } from './result.ts';

/** A decision on one command: its events as they will be stored, and the head once they are folded. */
export interface Decided<State> {
  encoded: Encoded[];
  after: Durable<State>;
}

/** What the world makes of a command at a given head. Nothing is kept of a refused one. */
export function createDecider<State, Command>(
  options: Pick<QueueOptions<State, Command>, 'codec' | 'world' | 'clock' | 'newId'>,
): (head: Durable<State>, command: Command, actor: string) => Result<Decided<State>> {
  const { codec, world, clock, newId } = options;
  /** Many events share a millisecond, and writing a date costs as much as hashing one of them. */
  let stamped = { now: Number.NaN, time: '' };

  function decide(head: Durable<State>, command: Command, actor: string): Result<Decided<State>> {
    const now = clock();
    const decision = world.decide(head.state, command, { now, actor, newId });
    if (!decision.ok) return decision;
    if (now !== stamped.now) stamped = { now, time: new Date(now).toISOString() };
    const { time } = stamped;
    const encoded: Encoded[] = [];
    let { state } = head;
    let { epoch, sequence, hash } = head.head;
    for (const event of decision.value) {
      const one = codec.encode(event, { epoch, sequence: sequence + 1, time, actor, previousHash: hash });
      if (!one.ok) return one;
      state = world.evolve(state, one.value.recorded);
      ({ epoch, sequence, hash } = one.value.envelope);
      encoded.push(one.value);
    }
    return accept({ encoded, after: { state, head: { epoch, sequence, hash } } });
  }

  return (head, command, actor) => {
    try {
      return decide(head, command, actor);
    } catch (error) {
      // A room that throws has a broken invariant: stop before append, keep the head as it was.
      const why = error instanceof Error ? error.message : error;
      return refuse('invariant-broken', `This command could not be decided: ${why}.`, {
        kept: 'everything as it was; nothing was written',
        cure: 'This is a defect of Reflexe: report it with the support bundle.',
      });
    }
  };
}

/** What the caller is told once it is durable. */
export function answerOf<State>(decided: Result<Decided<State>>): Result<Accepted> {
  if (!decided.ok) return decided;
  const { after, encoded } = decided.value;
  return accept({ sequence: after.head.sequence, events: encoded.map((one) => one.recorded), durable: 'here' });
}

export function charactersOf(encoded: readonly Encoded[]): number {
  let characters = 0;
  for (const one of encoded) characters += one.characters;
  return characters;
}
