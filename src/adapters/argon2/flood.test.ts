import { expect, it } from 'vitest';
import { createPasswordHasher } from './passwordHasher.ts';

/** What is worked on and what waits, in numbers that do not grow with those who knock: memory is bounded by them (bench/load.ts). */
it('a flood of sign-ins is mostly told to come back; whoever was in line is answered, and the door works after it', async () => {
  const hasher = createPasswordHasher();
  const made = await hasher.hash('five calm otters sail');
  if (!made.ok) throw new Error(made.refusal.code);
  const flood = await Promise.all(Array.from({ length: 500 }, (_, at) => hasher.verify(made.value, `guess ${at}`)));
  const looked = flood.filter(({ ok }) => ok).length;
  const refused = flood.flatMap((result) => (result.ok ? [] : [result.refusal]));
  // Two at work and thirty-two in line.
  expect([looked, refused.length]).toEqual([34, 466]);
  expect(refused.every(({ code, retryable }) => code === 'busy' && retryable)).toBe(true);
  expect(await hasher.verify(made.value, 'five calm otters sail')).toEqual({ ok: true, value: true });
});

it('hashes at OWASP’s parameters for Argon2id, or above', async () => {
  const made = await createPasswordHasher().hash('five calm otters sail');
  const [, memory, passes, lanes] =
    /^\$argon2id\$v=19\$m=(\d+),t=(\d+),p=(\d+)\$/.exec(made.ok ? made.value : '') ?? [];
  expect(Number(memory)).toBeGreaterThanOrEqual(19_456);
  expect(Number(passes)).toBeGreaterThanOrEqual(2);
  expect(Number(lanes)).toBe(1);
});
