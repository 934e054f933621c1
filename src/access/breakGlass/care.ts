import { accept, type Result, refuse } from '../../journal/result.ts';
import type { DeviceStore, Tokens } from '../ports.ts';
import type { Caller, Issued } from '../sessions.ts';
import type { WardCard } from '../wardCards/ports.ts';
import type { WardCards } from '../wardCards/wardCards.ts';
import type { OnWaysIn } from '../waysInNotices.ts';
import { guestKind, guestOf } from './guest.ts';
import { breakGlassLimits as limits } from './limits.ts';
import type { BreakGlassStore, BreakGlassUse, Newcomers, SessionDoor } from './ports.ts';
import { stated } from './stated.ts';
import type { BreakGlassUses } from './uses.ts';

export interface CareRequest {
  /** As typed or scanned. */
  code: string;
  name: string;
  reason: string;
}

export interface CareOpened {
  issued: Issued;
  use: BreakGlassUse;
}

export interface CardOpens {
  ward: string;
  endsAt: number;
  /** Who opened it in this browser, where their time is not over. */
  again: string | null;
}

/** One clinician alone, at once, for one ward and one shift; reviewed afterwards. */
export interface CareBreakGlass {
  /** What the card opens, before anyone says who they are. */
  look(code: string, caller: Caller): Result<CardOpens>;
  open(request: CareRequest, caller: Caller): Result<CareOpened>;
  /** The same guest in the same browser, after a pause: the card is enough, and nothing more is to be reviewed. */
  openAgain(code: string, caller: Caller): Result<CareOpened>;
}

export interface CareParts {
  cards: WardCards;
  uses: BreakGlassUses;
  store: BreakGlassStore;
  newcomers: Newcomers;
  door: SessionDoor;
  devices: Pick<DeviceStore, 'knows'>;
  tokens: Tokens;
  now(): number;
  announce: OnWaysIn;
}

export function createCareBreakGlass(parts: CareParts): CareBreakGlass {
  const { cards, uses, store, newcomers, door, devices, tokens, now, announce } = parts;

  function isFlood(card: WardCard): boolean {
    const since = now() - 3600_000;
    return (
      store.current(since).filter((use) => use.card === card.id && use.openedAt > since).length >=
      limits.usesPerCardPerHour
    );
  }

  /** A browser that opened a session for this guest holds a device token of theirs. */
  function standing(card: WardCard, { deviceToken }: Caller): BreakGlassUse | undefined {
    if (deviceToken === undefined) return undefined;
    const device = tokens.hashOf(deviceToken);
    return uses.open().find((use) => use.card === card.id && devices.knows(device, use.person));
  }

  return {
    look(code, caller) {
      const card = cards.recognise(code, caller.address);
      if (!card.ok) return card;
      const again = standing(card.value, caller);
      return accept({
        ward: card.value.ward,
        endsAt: again?.endsAt ?? now() + limits.careMilliseconds,
        again: again?.name ?? null,
      });
    },

    openAgain(code, caller) {
      const card = cards.recognise(code, caller.address);
      if (!card.ok) return card;
      const use = standing(card.value, caller);
      if (!use) return nothingStands;
      const guest = careGuest(use.person, use.name, card.value.ward);
      const issued = door.open(guest, { method: 'careBreakGlass', strength: 1 }, caller);
      const opened = { ...use, session: issued.session.id };
      store.put(opened);
      return accept({ issued, use: opened });
    },

    open({ code, name, reason }, caller) {
      const card = cards.recognise(code, caller.address);
      if (!card.ok) return card;
      const said = stated(name, reason);
      if (!said.ok) return said;
      if (isFlood(card.value)) return tooManyUses;
      uses.sweep();
      const { id, ward } = card.value;
      const before = uses.cardAlarms().find((alarm) => alarm.card === id)?.places ?? 0;
      const guest = careGuest(tokens.newId(guestKind), said.value.name, ward);
      const use: BreakGlassUse = {
        id: tokens.newId('break-glass'),
        kind: 'care',
        ward,
        card: id,
        set: null,
        person: guest.id,
        session: '',
        ...said.value,
        address: caller.address,
        openedAt: now(),
        endsAt: now() + limits.careMilliseconds,
        endedAt: null,
        review: null,
      };
      // Written down before it opens: a use nobody can review must not exist.
      store.put(use);
      newcomers.add(guest);
      const issued = door.open(guest, { method: 'careBreakGlass', strength: 1 }, caller);
      const opened = { ...use, session: issued.session.id };
      store.put(opened);
      const until = new Date(use.endsAt).toISOString();
      announce({ type: 'careBreakGlassOpened', use: use.id, ward, card: id, person: guest.id, until });
      const places = uses.cardAlarms().find((alarm) => alarm.card === id)?.places ?? 0;
      if (places > before) announce({ type: 'wardCardSeenInManyPlaces', card: id, ward, places });
      return accept({ issued, use: opened });
    },
  };
}

/** A clinician of this ward alone. */
const careGuest = (id: string, name: string, ward: string) =>
  guestOf(id, name, [{ role: 'clinician', scope: 'ward', ward }]);

const nothingStands = refuse('not-found', 'Nothing that was opened in this browser with this card still stands.', {
  cure: 'Say who you are and why.',
});
const tooManyUses = refuse('ward-card-too-many-uses', 'This card opened too many sessions within the hour.', {
  expected: `${limits.usesPerCardPerHour} in an hour at most`,
  kept: 'Sessions that are open go on.',
  cure: 'Take another card of the ward, or ask an administrator to renew this one: it may have been photographed.',
  retryable: true,
});
