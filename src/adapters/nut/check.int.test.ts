import { execFile } from 'node:child_process';
import { chown, readdir, readFile, rename, utimes, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { promisify } from 'node:util';
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { tryCheck } from '../fixtures/checking.ts';
import {
  freePort,
  installed,
  type RunningService,
  serviceAccount,
  startService,
  type TemporaryFolder,
  temporaryFolder,
} from '../fixtures/service.ts';
import { NutClient } from './client.ts';
import { powerDevice } from './device.ts';

// Not /sbin/upsd: Debian's wrapper obeys /etc/nut only.
const upsd = installed('/lib/nut/upsd', '/usr/lib/nut/upsd');
const driver = installed('/lib/nut/dummy-ups', '/usr/lib/nut/dummy-ups');
/** Dumps of real devices, as the driver's simulation reads them. */
const dumps = process.env.REFLEXE_DATA ?? join(import.meta.dirname, '../../../../shared/data');

const account = serviceAccount('nut');
const never = new AbortController().signal;

/** A real NUT server with its simulation driver for each device file. */
class Power implements AsyncDisposable {
  readonly port: number;
  readonly #folder: TemporaryFolder;
  readonly #services: RunningService[];
  #puts = 0;

  private constructor(folder: TemporaryFolder, port: number, services: RunningService[]) {
    this.#folder = folder;
    this.port = port;
    this.#services = services;
  }

  static async start(devices: { [id: string]: string }): Promise<Power> {
    if (upsd === undefined || driver === undefined) throw new Error('nut-server is not installed');
    const folder = await temporaryFolder(account);
    const port = await freePort();
    const services: RunningService[] = [];
    const power = new Power(folder, port, services);
    await power.#put('upsd.conf', `LISTEN 127.0.0.1 ${port}\nMAXAGE 30\n`);
    await power.#put('upsd.users', '');
    await power.#put('nut.conf', 'MODE=none\n');
    const sections = Object.keys(devices).map(
      (id) => `[${id}]\n driver = dummy-ups\n port = ${id}.dev\n mode = dummy-once\n pollinterval = 1\n`,
    );
    await power.#put('ups.conf', sections.join(''));
    const env = { NUT_CONFPATH: folder.path, NUT_STATEPATH: folder.path, NUT_ALTPIDPATH: folder.path };
    const exists = async (name: string) => (await readdir(folder.path)).includes(name);
    for (const [id, text] of Object.entries(devices)) {
      await power.#put(`${id}.dev`, text);
      services.push(
        await startService({
          command: driver,
          args: ['-a', id, '-F'],
          env,
          cwd: folder.path,
          ...account,
          ready: () => exists(`dummy-ups-${id}`),
        }),
      );
    }
    services.push(
      await startService({
        command: upsd,
        args: ['-F'],
        env,
        cwd: folder.path,
        ...account,
        ready: () => power.#tells(devices),
      }),
    );
    return power;
  }

  /** Replaced whole, so that the driver never reads half a file. */
  async #put(name: string, text: string): Promise<void> {
    const path = join(this.#folder.path, name);
    await writeFile(`${path}.part`, text, { mode: 0o600 });
    if (account.uid !== undefined && account.gid !== undefined) await chown(`${path}.part`, account.uid, account.gid);
    // The driver reads again what is of another whole second: two changes within one would be one to it.
    this.#puts += 1;
    const seconds = Math.floor(Date.now() / 1000) + 2 * this.#puts;
    await utimes(`${path}.part`, seconds, seconds);
    await rename(`${path}.part`, path);
  }

  set = (id: string, text: string): Promise<void> => this.#put(`${id}.dev`, text);

  /** At first a driver tells of itself only, then variable by variable. */
  async #tells(devices: { [id: string]: string }): Promise<boolean> {
    for (const [id, text] of Object.entries(devices)) {
      const told = await this.variables(id);
      if (![...expectedOf(text).keys()].every((name) => !isMeasure(name) || told?.has(name) === true)) return false;
    }
    return true;
  }

  async variables(id: string): Promise<Map<string, string> | undefined> {
    const opened = await NutClient.open({ host: '127.0.0.1', port: this.port }, never);
    if (!opened.ok) return undefined;
    using client = opened.value;
    const read = await client.variables(id);
    return read.ok ? read.value : undefined;
  }

  /** Ends one driver, as when its cable is pulled. */
  async endDriver(index: number): Promise<void> {
    await this.#services[index]?.[Symbol.asyncDispose]();
  }

  async [Symbol.asyncDispose](): Promise<void> {
    for (const service of this.#services.toReversed()) await service[Symbol.asyncDispose]();
    await this.#folder[Symbol.asyncDispose]();
  }
}

const missing = upsd === undefined || driver === undefined ? 'nut-server is not installed' : undefined;

describe('nut check on a real server', () => {
  let power: Power | undefined;
  const state = (status: string, more = '') =>
    `ups.status: ${status}\nbattery.charge: 80\nbattery.runtime: 1500\nups.load: 40\n${more}`;
  const ask = (more: object = {}) =>
    tryCheck({ kind: 'nut', host: '127.0.0.1', port: power?.port, ups: 'ups-a', ...more });

  beforeAll(async () => {
    if (missing === undefined) power = await Power.start({ 'ups-a': state('OL') });
  });
  afterAll(() => power?.[Symbol.asyncDispose]());

  test('mains, battery, low battery, off: up, degraded, degraded, down', async (context) => {
    if (power === undefined) return context.skip(missing);
    expect(await ask()).toMatchObject({
      verdict: 'pass',
      measured: { source: 'mains', chargePercent: 80, runtimeSeconds: 1500, loadPercent: 40 },
    });
    const becomes = async (text: string, expected: object) => {
      await power?.set('ups-a', text);
      await expect.poll(() => ask(), { timeout: 15_000 }).toMatchObject(expected);
    };
    await becomes(state('OB DISCHRG'), { verdict: 'warn', code: 'ups-on-battery', measured: { source: 'battery' } });
    await becomes(state('OB LB'), { verdict: 'warn', code: 'ups-low-battery', measured: { lowBattery: true } });
    await becomes(state('OL OFF'), { verdict: 'fail', code: 'ups-off' });
    await becomes(state('OL RB'), { verdict: 'warn', code: 'ups-replace-battery' });
    await becomes(state('OL CHRG'), { verdict: 'pass' });
    expect(await ask({ expect: { runtimeSecondsMin: 3600 } })).toMatchObject({ verdict: 'fail', code: 'ups-runtime' });
    expect(await ask({ warn: { temperatureCelsiusMax: 40 } })).toMatchObject({
      verdict: 'warn',
      failedConditions: [{ observed: 'nothing' }],
    });
  });

  test('reflexe detect power tells each device of the server', async (context) => {
    if (power === undefined) return context.skip(missing);
    const program = fileURLToPath(new URL('../../cli/reflexe.ts', import.meta.url));
    const ran = await promisify(execFile)(process.execPath, [
      program,
      'detect',
      'power',
      '--nut',
      `127.0.0.1:${power.port}`,
      '--json',
    ]);
    expect(JSON.parse(ran.stdout)).toMatchObject({
      devices: [
        {
          id: 'ups-a',
          source: 'mains',
          lowBattery: false,
          chargePercent: 80,
          runtimeSeconds: 1500,
          loadPercent: 40,
          inputVolts: null,
          unmapped: { 'driver.name': 'dummy-ups' },
        },
      ],
    });
  });

  test('a device the server does not have, a driver that stopped, a server that is gone: nothing is known', async (context) => {
    if (power === undefined) return context.skip(missing);
    expect(await ask({ ups: 'nowhere' })).toMatchObject({ verdict: 'noAnswer', code: 'nut-unknown-device' });
    expect(await ask({ ups: 'a b' })).toMatchObject({ verdict: 'noAnswer', code: 'nut-unknown-device' });
    await power.endDriver(0);
    await expect
      .poll(() => ask(), { timeout: 15_000 })
      .toMatchObject({ verdict: 'noAnswer', code: expect.stringMatching(/^nut-(stale|driver-stopped)$/) });
    const { port } = power;
    await power[Symbol.asyncDispose]();
    power = undefined;
    expect(await tryCheck({ kind: 'nut', host: '127.0.0.1', port, ups: 'ups-a' })).toMatchObject({
      verdict: 'noAnswer',
      code: 'tcp-refused',
    });
  });
});

describe('dumps of real devices', () => {
  /** Twelve of the collection, spread over its makers. */
  const CHOSEN = 12;

  test('each variable the real server gives is mapped, or kept under its own name', async (context) => {
    if (missing !== undefined) return context.skip(missing);
    const files = (await readdir(join(dumps, 'ups/nut-ddl'), { recursive: true }).catch(() => []))
      .filter((name) => name.endsWith('.dev'))
      .toSorted();
    if (files.length === 0) return context.skip('no data');
    const chosen = Array.from(
      { length: CHOSEN },
      (_, index) => files[Math.floor((index * files.length) / CHOSEN)] ?? '',
    );
    const devices: { [id: string]: string } = {};
    for (const [index, file] of chosen.entries())
      devices[`d${index}`] = await readFile(join(dumps, 'ups/nut-ddl', file), 'utf8');
    await using power = await Power.start(devices);
    for (const [id, text] of Object.entries(devices)) {
      const variables = (await power.variables(id)) ?? new Map<string, string>();
      const device = powerDevice(id, variables);
      const expected = expectedOf(text);
      expect(expected.size).toBeGreaterThan(5);
      for (const [name, value] of expected)
        if (isMeasure(name)) expect.soft(variables.get(name), `${id} ${name}`).toBe(value);
      const number = (name: string) =>
        variables.has(name) && Number.isFinite(Number(variables.get(name))) ? Number(variables.get(name)) : null;
      expect(device).toMatchObject({
        chargePercent: number('battery.charge'),
        runtimeSeconds: number('battery.runtime'),
        inputVolts: number('input.voltage'),
        batteryVolts: number('battery.voltage'),
      });
      const status = variables.get('ups.status') ?? '';
      if (/^OL( CHRG)?$/.test(status))
        expect(device).toMatchObject({ source: 'mains', lowBattery: false, replaceBattery: false });
      if (/^OB/.test(status)) expect(device.source).toBe('battery');
    }
  });
});

/** What a simulated device tells as its file says it. */
const isMeasure = (name: string): boolean => /^(battery|input|output)\./.test(name) || name === 'ups.status';

/** A dump is `name: value` lines; what follows # is a remark. */
function expectedOf(text: string): Map<string, string> {
  const lines = text.split('\n').map((line) => /^([a-z][\w.]*):\s*([^#]*?)\s*(#.*)?$/.exec(line));
  return new Map(
    lines.flatMap((match) =>
      match?.[1] === undefined || match[2] === undefined || match[2] === '' ? [] : [[match[1], match[2]] as const],
    ),
  );
}
