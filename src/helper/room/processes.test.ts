import { spawn } from 'node:child_process';
import { once } from 'node:events';
import { createServer } from 'node:net';
import { expect, it } from 'vitest';
import { childrenOf, end, identify, isAlive, listeningPorts, until } from './processes.ts';

const cannot = process.platform === 'linux' ? undefined : 'not run: /proc is Linux';

it('never ends a process that only bears the recorded number', async (context) => {
  if (cannot !== undefined) return context.skip(cannot);
  const child = spawn(process.execPath, ['--eval', 'setInterval(() => {}, 1e6)']);
  await once(child, 'spawn');
  const identity = identify(child.pid ?? 0);
  if (identity === undefined) throw new Error('it runs');
  expect(childrenOf(process.pid)).toContainEqual(identity);
  expect(await end([{ ...identity, startTicks: '1' }])).toEqual([]);
  expect(isAlive(identity)).toBe(true);
  const exited = once(child, 'exit');
  expect(await end([identity])).toEqual([identity.pid]);
  expect(await exited).toEqual([null, 'SIGKILL']);
  expect(await end([identity])).toEqual([]);
});

it('sees which ports are listened on, and on which addresses they count', async (context) => {
  if (cannot !== undefined) return context.skip(cannot);
  const server = createServer().listen(0, '127.0.0.1');
  await once(server, 'listening');
  const address = server.address();
  const port = address !== null && typeof address === 'object' ? address.port : 0;
  expect(listeningPorts(process.pid).has(port)).toBe(true);
  server.close();
  await once(server, 'close');
  expect(listeningPorts(process.pid).has(port)).toBe(false);
  expect(await until(() => false, 5)).toBe(false);
});
