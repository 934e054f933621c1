import { hash, parseOptions, verify } from '@node-rs/argon2';
import type { PasswordHasher } from '../../access/ports.ts';
import { accept, type Result, refuse } from '../../journal/result.ts';

/**
 * OWASP Password Storage Cheat Sheet, Argon2id: 19 MiB, 2 passes, 1 lane (the library's algorithm is Argon2id).
 */
const parameters = { memoryCost: 19_456, timeCost: 2, parallelism: 1, outputLen: 32 } as const;

/** At once: two cores' worth of work, 38 MiB; half of Node's thread pool stays free for files. */
const atOnceMax = 2;
/** Some seconds of work; who comes after is told to come back. */
const waitingMax = 32;

export function createPasswordHasher(): PasswordHasher {
  let running = 0;
  const waiting: (() => void)[] = [];

  async function inTurn<Value>(work: () => Promise<Value>): Promise<Result<Value>> {
    if (running >= atOnceMax) {
      if (waiting.length >= waitingMax) return busy;
      // The slot is handed over, never freed in between: `running` stays as it is.
      await new Promise<void>((resolve) => waiting.push(resolve));
    } else running += 1;
    try {
      return accept(await work());
    } finally {
      const next = waiting.shift();
      if (next) next();
      else running -= 1;
    }
  }

  return {
    hash: (password) => inTurn(() => hash(password, parameters)),
    verify: (hashed, password) => inTurn(() => verify(hashed, password)),
    isOutdated(hashed) {
      const { memoryCost, timeCost } = parseOptions(hashed);
      return memoryCost < parameters.memoryCost || timeCost < parameters.timeCost;
    },
  };
}

const busy = refuse('busy', 'Too many people are signing in at this moment.', {
  kept: 'Nothing was changed.',
  cure: 'Try again in a few seconds.',
  retryable: true,
});
