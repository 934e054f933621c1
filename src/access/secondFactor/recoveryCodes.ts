import { accept, type Result, refuse } from '../../journal/result.ts';
import type { OnNotice } from '../notices.ts';
import type { PasswordHasher, Tokens } from '../ports.ts';
import type { RecoveryCodeStore } from './ports.ts';

export interface RecoveryParts {
  store: RecoveryCodeStore;
  hasher: PasswordHasher;
  tokens: Tokens;
  now(): number;
  announce: OnNotice;
}

export const recoveryCodesCount = 10;
/** No 0 O 1 I L U: read over the telephone, copied from paper. 30 signs, twelve of them: 58 bits, hashed slowly. */
const signs = '23456789ABCDEFGHJKMNPQRSTVWXYZ';
const secretSigns = 12;

export interface RecoveryCodes {
  /** The only moment they exist outside the paper; those made before are void. */
  make(person: string): Promise<Result<{ codes: string[] }>>;
  /** Opens once. */
  spend(person: string, typed: string): Promise<Result<{ left: number }>>;
  left(person: string): { left: number; madeAt: number } | undefined;
}

/** `3-K7QM-2XWD-9FPT`: the first digit says which of the ten it is, so that one hash is looked at, not ten. */
export function createRecoveryCodes({ store, hasher, tokens, now, announce }: RecoveryParts): RecoveryCodes {
  return {
    async make(person) {
      const secrets = Array.from({ length: recoveryCodesCount }, () => freshSecret(tokens));
      const hashes: string[] = [];
      for (const secret of secrets) {
        const hash = await hasher.hash(secret);
        if (!hash.ok) return hash;
        hashes.push(hash.value);
      }
      store.replace(person, hashes, now());
      announce({ type: 'recoveryCodesMade', person });
      return accept({
        codes: secrets.map((secret, number) => `${number}-${secret.match(/.{4}/g)?.join('-') ?? secret}`),
      });
    },

    async spend(person, typed) {
      const [first = '', ...rest] = typed.toUpperCase().replace(/[^0-9A-Z]/g, '');
      const number = Number(first);
      const hash = Number.isInteger(number) ? store.hashOf(person, number) : undefined;
      if (hash === undefined) return recoveryRefused;
      const verified = await hasher.verify(hash, rest.join(''));
      if (!verified.ok) return verified;
      // Of two at the same moment the store lets one through.
      if (!verified.value || !store.spend(person, number, hash)) return recoveryRefused;
      const left = store.left(person)?.left ?? 0;
      announce({ type: 'recoveryCodeUsed', person, left });
      return accept({ left });
    },

    left: (person) => store.left(person),
  };
}

/** Rejection sampling over the system's generator: every sign is as likely as another. */
function freshSecret(tokens: Tokens): string {
  let secret = '';
  while (secret.length < secretSigns) {
    for (const digits of tokens.hashOf(tokens.fresh()).match(/../g) ?? []) {
      const value = Number.parseInt(digits, 16);
      if (value < signs.length * 8 && secret.length < secretSigns) secret += signs[value % signs.length] ?? '';
    }
  }
  return secret;
}

const recoveryRefused = refuse(
  'recovery-code-refused',
  'This recovery code was used already, or is not one of yours.',
  {
    where: 'code',
    expected: 'a code of your newest sheet, not crossed out yet',
    cure: 'Try the next code of the sheet. Without any, an administrator makes you a new link.',
  },
);
