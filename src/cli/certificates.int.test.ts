import { execFile, spawn } from 'node:child_process';
import { once } from 'node:events';
import { existsSync, mkdtempSync, readFileSync, rmSync, statSync } from 'node:fs';
import { get } from 'node:https';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { createInterface } from 'node:readline';
import { connect } from 'node:tls';
import { fileURLToPath } from 'node:url';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';

const program = fileURLToPath(new URL('reflexe.ts', import.meta.url));
let folder: string;
let data: string;
let hub: ReturnType<typeof spawn>;
let url: URL;
let fingerprint: string;

/** The one JSON document of a verb, and its exit status. */
function reflexe(...args: string[]): Promise<{ status: number | null; said: ReturnType<typeof JSON.parse> }> {
  return new Promise((resolve) => {
    const child = execFile(process.execPath, [program, ...args, '--data', data, '--json'], (_error, stdout) =>
      resolve({ status: child.exitCode, said: JSON.parse(stdout) }),
    );
  });
}

async function start(): Promise<void> {
  hub = spawn(process.execPath, [program, 'start', '--host', '0.0.0.0', '--port', '0', '--data', data, '--json'], {
    stdio: ['ignore', 'pipe', 'inherit'],
  });
  if (hub.stdout === null) throw new Error('no output');
  const { value } = await createInterface(hub.stdout)[Symbol.asyncIterator]().next();
  const { address, authority } = JSON.parse(String(value));
  url = new URL(address);
  fingerprint = authority.fingerprint;
}

async function stop(): Promise<void> {
  const ended = once(hub, 'exit');
  hub.kill('SIGTERM');
  await ended;
}

beforeAll(async () => {
  folder = mkdtempSync(join(tmpdir(), 'reflexe-certificates-cli-'));
  data = join(folder, 'data');
  await start();
});
afterAll(async () => {
  if (hub.exitCode === null) await stop();
  rmSync(folder, { recursive: true });
});

/** What the hub answers a machine that shows the certificate of this folder. */
function self(certificate?: string): Promise<{ status: number; body: ReturnType<typeof JSON.parse> }> {
  const shown =
    certificate === undefined
      ? {}
      : { cert: readFileSync(join(certificate, 'certificate.pem')), key: readFileSync(join(certificate, 'key.pem')) };
  const ca = readFileSync(join(data, 'certificates', 'authority.pem'));
  const options = { host: '127.0.0.1', port: url.port, path: '/api/sites/self', ca, ...shown, agent: false };
  return new Promise((resolve, reject) => {
    get(options, (response) => {
      let text = '';
      response.on('data', (chunk: Buffer) => {
        text += chunk.toString();
      });
      response.on('end', () => resolve({ status: response.statusCode ?? 0, body: JSON.parse(text) }));
    }).on('error', reject);
  });
}

function serialShown(): Promise<string | undefined> {
  return new Promise((resolve, reject) => {
    const ca = readFileSync(join(data, 'certificates', 'authority.pem'));
    const socket = connect({ host: '127.0.0.1', port: Number(url.port), ca }, () => {
      resolve(socket.getPeerX509Certificate()?.serialNumber);
      socket.destroy();
    });
    socket.on('error', reject);
  });
}

describe('reflexe certificates, beside a hub that runs on the network', () => {
  it('says which authority to install, as the hub did when it started', async () => {
    expect(url.protocol).toBe('https:');
    const { status, said } = await reflexe('certificates', 'show');
    expect([status, said.authority.fingerprint, said.certificates.length]).toEqual([0, fingerprint, 1]);
    expect(said.authority.pem).toBe(readFileSync(said.authority.file, 'utf8'));
    expect(said.certificates[0]).toMatchObject({
      role: 'hub',
      id: null,
      revoked: null,
      names: expect.arrayContaining(['localhost']),
    });
  });

  it('issues what opens the door to a site, until it is revoked', async () => {
    const out = join(folder, 'north');
    const { status, said } = await reflexe('certificates', 'issue', '--site', 'north', '--out', out);
    expect([status, said.role, said.id]).toEqual([0, 'site', 'north']);
    expect(statSync(said.files.key).mode & 0o077).toBe(0);
    expect(await self(out)).toEqual({ status: 200, body: { role: 'site', id: 'north' } });
    expect((await self()).body.error.code).toBe('site-unknown');

    const revoked = await reflexe('certificates', 'revoke', said.serial, '--reason', 'lost');
    expect([revoked.status, revoked.said.revoked.reason]).toEqual([0, 'lost']);
    // The hub watches the folder: it is a matter of its next look, not of a restart.
    let answered = await self(out);
    while (answered.status === 200) answered = await self(out);
    expect(answered.body.error.code).toBe('certificate-revoked');
  });

  it('renews the hub’s certificate while it runs, and when it does not', async () => {
    const running = await reflexe('certificates', 'renew');
    expect([running.status, running.said.authority]).toEqual([0, { fingerprint, renewed: false }]);
    await stop();
    const stopped = await reflexe('certificates', 'renew');
    expect([stopped.status, stopped.said.serial === running.said.serial]).toEqual([0, false]);
    await start();
    expect(await serialShown()).toBe(stopped.said.serial);
  });

  it('refuses what it cannot do, and says why', async () => {
    const both = await reflexe('certificates', 'issue', '--site', 'a', '--box', 'b', '--out', join(folder, 'both'));
    expect([both.status, both.said.error.code]).toEqual([1, 'site-invalid']);
    const climbing = await reflexe('certificates', 'issue', '--site', '../x', '--out', join(folder, 'climbing'));
    expect([climbing.status, climbing.said.error.code]).toEqual([1, 'site-invalid']);
    const unknown = await reflexe('certificates', 'revoke', '00', '--reason', 'x');
    expect([unknown.status, unknown.said.error.code]).toEqual([1, 'certificate-missing']);
    data = join(folder, 'none');
    const nowhere = await reflexe('certificates', 'show');
    expect([nowhere.status, nowhere.said.error.code]).toEqual([1, 'certificates-missing']);
    expect(existsSync(data)).toBe(false);
    data = join(folder, 'data');
  });
});
