import { accept, type Result, refuse } from '../../journal/result.ts';
import { createDelays, type DelayKey } from '../delays.ts';
import { foldName } from '../person.ts';
import type { Tokens } from '../ports.ts';
import type { Sealer } from '../sealer.ts';
import type { Caller, Issued } from '../sessions.ts';
import { envelopeSymbols, makeCode, readCode } from '../wardCards/code.ts';
import { tooMany } from '../wardCards/wardCards.ts';
import type { OnWaysIn } from '../waysInNotices.ts';
import { guestKind, guestOf } from './guest.ts';
import { breakGlassLimits as limits } from './limits.ts';
import type { BreakGlassStore, BreakGlassUse, Envelope, EnvelopeStore, Newcomers, SessionDoor } from './ports.ts';
import { stated } from './stated.ts';
import type { BreakGlassUses } from './uses.ts';

export interface EnvelopeRequest {
  /** As typed from the paper. */
  code: string;
  name: string;
  reason: string;
}

/** The only moment the codes exist outside the paper. */
export interface FreshEnvelopes {
  set: string;
  sealedAt: number;
  codes: readonly [string, string];
}

/** One of the two was given: who gives the other within the time opens the door. */
export interface Waiting {
  envelope: 1 | 2;
  until: number;
}

export type EnvelopeAnswer = { opened: false; waiting: Waiting } | { opened: true; issued: Issued; use: BreakGlassUse };

export type EnvelopesState = 'never-sealed' | 'sealed' | 'opened' | 'void';

/** Two people, each with an envelope of their own, when nobody can come in otherwise: needs no provider, no directory, no account. */
export interface AdministrativeBreakGlass {
  /** New envelopes: those there were are void. */
  seal(by: string): FreshEnvelopes;
  give(request: EnvelopeRequest, caller: Caller): Result<EnvelopeAnswer>;
  waiting(): Waiting | null;
  /** Opened envelopes ask to be sealed anew until they are. */
  state(): { state: EnvelopesState; since: number | null };
}

export interface AdministrativeParts {
  uses: BreakGlassUses;
  store: BreakGlassStore;
  envelopes: EnvelopeStore;
  newcomers: Newcomers;
  door: SessionDoor;
  tokens: Tokens;
  /** Keyed: whoever steals the store cannot try codes against it. */
  index: Pick<Sealer, 'index'>;
  now(): number;
  announce: OnWaysIn;
}

