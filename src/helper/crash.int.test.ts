import { spawn } from 'node:child_process';
import { once } from 'node:events';
import { readFileSync } from 'node:fs';
import { fileURLToPath } from 'node:url';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { cleanRoom, type HelperClient } from '../adapters/cleanRoom/cleanRoom.ts';
import { type StartedHelper, startHelper } from '../adapters/cleanRoom/startHelper.ts';
import type { Result } from '../journal/result.ts';
import { ask, cannotMakeRooms, Ground } from './fixtures/ground.ts';
import { end, identify, isAlive, type ProcessIdentity } from './room/processes.ts';

const cannot = cannotMakeRooms();
let ground: Ground;
const clients: HelperClient[] = [];
const helpers: StartedHelper[] = [];

beforeEach(() => {
  if (cannot === undefined) ground = new Ground();
});
afterEach(async () => {
  for (const client of clients.splice(0)) await client.disconnect();
  // A test that failed half-way must not leave a helper to clean up after the next has begun.
  for (const helper of helpers.splice(0)) await helper.stop();
  if (cannot !== undefined) return;
  const left = ground.leftovers();
  ground.remove();
  expect(left).toEqual([]);
});

const value = <Value>(result: Result<Value>): Value => {
  if (!result.ok) throw new Error(JSON.stringify(result.refusal));
  return result.value;
};

function hub(): HelperClient {
  const client = cleanRoom({ socket: ground.socket });
  clients.push(client);
  return client;
}

async function life(lifeline: boolean): Promise<StartedHelper> {
  const { socket, state, programs } = ground;
  const helper = value(await startHelper({ socket, state, programs, lifeline }));
  helpers.push(helper);
  return helper;
}

const open = (client: HelperClient) => client.open({ id: 'recovery', epoch: 1, folder: ground.room });

function recorded<Name extends string>(fact: Name, role?: string): (ProcessIdentity & { role: string })[] {
  const lines = readFileSync(`${ground.state}/record.jsonl`, 'utf8').trim().split('\n');
  const facts = lines.map((line) => JSON.parse(line)).filter((one) => one.fact === fact);
  return facts.map(({ process }) => process).filter((one) => role === undefined || one.role === role);
}
const livingMembers = () => recorded('processStarted', 'member-init').filter(isAlive);

/** All a recovery asks of one member; ends early, with false, when the helper is lost. */
async function everything(client: HelperClient): Promise<boolean> {
  const steps = [
    () => open(client),
    () => client.start('recovery', ground.member('a')),
    () => client.proveIsolation('recovery'),
    () => client.stop('recovery', 'site:a'),
    () => client.close('recovery'),
  ];
  for (const step of steps) {
    const done: Result<unknown> = await step();
    if (done.ok) continue;
    expect(done.refusal.code).toBe('helper-lost');
    expect(done.refusal.retryable).toBe(true);
    return false;
  }
  return true;
}

