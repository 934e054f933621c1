import { renameSync, utimesSync, writeFileSync } from 'node:fs';
import { createConnection } from 'node:net';
import { join } from 'node:path';
import { onFreePorts } from './run/ports.ts';
import { type Service, startService } from './run/programs.ts';
import { makeFolder, type Run } from './run/run.ts';
import { Fatal, until } from './run/waiting.ts';

export const UPS_NAME = 'ups-a';

export interface UpsState {
  /** NUT's words: `OL` on line, `OB` on battery, `OB LB` low battery. */
  status: 'OL' | 'OL CHRG' | 'OB' | 'OB LB';
  chargePercent: number;
  runtimeSeconds: number;
  loadPercent: number;
}

export interface Power {
  host: '127.0.0.1';
  port: number;
  upsName: string;
  /** Resolves once the NUT server itself says so. */
  set(state: UpsState): Promise<void>;
  goOnBattery(runtimeSeconds?: number): Promise<void>;
  goOnMains(): Promise<void>;
}

const MAINS: UpsState = { status: 'OL', chargePercent: 100, runtimeSeconds: 1_800, loadPercent: 42 };

/** NUT's server and its simulation driver, with a UPS as the server room's would be. */
export async function startPower(run: Run): Promise<Power> {
  const folder = makeFolder(run, 'power', 'services');
  const device = join(folder, `${UPS_NAME}.dev`);
  let lastSecond = 0;
  const write = (state: UpsState) => {
    const draft = `${device}.part`;
    writeFileSync(draft, deviceFile(state));
    run.account.give(draft);
    // The driver reads the file again when its time, in whole seconds, is another.
    lastSecond = Math.max(lastSecond + 1, Math.floor(Date.now() / 1000));
    utimesSync(draft, lastSecond, lastSecond);
    // Replaced whole: the driver never reads half a file.
    renameSync(draft, device);
  };
  write(MAINS);
  const env = { NUT_CONFPATH: folder, NUT_STATEPATH: folder, NUT_ALTPIDPATH: folder };
  const put = (name: string, text: string) => {
    writeFileSync(join(folder, name), text, { mode: 0o600 });
    run.account.give(join(folder, name));
  };
  put('nut.conf', 'MODE=none\n');
  put('upsd.users', '');
  put(
    'ups.conf',
    `maxretry = 1\n[${UPS_NAME}]\n driver = dummy-ups\n port = ${UPS_NAME}.dev\n mode = dummy-once\n pollinterval = 1\n desc = "Onduleur A, salle des serveurs"\n`,
  );
  const driver = await startService(run, {
    what: 'nut-driver',
    command: '/lib/nut/dummy-ups',
    args: ['-a', UPS_NAME, '-F'],
    env,
    as: 'services',
  });
  return onFreePorts(1, async ([port = 0]) => {
    put('upsd.conf', `LISTEN 127.0.0.1 ${port}\nMAXAGE 15\n`);
    // Not /sbin/upsd: Debian's wrapper obeys /etc/nut only.
    const server = await startService(run, {
      what: 'nut-server',
      command: '/lib/nut/upsd',
      args: ['-F'],
      env,
      as: 'services',
    });
    const says = (state: UpsState) => upsSays(port, state, [driver, server], run.signal);
    await says(MAINS);
    const set = async (state: UpsState) => {
      write(state);
      await says(state);
    };
    return {
      host: '127.0.0.1',
      port,
      upsName: UPS_NAME,
      set,
      goOnBattery: (runtimeSeconds = 1_500) => set({ ...MAINS, status: 'OB', chargePercent: 96, runtimeSeconds }),
      goOnMains: () => set(MAINS),
    };
  });
}

const deviceFile = (state: UpsState): string =>
  [
    'device.mfr: Reflexe',
    'device.model: Onduleur simulé 10 kVA',
    'device.type: ups',
    `ups.status: ${state.status}`,
    `ups.load: ${state.loadPercent}`,
    `battery.charge: ${state.chargePercent}`,
    'battery.charge.low: 20',
    `battery.runtime: ${state.runtimeSeconds}`,
    'battery.runtime.low: 300',
    'battery.voltage: 219.4',
    `input.voltage: ${state.status.startsWith('OB') ? '0.0' : '231.0'}`,
    'output.voltage: 230.0',
    'ups.temperature: 27.5',
    '',
  ].join('\n');

function upsSays(port: number, state: UpsState, services: readonly Service[], signal: AbortSignal): Promise<true> {
  return until(
    `the NUT server says ${state.status}, ${state.runtimeSeconds} s`,
    20,
    async () => {
      const ended = services.map((service) => service.ended()).find((one) => one !== undefined);
      if (ended) throw new Fatal(ended);
      const status = await readVariable(port, 'ups.status');
      const runtime = await readVariable(port, 'battery.runtime');
      return (status === state.status && Number(runtime) === state.runtimeSeconds) || undefined;
    },
    signal,
  );
}

/** One question of NUT's network protocol (RFC 9271): `GET VAR <ups> <name>`. */
function readVariable(port: number, name: string): Promise<string | undefined> {
  return new Promise((resolve, reject) => {
    const socket = createConnection({ host: '127.0.0.1', port }, () => socket.write(`GET VAR ${UPS_NAME} ${name}\n`));
    socket.setTimeout(2_000, () => socket.destroy(new Error('the NUT server did not answer')));
    socket.on('error', reject);
    let said = '';
    socket.on('data', (chunk) => {
      said += chunk.toString('utf8');
      if (!said.includes('\n')) return;
      socket.end('LOGOUT\n');
      resolve(/^VAR \S+ \S+ "(.*)"$/m.exec(said)?.[1]);
    });
  });
}
