import { readFileSync } from 'node:fs';
import process from 'node:process';
import { createPasswordHasher } from '../src/adapters/argon2/passwordHasher.ts';

/** A flood of sign-ins on the real hasher, alone in its process: what is worked on, what is told to come back, and the memory. */
const attempts = Number(process.argv[2] ?? 1_000);
const hasher = createPasswordHasher();
const made = await hasher.hash('five calm otters sail');
if (!made.ok) throw new Error(made.refusal.code);
const peakMegabytes = () => Number(/VmHWM:\s+(\d+)/.exec(readFileSync('/proc/self/status', 'utf8'))?.[1] ?? 0) / 1024;
const before = peakMegabytes();
const begun = performance.now();
const results = await Promise.all(
  Array.from({ length: attempts }, () => hasher.verify(made.value, 'a guess of an intruder')),
);
const seconds = (performance.now() - begun) / 1_000;
const looked = results.filter(({ ok }) => ok).length;
const busy = results.filter((result) => !result.ok && result.refusal.code === 'busy').length;
process.stdout.write(
  `${JSON.stringify({ attempts, looked, busy, seconds, grownMegabytes: peakMegabytes() - before })}\n`,
);
