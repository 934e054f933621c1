import { expect, it } from 'vitest';
import { Erasures } from './erasures.ts';
import { memoryWorld } from './fixtures/memoryWorld.ts';

const NOW = Date.parse('2026-01-05T08:00:00.000Z');

it('free texts are gone once two people ordered it, everything else and the seal stay', async () => {
  let now = NOW;
  const { world, troubles, act } = await memoryWorld(() => now);
  const erasures = new Erasures(world);
  const evidence = { kind: 'check', by: 'test', code: 'tcp-refused', detail: '' } as const;
  const since = new Date(NOW).toISOString();
  await act({ type: 'ChangeComponentState', component: 'db', to: 'down', since, evidence }, 'test');
  // Alarms gather for two seconds of the world's clock.
  now += 10_000;
  const state = await world.until(
    ({ activate }) => Object.keys(activate.incidents).length > 0,
    AbortSignal.timeout(5_000),
  );
  const [incident = ''] = Object.keys(state.activate.incidents);
  await act({ type: 'WriteLog', incident, kind: 'fact', text: 'Mme Durand attend au bloc' }, 'person:anne');
  expect(JSON.stringify(world.state)).toContain('Durand');

  await act(
    { type: 'AskApproval', act: 'private.erase', asked: { type: 'OrderErasure', subject: incident } },
    'person:anne',
  );
  expect(world.state.access.erasures).toEqual([]);
  const [approval = ''] = Object.keys(world.state.access.approvals);
  await act({ type: 'GiveApproval', approval, how: 'ownSession', by: 'person:paul' }, 'person:paul');
  const erased = await world.until(
    ({ access }) => access.audit.some(({ what }) => what === 'privateErased'),
    AbortSignal.timeout(5_000),
  );
  await erasures.settled();
  expect(erased.access.erasures).toEqual([]);
  expect(JSON.stringify(world.state)).not.toContain('Durand');
  expect(world.state.activate.incidents[incident]).toBeDefined();
  expect(await world.journal.verify()).toMatchObject({ ok: true });
  expect(troubles).toEqual([]);
  await erasures.close();
  await world.close();
});
