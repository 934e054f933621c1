import type { RecordedEvent } from './event.ts';
import type { Expected, World } from './queue.ts';
import type { Refusal } from './result.ts';

/** Latest changes remembered to tell a person what happened since they looked. */
const recentMax = 64;

/** Documents may be large, and are not what is told. */
function withoutDocuments(event: RecordedEvent): Omit<RecordedEvent, 'documents'> {
  if (event.documents === undefined) return event;
  const { documents: _, ...rest } = event;
  return rest;
}

export interface RecentChanges<State> {
  add(event: RecordedEvent, before: State, after: State): void;
  /** Forgets what never became durable. */
  forgetAfter(sequence: number): void;
  /** Why a decision about `expected.thing` may not stand on what the person saw; undefined where nothing changed. */
  changedSince(expected: Expected, state: State): Refusal | undefined;
}

export function createRecentChanges<State>(versionOf: World<State, never>['versionOf']): RecentChanges<State> {
  let recent: { event: Omit<RecordedEvent, 'documents'>; before: State; after: State }[] = [];

  function whatChanged(expected: Expected): string[] {
    const changes = recent.filter(({ before, after }) => {
      const then = versionOf?.(after, expected.thing);
      return then !== versionOf?.(before, expected.thing) && (then === undefined || then > expected.version);
    });
    return changes.map(({ event }) => `${event.type} by ${event.actor} at ${event.time}`);
  }

  return {
    add(event, before, after) {
      recent.push({ event: withoutDocuments(event), before, after });
      // Cut down now and then, not at every event.
      if (recent.length > 2 * recentMax) recent = recent.slice(-recentMax);
    },
    forgetAfter(sequence) {
      recent = recent.filter(({ event }) => event.sequence <= sequence);
    },
    changedSince(expected, state) {
      const version = versionOf?.(state, expected.thing);
      if (version === expected.version) return undefined;
      const what = whatChanged(expected);
      return {
        code: 'changed-since-you-looked',
        message:
          version === undefined
            ? `${expected.thing} is no longer there.`
            : `${expected.thing} changed since you looked${what.length > 0 ? `: ${what.join('; ')}` : ''}.`,
        where: expected.thing,
        expected: `version ${expected.version}`,
        kept: version === undefined ? 'nothing was changed' : `version ${version}, as it stands; nothing was changed`,
        cure: 'Look at it again, then decide.',
        retryable: false,
      };
    },
  };
}
