import { X509Certificate } from 'node:crypto';
import { mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { memorySealer } from '../../access/memorySealer.ts';
import type { Refusal, Result } from '../../journal/result.ts';
import { Authority } from './authority.ts';
import { type DoorParts, HubDoorCertificates } from './door.ts';
import { askHub } from './mailbox.ts';
import { createAuthority, issueHub, newRequest, validity } from './sign.ts';

let folder: string;
let parts: DoorParts;
let now: number;
let troubles: Refusal[];
let doors: HubDoorCertificates[];

beforeEach(() => {
  folder = mkdtempSync(join(tmpdir(), 'reflexe-door-'));
  now = Date.now();
  troubles = [];
  doors = [];
  parts = {
    folder: join(folder, 'certificates'),
    establishment: 'CHU',
    sealer: memorySealer(),
    names: ['hub.test', 'localhost'],
    now: () => now,
    onTrouble: (refusal) => void troubles.push(refusal),
  };
});
afterEach(() => {
  for (const door of doors) door[Symbol.dispose]();
  rmSync(folder, { recursive: true });
});

function value<Value>(result: Result<Value>): Value {
  if (!result.ok) throw new Error(`${result.refusal.code}: ${result.refusal.message}`);
  return result.value;
}
async function open(): Promise<HubDoorCertificates> {
  const door = value(await HubDoorCertificates.open(parts));
  doors.push(door);
  return door;
}
const serialOf = (door: HubDoorCertificates) => new X509Certificate(door.shown().chain).serialNumber;
const changed = (door: HubDoorCertificates) => new Promise<void>((resolve) => door.onChange(resolve));

describe('the certificates of a running hub', () => {
  it('are made at the first start and found at the second', async () => {
    const door = await open();
    expect(door.names).toEqual(['hub.test', 'localhost']);
    const again = await open();
    expect(again.shown()).toEqual(door.shown());
    expect(again.authority?.certificate).toBe(readFileSync(join(parts.folder, 'authority.pem'), 'utf8'));
  });

  it('are renewed before they expire, while it runs', async () => {
    const door = await open();
    const first = serialOf(door);
    await door.look();
    expect(serialOf(door)).toBe(first);
    now += validity.hubMilliseconds - validity.renewBeforeMilliseconds + 1_000;
    const change = changed(door);
    await door.look();
    await change;
    expect(serialOf(door)).not.toBe(first);
    expect(new X509Certificate(door.shown().chain).validToDate.getTime()).toBeGreaterThan(now + 80 * 86_400_000);
  });

  it('take a revocation made by another process as soon as its file is there', async () => {
    const door = await open();
    const site = { role: 'site', id: 'north' } as const;
    const issued = value(
      await askHub(parts.folder, { what: 'issue', ...site, request: (await newRequest(site)).request }),
    );
    const { serialNumber } = new X509Certificate(issued);
    expect(door.isRevoked(serialNumber)).toBe(false);
    const change = changed(door);
    value(value(await Authority.open(parts)).revoke(serialNumber, 'stolen'));
    await change;
    expect(door.isRevoked(serialNumber)).toBe(true);
  });

  it('answer what the command line asks: a renewal, a new authority, a refusal', async () => {
    const door = await open();
    const before = [serialOf(door), door.authority?.fingerprint];
    value(await askHub(parts.folder, { what: 'renew', authority: false }));
    await door.look();
    expect(serialOf(door)).not.toBe(before[0]);
    expect(door.authority?.fingerprint).toBe(before[1]);
    value(await askHub(parts.folder, { what: 'renew', authority: true }));
    await door.look();
    expect(door.authority?.fingerprint).not.toBe(before[1]);
    expect(
      new X509Certificate(door.shown().chain).verify(new X509Certificate(door.authority?.certificate ?? '').publicKey),
    ).toBe(true);
    const nonsense = await askHub(parts.folder, { what: 'issue', role: 'site', id: 'north', request: 'nothing' });
    expect(nonsense).toMatchObject({ ok: false, refusal: { code: 'certificate-request-refused' } });
  });

  it('where no hub answers, the command line is told', async () => {
    expect(await askHub(parts.folder, { what: 'renew', authority: false }, 10)).toMatchObject({
      refusal: { code: 'hub-silent' },
    });
  });

  it('supplied, are read again when their files change; a wrong one changes nothing and is told', async () => {
    const permitted = { names: ['hub.test'], networks: [] };
    const other = await createAuthority('Hospital', permitted, now);
    const supplied = { certificate: join(folder, 'chain.pem'), key: join(folder, 'key.pem') };
    const put = async () => {
      const { key, certificate } = await issueHub(other, ['hub.test'], now);
      writeFileSync(supplied.key, key, { mode: 0o600 });
      writeFileSync(supplied.certificate, certificate + other.certificate);
      return new X509Certificate(certificate).serialNumber;
    };
    const first = await put();
    parts = { ...parts, supplied, publicName: 'hub.test' };
    const door = await open();
    expect([serialOf(door), door.authority]).toEqual([first, null]);

    const change = changed(door);
    const second = await put();
    await change;
    expect(serialOf(door)).toBe(second);

    writeFileSync(supplied.key, other.key);
    await door.look();
    expect(serialOf(door)).toBe(second);
    expect(troubles).toMatchObject([{ code: 'supplied-certificate-refused', where: supplied.key }]);
  });

  it('supplied and wrong, do not let the hub start', async () => {
    parts = { ...parts, supplied: { certificate: join(folder, 'none.pem'), key: join(folder, 'none.key') } };
    expect(await HubDoorCertificates.open(parts)).toMatchObject({ refusal: { code: 'supplied-certificate-refused' } });
  });

  it('that nobody could renew warn two weeks ahead', async () => {
    const door = await open();
    const kept = parts.sealer.open;
    parts.sealer.open = () => {
      throw new Error('the keys are locked');
    };
    now += validity.hubMilliseconds - 13 * 86_400_000;
    await door.look();
    parts.sealer.open = kept;
    expect(troubles.map(({ code }) => code)).toEqual(['certificates-unreadable', 'certificate-expires-soon']);
    expect(door.shown().chain).toContain('BEGIN CERTIFICATE');
    await door.look();
    expect(new X509Certificate(door.shown().chain).validToDate.getTime()).toBeGreaterThan(now + 80 * 86_400_000);
  });
});
