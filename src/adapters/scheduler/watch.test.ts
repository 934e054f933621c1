import { createServer, type Server } from 'node:net';
import { expect, test } from 'vitest';
import type { DetectCommand } from '../../detect/decide.ts';
import type { ComponentState } from '../../map/model.ts';
import { declared } from '../fixtures/checking.ts';
import { freePort } from '../fixtures/service.ts';
import { SimulatedClock } from './simulatedClock.ts';
import { Watch } from './watch.ts';

const listen = (port: number): Promise<Server> =>
  new Promise((resolve) => {
    const server = createServer((socket) => socket.destroy()).listen(port, '127.0.0.1', () => resolve(server));
  });
const close = (server: Server) => new Promise((resolve) => server.close(resolve));

test('a real port that closes and opens again is two changes of state, whatever happens between the looks', async () => {
  const port = await freePort();
  let server = await listen(port);
  const clock = new SimulatedClock(1_700_000_000_000);
  const submitted: DetectCommand[] = [];
  const states = new Map<string, ComponentState>();
  const watch = new Watch({
    checks: [
      declared({ kind: 'tcp', id: 'ehr-tcp', component: 'ehr', host: '127.0.0.1', port, every: '30s', timeout: '5s' }),
    ],
    edge: {
      clock,
      folder: '/',
      backup: () => undefined,
      secrets: { read: () => Promise.reject(new Error('no secret here')) },
    },
    known: (component) => ({ state: states.get(component) ?? 'unknown', unconfirmed: false }),
    submit: async (command) => {
      submitted.push(command);
      if (command.type === 'ChangeComponentState') states.set(command.component, command.to);
      return { ok: true };
    },
    onFailure: (_check, error) => expect.unreachable(String(error)),
    random: () => 0,
  });
  let runs = 0;
  /** One more look at the port; what it found is told before this returns. */
  const look = async () => {
    runs += 1;
    await clock.advanceTo(1_700_000_000_000 + (runs - 1) * 30_000);
    await expect.poll(() => watch.status()[0]?.counters).toMatchObject({ runs, running: false, missed: 0 });
  };
  try {
    await look();
    await close(server);
    await look();
    await look();
    server = await listen(port);
    await look();
    await look();
    await look();
    expect(watch.status()).toMatchObject([
      { check: 'ehr-tcp', component: 'ehr', kind: 'tcp', flapping: false, last: { verdict: 'pass', code: 'ok' } },
    ]);
    expect(submitted).toMatchObject([
      { to: 'up', evidence: { kind: 'check', by: 'ehr-tcp', code: 'ok' } },
      {
        to: 'down',
        since: new Date(1_700_000_030_000).toISOString(),
        evidence: { code: 'tcp-refused', detail: 'ECONNREFUSED' },
      },
      { to: 'up', since: new Date(1_700_000_090_000).toISOString() },
    ]);
  } finally {
    await watch.stop();
    await close(server);
  }
  expect(clock.sleepers).toBe(0);
});
