import { accept, type Result, refuse } from '../../journal/result.ts';
import type { OnNotice } from '../notices.ts';
import type { Person } from '../person.ts';
import type { OneTimeCodes, Totp, TotpStore } from './ports.ts';

export interface TotpParts {
  store: TotpStore;
  codes: OneTimeCodes;
  now(): number;
  announce: OnNotice;
}

/** How far off an application's clock may be, in steps of 30 s (RFC 6238 5.2). */
const acceptedSteps = 1;
/** How far we look to say by how much it is off: a code found there is not accepted. */
const toldSteps = 10;
const stepSeconds = 30;
/** Time to scan and type a first code. */
const enrolMilliseconds = 15 * 60_000;
const enrollingMax = 1_000;

export interface Totps {
  /** A secret to scan; nothing changes until a first code confirms it. */
  begin(person: Person): { secret: string; uri: string };
  /** Answers by how many seconds the application's clock is off. */
  confirm(person: Person, code: string): Result<{ skewSeconds: number }>;
  check(person: string, code: string): Result<{ skewSeconds: number }>;
  of(person: string): Totp | undefined;
  remove(person: string): Result<void>;
}

export function createTotps({ store, codes, now, announce }: TotpParts): Totps {
  const enrolling = new Map<string, { secret: string; until: number }>();

  function skew(secret: string, typed: string): Result<number> {
    const code = typed.replace(/\s/g, '');
    const off = codes.skewOf(secret, code, now(), toldSteps);
    if (off === undefined) return codeRefused;
    return Math.abs(off) <= acceptedSteps ? accept(off) : clockSkewed(off);
  }

  return {
    begin(person) {
      const secret = codes.freshSecret();
      enrolling.delete(person.id);
      enrolling.set(person.id, { secret, until: now() + enrolMilliseconds });
      const oldest = enrolling.keys().next();
      if (enrolling.size > enrollingMax && !oldest.done) enrolling.delete(oldest.value);
      return { secret, uri: codes.uri(secret, person.name) };
    },

    confirm(person, code) {
      const begun = enrolling.get(person.id);
      if (!begun || now() >= begun.until) return enrolmentOver;
      const found = skew(begun.secret, code);
      if (!found.ok) return found;
      enrolling.delete(person.id);
      const step = codes.stepAt(now()) + found.value;
      store.put({ person: person.id, secret: begun.secret, createdAt: now(), lastStep: step, skewSteps: found.value });
      announce({ type: 'factorAdded', person: person.id, factor: 'code' });
      return accept({ skewSeconds: found.value * stepSeconds });
    },

    check(person, code) {
      const totp = store.of(person);
      if (!totp) return codeRefused;
      const found = skew(totp.secret, code);
      if (!found.ok) return found;
      // Whoever read the code over a shoulder comes second.
      return store.spend(person, codes.stepAt(now()) + found.value, found.value)
        ? accept({ skewSeconds: found.value * stepSeconds })
        : codeUsed;
    },

    of: (person) => store.of(person),

    remove(person) {
      if (!store.remove(person)) return refuse('not-found', 'There is no authenticator application to remove.');
      announce({ type: 'factorRemoved', person, factor: 'code' });
      return accept(undefined);
    },
  };
}

const codeRefused = refuse('code-refused', 'This code is not the one of now.', {
  where: 'code',
  expected: 'the six digits your authenticator application shows for Reflexe',
  cure: 'Wait for the next code and type it before it changes.',
});

const codeUsed = refuse('code-used', 'This code was used already.', {
  where: 'code',
  expected: 'a code that opened nothing yet',
  cure: 'Wait for the next code, 30 s at most. If you did not use this one, change your password and tell the security officer.',
});

const enrolmentOver = refuse('enrolment-over', 'This QR code has expired.', {
  kept: 'Nothing was changed.',
  cure: 'Begin again: a new QR code is drawn.',
});

function clockSkewed(steps: number): Result<never> {
  const seconds = Math.abs(steps) * stepSeconds;
  const [code, direction] = steps < 0 ? ['clock-late', 'late'] : ['clock-early', 'early'];
  return refuse(
    code,
    `The clock of your telephone, or of this hub, is off: the code comes about ${seconds} s ${direction}.`,
    {
      where: 'code',
      expected: `a code within ${stepSeconds} s of the hub’s clock`,
      cure: 'Set the telephone to take its time from the network. If others have the same trouble, the hub’s clock is wrong.',
    },
  );
}
