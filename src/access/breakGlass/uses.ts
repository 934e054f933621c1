import { accept, type Result, refuse } from '../../journal/result.ts';
import type { PeopleDesk, PeopleStore } from '../ports.ts';
import type { OnWaysIn } from '../waysInNotices.ts';
import { isGuest } from './guest.ts';
import { breakGlassLimits as limits } from './limits.ts';
import type { BreakGlassStore, BreakGlassUse, Newcomers, Review, SessionDoor } from './ports.ts';

export interface Verdict {
  outcome: 'accepted' | 'questioned';
  note: string;
}

/** A card used from more places than a ward has, lately. */
export interface CardAlarm {
  card: string;
  ward: string;
  places: number;
}

/** What was opened by a break-glass, until it is over and reviewed. */
export interface BreakGlassUses {
  /** Ends what has had its time; asked often, cheap. */
  sweep(): void;
  /** The use a guest's session stands for. */
  of(person: string): BreakGlassUse | undefined;
  open(): BreakGlassUse[];
  /** Waiting for a reviewer, oldest first. */
  pending(): BreakGlassUse[];
  /** Reviewed lately, newest first. */
  reviewed(): (BreakGlassUse & { review: Review })[];
  /** Once; a named person who is not the one concerned. */
  review(use: string, by: string, verdict: Verdict): Result<BreakGlassUse>;
  /** The guest leaves before the time is over. */
  close(use: string): Result<void>;
  cardAlarms(): CardAlarm[];
}

export interface UsesParts {
  store: BreakGlassStore;
  newcomers: Newcomers;
  door: SessionDoor;
  now(): number;
  announce: OnWaysIn;
}

export function createUses({ store, newcomers, door, now, announce }: UsesParts): BreakGlassUses {
  let forgottenAt = 0;

  function end(use: BreakGlassUse, why: 'time' | 'closed'): void {
    // The rights first: whatever else happens, the guest may do nothing more.
    newcomers.setGrants(use.person, []);
    store.put({ ...use, endedAt: Math.min(now(), use.endsAt) });
    door.end(use.person, use.session);
    announce({ type: 'breakGlassEnded', use: use.id, why });
  }

  const current = () => store.current(now() - limits.placesWindowMilliseconds);

  return {
    sweep() {
      for (const use of current()) if (use.endedAt === null && now() >= use.endsAt) end(use, 'time');
      if (now() - forgottenAt < limits.forgetEveryMilliseconds) return;
      forgottenAt = now();
      for (const guest of store.forget(now() - limits.keptMilliseconds)) newcomers.remove(guest);
    },

    of: (person) => (isGuest(person) ? store.byPerson(person) : undefined),
    open: () => current().filter((use) => use.endedAt === null && now() < use.endsAt),
    pending: () => current().filter((use) => use.review === null),

    reviewed: () =>
      store
        .current(now() - limits.rememberedMilliseconds)
        .flatMap(({ review, ...use }) => (review === null ? [] : [{ ...use, review }]))
        .sort((one, other) => other.review.at - one.review.at),

    review(id, by, { outcome, note }) {
      const use = store.byId(id);
      if (!use) return noUse;
      // A guest has no name of their own to put under it.
      if (use.person === by || isGuest(by)) return ownUse;
      if (use.review !== null) return reviewedAlready;
      if (outcome === 'questioned' && note.trim() === '') return noteMissing;
      const reviewed: BreakGlassUse = { ...use, review: { by, at: now(), outcome, note: note.trim() } };
      store.put(reviewed);
      announce({ type: 'breakGlassReviewed', use: id, by, outcome });
      return accept(reviewed);
    },

    close(id) {
      const use = store.byId(id);
      if (!use || use.endedAt !== null) return noUse;
      end(use, 'closed');
      return accept(undefined);
    },

    cardAlarms() {
      const lately = current().filter((use) => use.openedAt >= now() - limits.placesWindowMilliseconds);
      return [...Map.groupBy(lately, (use) => use.card)].flatMap(([card, uses]) => {
        const places = new Set(uses.map(({ address }) => address)).size;
        const ward = uses[0]?.ward;
        return card !== null && ward != null && places >= limits.placesBeforeAlarm ? [{ card, ward, places }] : [];
      });
    },
  };
}

/** A guest is nobody from the very moment their time is over, whoever asks and before any clock of ours ticks. */
export function untilTheirTime<People extends PeopleStore & Pick<PeopleDesk, 'all'>>(
  people: People,
  store: Pick<BreakGlassStore, 'byPerson'>,
  now: () => number,
): People {
  return {
    ...people,
    // Nobody's colleague: not in the list of people, and no administrator who could be counted on.
    all: () => people.all().filter(({ id }) => !isGuest(id)),
    byId(id) {
      const person = people.byId(id);
      if (!person || !isGuest(id)) return person;
      const use = store.byPerson(id);
      return use && use.endedAt === null && now() < use.endsAt ? person : undefined;
    },
  };
}

const noUse = refuse('not-found', 'There is no such use of a break-glass, or it is over.', { where: 'use' });
const ownUse = refuse('review-own', 'Nobody reviews a break-glass by their own break-glass.', {
  kept: 'It stays to be reviewed.',
  cure: 'Ask another person who may review.',
});
const reviewedAlready = refuse('reviewed-already', 'Someone reviewed it already.', {
  kept: 'The first review stands.',
  cure: 'Load the list again.',
});
const noteMissing = refuse('note-missing', 'A question says what is questioned.', { where: 'note' });
