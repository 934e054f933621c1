import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { memorySealer } from '../../access/memorySealer.ts';
import { Authority } from '../../adapters/certificates/authority.ts';
import { HubDoorCertificates } from '../../adapters/certificates/door.ts';
import { newRequest } from '../../adapters/certificates/sign.ts';
import type { Refusal, Result } from '../../journal/result.ts';
import type { SiteIdentity } from './ports.ts';

export interface TestDoor {
  certificates: HubDoorCertificates;
  /** PEM of who vouches for it. */
  ca: string;
  troubles: Refusal[];
  /** The door's own clock, which the machine's does not follow. */
  setNow(milliseconds: number): void;
  site(site: SiteIdentity): Promise<{ key: string; cert: string; serial: string }>;
  revoke(serial: string): Promise<void>;
  remove(): void;
}

function value<Value>(result: Result<Value>): Value {
  if (!result.ok) throw new Error(`${result.refusal.code}: ${result.refusal.message}`);
  return result.value;
}

/** Real certificates in a folder of their own, for tests of the door. */
export async function testDoor(names: readonly string[] = ['localhost', '127.0.0.1']): Promise<TestDoor> {
  const folder = mkdtempSync(join(tmpdir(), 'reflexe-tls-'));
  let now: number | undefined;
  const troubles: Refusal[] = [];
  const parts = {
    folder: join(folder, 'certificates'),
    establishment: 'Test',
    sealer: memorySealer(),
    names,
    now: () => now ?? Date.now(),
    onTrouble: (refusal: Refusal) => void troubles.push(refusal),
  };
  const certificates = value(await HubDoorCertificates.open(parts));
  return {
    certificates,
    ca: certificates.authority?.certificate ?? '',
    troubles,
    setNow: (milliseconds) => {
      now = milliseconds;
    },
    async site(site) {
      const { key, request } = await newRequest(site);
      const authority = value(await Authority.open(parts));
      const cert = value(await authority.issue(site, request));
      return {
        key,
        cert,
        serial: authority.issued().find(({ for: whom }) => whom !== 'hub' && whom.id === site.id)?.serial ?? '',
      };
    },
    async revoke(serial) {
      value(value(await Authority.open(parts)).revoke(serial, 'test'));
      await certificates.look();
    },
    remove() {
      certificates[Symbol.dispose]();
      rmSync(folder, { recursive: true });
    },
  };
}