describe('kill -9', () => {
  it('of the helper after each fact it records: the next life ends what was half-made, and all works again', {
    timeout: 600_000,
  }, async (context) => {
    if (cannot !== undefined) return context.skip(cannot);
    const script = fileURLToPath(new URL('./fixtures/doomed.ts', import.meta.url));
    let survived = false;
    let orphans = 0;
    for (let fact = 1; !survived; fact += 1) {
      // Just after the fact, and a little later: in the middle of the effect it announced.
      const delay = fact % 3 === 0 ? 0 : fact % 3 === 1 ? 3 : 9;
      const doomed = spawn(
        process.execPath,
        [script, ground.socket, ground.state, ground.programs, `${fact}`, `${delay}`],
        { stdio: ['ignore', 'pipe', 'inherit'] },
      );
      const died = once(doomed, 'exit');
      await Promise.race([once(doomed.stdout, 'data'), died]);
      survived = await everything(hub());
      if (survived) doomed.kill('SIGKILL');
      const [, signal] = await died;
      expect(signal).toBe('SIGKILL');

      const next = await life(true);
      const client = hub();
      orphans += value(await open(client)).endedOrphans.length;
      const member = value(await client.start('recovery', ground.member('a')));
      expect(
        livingMembers().map(({ pid }) => pid),
        `after fact ${fact}`,
      ).toEqual([member.pid]);
      expect(await ask(member.gateway['4000'], 'still here')).toBe('still here');
      await next.stop();
      expect(ground.leftovers(), `after fact ${fact}`).toEqual([]);
    }
    expect(orphans, 'some deaths left processes to end').toBeGreaterThan(0);
  });

  it('of the helper leaves a running member to its next life, which hands the same one back', async (context) => {
    if (cannot !== undefined) return context.skip(cannot);
    const first = await life(false);
    const client = hub();
    value(await open(client));
    const member = value(await client.start('recovery', ground.member('a')));
    process.kill(first.pid, 'SIGKILL');
    await first.stop();
    expect(await ask(member.gateway['5000'], 'nobody watches')).toBe('nobody watches');
    const second = await life(true);
    expect(value(await open(client))).toEqual({ endedOrphans: [] });
    expect(value(await client.start('recovery', ground.member('a')))).toEqual(member);
    await second.stop();
  });

  it('of a gateway: the same member is handed back with a new one', async (context) => {
    if (cannot !== undefined) return context.skip(cannot);
    const helper = await life(true);
    const client = hub();
    value(await open(client));
    const member = value(await client.start('recovery', ground.member('a')));
    await end(recorded('processStarted', 'relay-init'));
    await expect(ask(member.gateway['4000'], 'x')).rejects.toThrow();
    const again = value(await client.start('recovery', ground.member('a')));
    expect(again).toEqual(member);
    expect(await ask(again.gateway['4000'], 'through')).toBe('through');
    await helper.stop();
  });

  it('of a program: its remains go, and a new start brings it back at the same address', async (context) => {
    if (cannot !== undefined) return context.skip(cannot);
    const helper = await life(true);
    const client = hub();
    value(await open(client));
    const member = value(await client.start('recovery', ground.member('a')));
    const killed = identify(member.pid);
    process.kill(member.pid, 'SIGKILL');
    // The signal is sent; the kernel ends the process in its own time.
    await expect.poll(() => killed !== undefined && isAlive(killed)).toBe(false);
    const again = value(await client.start('recovery', ground.member('a')));
    expect(again.pid).not.toBe(member.pid);
    expect(again.address).toBe(member.address);
    expect(await ask(again.gateway['4000'], 'back')).toBe('back');
    await helper.stop();
  });

  it('of the hub while a member starts: the restarted hub gets that one, and nothing is started twice', async (context) => {
    if (cannot !== undefined) return context.skip(cannot);
    const helper = await life(true);
    const gone = hub();
    value(await open(gone));
    const lost = gone.start('recovery', ground.member('a'));
    await gone.status();
    await gone.disconnect();
    expect(await lost).toMatchObject({ ok: false, refusal: { code: 'helper-lost' } });
    const back = hub();
    value(await open(back));
    const member = value(await back.start('recovery', ground.member('a')));
    expect(livingMembers().map(({ pid }) => pid)).toEqual([member.pid]);
    expect(recorded('processStarted', 'member')).toHaveLength(1);
    await helper.stop();
  });

  it('of whoever holds the lifeline: the helper closes every room and ends', async (context) => {
    if (cannot !== undefined) return context.skip(cannot);
    const holder = spawn(
      process.execPath,
      [
        '--input-type=module',
        '--eval',
        `const { startHelper } = await import(${JSON.stringify(new URL('../adapters/cleanRoom/startHelper.ts', import.meta.url).href)});
        const started = await startHelper(JSON.parse(process.argv[1]));
        process.stdout.write(String(started.value.pid));
        setInterval(() => {}, 1e6);`,
        JSON.stringify({ socket: ground.socket, state: ground.state, programs: ground.programs, lifeline: true }),
      ],
      { stdio: ['ignore', 'pipe', 'inherit'] },
    );
    const [said] = await once(holder.stdout, 'data');
    const client = hub();
    value(await open(client));
    value(await client.start('recovery', ground.member('a')));
    const disconnected = client.proveIsolation('recovery');
    holder.kill('SIGKILL');
    await disconnected;
    await expect.poll(() => ground.leftovers(), { timeout: 20_000 }).toEqual([]);
    await expect
      .poll(
        () => {
          try {
            process.kill(Number(said), 0);
            return 'alive';
          } catch {
            return 'gone';
          }
        },
        { timeout: 20_000 },
      )
      .toBe('gone');
  });
});
