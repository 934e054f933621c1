import { spawn } from 'node:child_process';
import { once } from 'node:events';
import { mkdirSync, mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { connect, type NetConnectOpts, type Socket } from 'node:net';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { cleanRoom } from '../src/adapters/cleanRoom/cleanRoom.ts';
import { startHelper } from '../src/adapters/cleanRoom/startHelper.ts';
import type { Result } from '../src/journal/result.ts';

const serverScript = fileURLToPath(new URL('./relay-server.ts', import.meta.url));
const rounds = 5;
const echoes = 2000;
const megabytes = 256;

const value = <Value>(result: Result<Value>): Value => {
  if (!result.ok) throw new Error(`${result.refusal.message} ${result.refusal.cure ?? ''}`);
  return result.value;
};
const median = (all: number[]): number =>
  all.toSorted((one, other) => one - other)[Math.floor(all.length / 2)] ?? Number.NaN;

/** Milliseconds until the same server, started bare, says its port. */
async function bareStart(): Promise<number> {
  const begun = performance.now();
  const server = spawn(process.execPath, [serverScript, '0'], { stdio: ['ignore', 'pipe', 'inherit'] });
  await once(server.stdout, 'data');
  const taken = performance.now() - begun;
  server.kill('SIGKILL');
  return taken;
}

async function opened(to: NetConnectOpts): Promise<Socket> {
  const socket = connect(to);
  await once(socket, 'connect');
  return socket;
}

/** Microseconds of one question and answer of 64 bytes, the median. */
async function roundTrip(to: NetConnectOpts): Promise<number> {
  const socket = await opened(to);
  const question = Buffer.alloc(64, 'e');
  const taken: number[] = [];
  for (let echo = 0; echo < echoes; echo += 1) {
    const begun = performance.now();
    socket.write(question);
    await once(socket, 'data');
    taken.push((performance.now() - begun) * 1000);
  }
  socket.destroy();
  return median(taken);
}

/** Megabytes per second towards the client. */
async function throughput(to: NetConnectOpts): Promise<number> {
  const socket = await opened(to);
  const begun = performance.now();
  socket.write(`d${megabytes}`);
  let bytes = 0;
  socket.on('data', (part) => {
    bytes += part.length;
  });
  await once(socket, 'end');
  socket.destroy();
  return bytes / 1e6 / ((performance.now() - begun) / 1000);
}

/** The gateway of a real member beside the same server reached directly on loopback; and what a room and a member cost. */
export async function run(): Promise<{
  name: string;
  lines: { measure: string; value: string; target: string; met: boolean }[];
}> {
  const base = mkdtempSync(join(tmpdir(), 'relay-'));
  const direct = spawn(process.execPath, [serverScript, '0'], { stdio: ['ignore', 'pipe', 'inherit'] });
  const [said] = await once(direct.stdout, 'data');
  const loopback: NetConnectOpts = { host: '127.0.0.1', port: Number(said), noDelay: true };
  const programs = join(base, 'programs.json');
  const member = {
    executable: process.execPath,
    arguments: ['/opt/bench/relay-server.mts', '{port}'],
    user: 'nobody',
    readOnly: [
      { from: process.execPath, to: process.execPath },
      { from: serverScript, to: '/opt/bench/relay-server.mts' },
    ],
  };
  writeFileSync(programs, JSON.stringify({ programs: { member } }));
  const socket = join(base, 'door', 'helper.sock');
  const state = join(base, 'state');
  const helper = value(await startHelper({ socket, state, programs, lifeline: true }));
  const room = cleanRoom({ socket });
  try {
    const opening: number[] = [];
    const starting: number[] = [];
    const bare: number[] = [];
    const proving: number[] = [];
    let gateway = '';
    for (let round = 0; round < rounds; round += 1) {
      const folder = join(base, `room-${round}`);
      mkdirSync(join(folder, 'data'), { recursive: true });
      bare.push(await bareStart());
      const times = [performance.now()];
      value(await room.open({ id: `room-${round}`, epoch: 1, folder }));
      times.push(performance.now());
      const spec = {
        id: 'bench:server',
        program: 'member',
        dataDirectory: join(folder, 'data'),
        listens: [7000],
        reaches: [],
        settings: {},
      };
      gateway = value(await room.start(`room-${round}`, spec)).gateway['7000'] ?? '';
      times.push(performance.now());
      value(await room.proveIsolation(`room-${round}`));
      times.push(performance.now());
      const [before = 0, opened = 0, started = 0, proved = 0] = times;
      opening.push(opened - before);
      starting.push(started - opened);
      proving.push(proved - started);
    }
    const figures = {
      relayRtt: [] as number[],
      directRtt: [] as number[],
      relayRate: [] as number[],
      directRate: [] as number[],
    };
    for (let round = 0; round < rounds; round += 1) {
      figures.directRtt.push(await roundTrip(loopback));
      figures.relayRtt.push(await roundTrip({ path: gateway }));
      figures.directRate.push(await throughput(loopback));
      figures.relayRate.push(await throughput({ path: gateway }));
    }
    const [directRtt, relayRtt] = [median(figures.directRtt), median(figures.relayRtt)];
    const [directRate, relayRate] = [median(figures.directRate), median(figures.relayRate)];
    const line = (measure: string, figure: string, target: string, met: boolean) => ({
      measure,
      value: figure,
      target,
      met,
    });
    return {
      name: 'relay',
      lines: [
        line(
          `question and answer of 64 bytes through the gateway (direct loopback: ${directRtt.toFixed(0)} µs, ${(relayRtt / directRtt).toFixed(1)} ×)`,
          `${relayRtt.toFixed(0)} µs`,
          '≤ 1 ms: unnoticed beside any hospital network',
          relayRtt <= 1000,
        ),
        line(
          `${megabytes} MiB through the gateway (direct loopback: ${directRate.toFixed(0)} MB/s, ${(relayRate / directRate).toFixed(2)} ×)`,
          `${relayRate.toFixed(0)} MB/s`,
          '≥ 125 MB/s: fills a gigabit network',
          relayRate >= 125,
        ),
        line('open a room, median', `${median(opening).toFixed(0)} ms`, '≤ 1 s', median(opening) <= 1000),
        line(
          `start a member until it and its gateway answer, median (the same Node server started bare: ${median(bare).toFixed(0)} ms)`,
          `${median(starting).toFixed(0)} ms`,
          '≤ 2 s',
          median(starting) <= 2000,
        ),
        line('prove its isolation, median', `${median(proving).toFixed(0)} ms`, '≤ 5 s', median(proving) <= 5000),
        line('memory of one gateway', `${relayMegabytes(state)} MB`, '≤ 16 MB', relayMegabytes(state) <= 16),
      ],
    };
  } finally {
    await room.disconnect();
    await helper.stop();
    direct.kill('SIGKILL');
    rmSync(base, { recursive: true, force: true });
  }
}

/** Resident memory of the relay started last, found by what the helper recorded. */
function relayMegabytes(state: string): number {
  const lines = readFileSync(join(state, 'record.jsonl'), 'utf8').trim().split('\n');
  const init = lines.map((line) => JSON.parse(line)).findLast((fact) => fact.process?.role === 'relay-init')
    .process.pid;
  const child = readFileSync(`/proc/${init}/task/${init}/children`, 'utf8').trim();
  return Math.round(Number(/VmRSS:\s+(\d+)/.exec(readFileSync(`/proc/${child}/status`, 'utf8'))?.[1]) / 1024);
}
