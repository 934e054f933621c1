import { describe, expect, it } from 'vitest';
import { StoryClock } from './clock.ts';

/** Resolves once the condition holds, looked at whenever the event loop turns. */
async function until(holds: () => boolean): Promise<void> {
  while (!holds()) await new Promise((resolve) => setImmediate(resolve));
}

describe('the clock of a story', () => {
  it('waits where it is told to, however long, and goes on from there', async () => {
    const clock = new StoryClock(1000, 1_000_000);
    clock.waitAt(61_000);
    await until(() => clock.now() === 61_000);
    await new Promise((resolve) => setImmediate(resolve));
    expect(clock.now()).toBe(61_000);
    clock.speed = 0;
    clock.waitAt(90_000);
    expect(clock.now()).toBe(61_000);
    clock.speed = 1_000_000;
    await until(() => clock.now() > 61_000);
    await until(() => clock.now() === 90_000);
  });

  it('does not jump when its speed changes', async () => {
    const clock = new StoryClock(0, 1_000_000);
    await until(() => clock.now() > 10_000);
    clock.speed = 0;
    const stopped = clock.now();
    expect(stopped).toBeGreaterThan(10_000);
    await new Promise((resolve) => setImmediate(resolve));
    expect(clock.now()).toBe(stopped);
  });
});