export function createAdministrativeBreakGlass(parts: AdministrativeParts): AdministrativeBreakGlass {
  const { uses, store, envelopes, newcomers, door, tokens, index, now, announce } = parts;
  const delays = createDelays();
  // In memory: what was half done before a restart is done again, by people who are there with their papers.
  let first: { envelope: Envelope; name: string; reason: string; at: number } | undefined;

  const firstStanding = () => (first && now() - first.at < limits.secondEnvelopeMilliseconds ? first : undefined);

  function isVoid({ set }: Envelope): boolean {
    const openedAt = Math.min(...envelopes.list().map((one) => one.openedAt ?? Number.POSITIVE_INFINITY));
    return now() - openedAt >= limits.openedEnvelopesMilliseconds || envelopes.list()[0]?.set !== set;
  }

  /** The envelope a typed code stands for. Counted as guesses at one account: half a minute of waiting at most. */
  function recognise(typed: string, address: string): Result<Envelope> {
    const code = readCode(typed, envelopeSymbols);
    if (!code.ok) return code;
    const keys: DelayKey[] = [['account', address]];
    const wait = delays.begin(keys, now());
    if (wait > 0) return tooMany(wait);
    const codeIndex = index.index('envelopes.code', code.value);
    const envelope = envelopes.list().find((one) => one.codeIndex === codeIndex);
    if (!envelope) return envelopeUnknown;
    delays.succeeded(keys);
    return isVoid(envelope) ? envelopeVoid : accept(envelope);
  }

  function open(names: string, reason: string, set: string, caller: Caller): EnvelopeAnswer {
    uses.sweep();
    const guest = guestOf(tokens.newId(guestKind), names, [{ role: 'administrator', scope: 'establishment' }]);
    const use: BreakGlassUse = {
      id: tokens.newId('break-glass'),
      kind: 'administrative',
      ward: null,
      card: null,
      set,
      person: guest.id,
      session: '',
      name: names,
      reason,
      address: caller.address,
      openedAt: now(),
      endsAt: now() + limits.administrativeMilliseconds,
      endedAt: null,
      review: null,
    };
    store.put(use);
    newcomers.add(guest);
    // Two people, two secrets kept apart: what two factors are for.
    const issued = door.open(guest, { method: 'administrativeBreakGlass', strength: 2 }, caller);
    const opened = { ...use, session: issued.session.id };
    store.put(opened);
    const until = new Date(use.endsAt).toISOString();
    announce({ type: 'administrativeBreakGlassOpened', use: use.id, set, person: guest.id, until });
    return { opened: true, issued, use: opened };
  }

  return {
    seal(by) {
      const set = tokens.newId('envelopes');
      const codes = [makeCode(envelopeSymbols, tokens.fresh), makeCode(envelopeSymbols, tokens.fresh)] as const;
      const envelope = (number: 1 | 2, code: string): Envelope => ({
        set,
        number,
        codeIndex: index.index('envelopes.code', code),
        sealedAt: now(),
        sealedBy: by,
        openedAt: null,
      });
      envelopes.replace([envelope(1, codes[0]), envelope(2, codes[1])]);
      first = undefined;
      announce({ type: 'envelopesSealed', set, by });
      return { set, sealedAt: now(), codes };
    },

    give({ code, name, reason }, caller) {
      const standing = firstStanding();
      const envelope = recognise(code, caller.address);
      if (!envelope.ok) return envelope;
      const isSecond = standing !== undefined && standing.envelope.number !== envelope.value.number;
      const said = stated(name, isSecond ? standing.reason : reason);
      if (!said.ok) return said;
      if (isSecond && foldName(standing.name) === foldName(said.value.name)) return samePerson;
      const { set, number } = envelope.value;
      envelopes.opened(set, number, now());
      announce({ type: 'envelopeUsed', set, envelope: number });
      if (isSecond) {
        first = undefined;
        return accept(open(`${standing.name}, ${said.value.name}`, standing.reason, set, caller));
      }
      first = { envelope: envelope.value, ...said.value, at: now() };
      return accept({ opened: false, waiting: { envelope: number, until: now() + limits.secondEnvelopeMilliseconds } });
    },

    waiting() {
      const standing = firstStanding();
      return standing
        ? { envelope: standing.envelope.number, until: standing.at + limits.secondEnvelopeMilliseconds }
        : null;
    },

    state() {
      const [one, other] = envelopes.list();
      if (!one || !other) return { state: 'never-sealed', since: null };
      if (one.openedAt === null && other.openedAt === null) return { state: 'sealed', since: one.sealedAt };
      const since = Math.min(one.openedAt ?? Number.POSITIVE_INFINITY, other.openedAt ?? Number.POSITIVE_INFINITY);
      return { state: isVoid(one) ? 'void' : 'opened', since };
    },
  };
}

const envelopeUnknown = refuse('envelope-unknown', 'No sealed envelope holds this code.', {
  cure: 'Take the envelopes printed last: those before them were made void.',
});
const envelopeVoid = refuse('envelope-void', 'These envelopes were opened too long ago.', {
  cure: 'Whoever has the machine of Reflexe makes a one-time link there.',
});
const samePerson = refuse('second-person-needed', 'The two envelopes are opened by two people.', {
  kept: 'The first envelope still waits for the other one.',
  cure: 'Let the second person type their own name and their own envelope.',
});
