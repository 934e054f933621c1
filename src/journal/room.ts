import type { NewEvent, RecordedEvent } from './event.ts';
import type { Result } from './result.ts';

/** Time and ids are data: the edge makes them, the room only uses them. */
export interface Context<Shared> {
  /** Milliseconds since 1970, the world's clock (real, or an exercise's). */
  now: number;
  actor: string;
  /** A fresh identifier, unique in the journal, prefixed by the kind of thing (`incident-…`). */
  newId(kind: string): string;
  /** What every room may read: the map as it stands. */
  shared: Shared;
}

/**
 * A domain: pure functions over plain data.
 * A room folds whichever events it needs, also those other rooms declare, into its own state.
 */
export interface Room<State, Command extends { type: string }, Shared> {
  name: string;
  initial: State;
  /** Never mutates `state`; unknown event types return it unchanged. */
  evolve(state: State, event: RecordedEvent): State;
  decide(state: State, command: Command, context: Context<Shared>): Result<NewEvent[]>;
  /** Commands that time, or an event just folded, has made due. Idempotent: once obeyed, it no longer asks. */
  due(state: State, now: number, shared: Shared): Command[];
}
