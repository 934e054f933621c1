import { existsSync, mkdtempSync, rmSync, statSync, writeFileSync } from 'node:fs';
import { connect } from 'node:net';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import type { Rotated } from '../../access/keys/ports.ts';
import { DataKeys } from './dataKeys.ts';
import { type DeskServer, type RemoteDesk, reachDesk, serveDesk } from './socket.ts';

let root: string;
let folder: string;
let keys: DataKeys;
let server: DeskServer;

beforeEach(async () => {
  root = mkdtempSync(join(tmpdir(), 'reflexe-socket-'));
  // Deeper than a Unix socket's address can say.
  const dataFolder = join(root, 'a-folder-with-quite-a-long-name'.repeat(3), 'data');
  folder = join(dataFolder, 'keys');
  const opened = await DataKeys.open({ dataFolder, keyFile: join(root, 'data.key'), now: Date.now });
  if (!opened.ok) throw new Error(opened.refusal.message);
  keys = opened.value;
  server = await serveDesk(folder, keys, keys.secrets);
});
afterEach(async () => {
  await server.close();
  await keys.close();
  rmSync(root, { recursive: true });
});

async function desk(): Promise<RemoteDesk> {
  const reached = await reachDesk(folder);
  if (reached === undefined) throw new Error('nobody answers');
  return reached;
}

/** What the hub answers to these bytes, until it closes. */
function raw(bytes: string | Uint8Array): Promise<string> {
  return new Promise((resolve) => {
    let answer = '';
    // A relative name, for the address is too long.
    const here = process.cwd();
    process.chdir(folder);
    const socket = connect('hub.socket');
    process.chdir(here);
    socket.on('data', (some: Buffer) => {
      answer += some.toString();
    });
    socket.on('error', () => undefined);
    socket.once('close', () => resolve(answer));
    socket.write(bytes);
  });
}

describe('the socket of the keys', () => {
  it('is its owner’s alone, works wherever the folder is, and goes with the hub', async () => {
    expect(statSync(join(folder, 'hub.socket')).mode & 0o777).toBe(0o600);
    expect(await (await desk()).keys.status()).toEqual({ ok: true, value: keys.shown });
    await server.close();
    expect(await reachDesk(folder)).toBeUndefined();
    // One that a killed hub left behind is no hub.
    writeFileSync(join(folder, 'hub.socket'), '');
    expect(await reachDesk(folder)).toBeUndefined();
    server = await serveDesk(folder, keys, keys.secrets);
    expect((await (await desk()).keys.status()).ok).toBe(true);
  });

  it('carries acts and their refusals', async () => {
    const { keys: remote, secrets } = await desk();
    expect(await remote.add({ kind: 'passphrase', label: 'x', passphrase: 'short' })).toMatchObject({
      refusal: { code: 'passphrase-too-short' },
    });
    expect(await remote.remove('nobody')).toMatchObject({ refusal: { code: 'protector-unknown' } });
    expect(await secrets.set('snmp', 'line one\nline two “é”')).toMatchObject({ ok: true });
    expect(await keys.secrets.read('snmp')).toEqual({ ok: true, value: 'line one\nline two “é”' });
    expect(await secrets.set('../keyring', 'x')).toMatchObject({ refusal: { code: 'secret-name-refused' } });
    expect(await secrets.remove('snmp')).toMatchObject({ ok: true });
    expect(existsSync(join(folder, '..', 'secrets', 'snmp.sealed'))).toBe(false);
  });

  it('rotates only once the new shares were taken', async () => {
    await keys.add({ kind: 'quorum', label: '' });
    const before = keys.shown.master.id;
    const { keys: remote } = await desk();
    await expect(remote.rotate({}, () => Promise.reject(new Error('the printer is on fire')))).rejects.toThrow('fire');
    // The hub hears that nobody is there; what follows waits for its turn.
    expect((await keys.add({ kind: 'quorum', label: '' })).ok).toBe(true);
    expect(keys.shown.master.id).toBe(before);
    let handed: Rotated | undefined;
    const rotated = await remote.rotate({}, async (one) => {
      handed = one;
    });
    expect(rotated).toEqual({ ok: true, value: handed });
    expect(keys.shown.master).toEqual(handed?.master);
    expect(handed?.shares).toHaveLength(2);
  });

  it('refuses what it does not know, and goes on', async () => {
    const unknown = expect.stringContaining('keys-request-unknown');
    for (const nonsense of [
      '\n',
      'null\n',
      '{"act":"read","name":"snmp"}\n',
      '{"act":"unlock","typed":{}}\n',
      '\0\u00ff\n',
      '[[[[[\n',
    ])
      expect(await raw(nonsense)).toEqual(unknown);
    expect(await raw('{"act":"__proto__"}\n')).toEqual(unknown);
    // Without end, and larger than any request: cut, not kept.
    expect(await raw(new Uint8Array(5_000_000).fill(0x61))).toBe('');
    expect(await (await desk()).keys.status()).toMatchObject({ ok: true });
  });
});
