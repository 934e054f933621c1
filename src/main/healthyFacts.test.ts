import { afterEach, expect, test } from 'vitest';
import { accept, refuse } from '../journal/result.ts';
import { memoryWorld } from './fixtures/memoryWorld.ts';
import { HealthyFacts } from './healthyFacts.ts';
import type { PlacedProbe } from './restorationPorts.ts';

const HOUR = 3_600_000;
const ended: (() => Promise<void>)[] = [];
afterEach(async () => {
  for (const end of ended.splice(0)) await end();
});

test('facts are taken of what is up, four times a day; what is silent keeps its earlier ones and is asked again', async () => {
  let now = Date.parse('2026-01-05T08:00:00.000Z');
  const { world, troubles, act } = await memoryWorld(() => now, { map: null });
  ended.push(() => world.close());
  let patients = 10;
  let isSilent = false;
  const asked: string[] = [];
  const place = (component: string): PlacedProbe => ({
    component,
    port: 1,
    live: `${component}:1`,
    probe: {
      ask: async (address) => {
        asked.push(address);
        return isSilent
          ? refuse('probe-no-answer', 'silent')
          : accept([{ name: 'patients', value: patients, rule: 'atLeast' }]);
      },
    },
  });
  const evidence = { kind: 'check', by: 'c', code: 'ok', detail: '' } as const;
  const since = new Date(now).toISOString();
  await act({ type: 'ChangeComponentState', component: 'db', to: 'up', since, evidence }, 'c');
  const facts = new HealthyFacts(
    world,
    new Map([
      ['counts', place('db')],
      ['pages', place('never-seen')],
    ]),
  );
  ended.unshift(() => facts.close());

  const taken = () =>
    (world.state.restore.healthy.db?.counts ?? []).map(({ at, facts: said }) => `${at} ${said[0]?.value}`);
  const ticks = async (count: number) => {
    for (let tick = 0; tick < count; tick += 1) {
      const { promise, resolve } = Promise.withResolvers<void>();
      const stop = world.onTick(() => resolve());
      await promise;
      stop();
    }
    await world.journal.queue.settled();
  };
  await ticks(2);
  expect(taken()).toEqual(['2026-01-05T08:00:00.000Z 10']);
  expect(asked).toEqual(['db:1']);

  now += 6 * HOUR;
  isSilent = true;
  await ticks(2);
  expect(taken().length).toBe(1);
  expect(troubles).toEqual(['facts of counts: probe-no-answer']);
  isSilent = false;
  patients = 12;
  await ticks(1);
  expect(asked.length, 'not asked again at once').toBe(2);
  now += 10 * 60_000;
  await ticks(2);
  expect(taken()).toEqual(['2026-01-05T08:00:00.000Z 10', '2026-01-05T14:10:00.000Z 12']);
});
