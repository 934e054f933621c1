import { spawnSync } from 'node:child_process';
import { X509Certificate } from 'node:crypto';
import { existsSync, mkdtempSync, readdirSync, readFileSync, rmSync, statSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { memorySealer } from '../../access/memorySealer.ts';
import type { Result } from '../../journal/result.ts';
import { Authority, type AuthorityParts } from './authority.ts';
import { newRequest, validity } from './sign.ts';

const noOpenssl = existsSync('/usr/bin/openssl') ? null : 'no /usr/bin/openssl: apt-get install openssl';
const start = Date.now();
let folder: string;
let parts: AuthorityParts;
let now: number;

beforeEach(() => {
  folder = mkdtempSync(join(tmpdir(), 'reflexe-certificates-'));
  now = start;
  const names = ['reflexe.chu-exemple.test', 'hub-1', '192.0.2.7', '10.1.2.3', 'localhost', '::1'];
  parts = {
    folder: join(folder, 'certificates'),
    establishment: 'CHU d’Exemple',
    sealer: memorySealer(),
    names,
    now: () => now,
  };
});
afterEach(() => rmSync(folder, { recursive: true }));

function value<Value>(result: Result<Value>): Value {
  if (!result.ok) throw new Error(`${result.refusal.code}: ${result.refusal.message}`);
  return result.value;
}
const opened = async (makeNew = false) => value(await Authority.open(parts, makeNew));
const site = { role: 'site', id: 'north' } as const;
const issued = async (authority: Authority) =>
  new X509Certificate(value(await authority.issue(site, (await newRequest(site)).request)));

/** What OpenSSL, which is not Node's library, says of a certificate. */
function verified(authority: string, certificate: string, ...more: string[]): string {
  const [anchor, file] = [join(folder, 'anchor.pem'), join(folder, 'one.pem')];
  writeFileSync(anchor, authority);
  writeFileSync(file, certificate);
  const { stdout, stderr } = spawnSync('openssl', ['verify', '-x509_strict', '-CAfile', anchor, ...more, file], {
    encoding: 'utf8',
  });
  return stdout + stderr;
}

describe('the authority of a hospital', () => {
  it('is made once, and vouches for the hub under its names and addresses', async (test) => {
    if (noOpenssl !== null) return test.skip(noOpenssl);
    const authority = await opened();
    const hub = value(await authority.renewHub());
    for (const name of ['reflexe.chu-exemple.test', 'hub-1', 'localhost']) {
      const said = verified(authority.certificate, hub.certificate, '-purpose', 'sslserver', '-verify_hostname', name);
      expect(said).toMatch(/: OK\n$/);
    }
    for (const address of ['192.0.2.7', '10.1.2.3', '::1']) {
      const said = verified(authority.certificate, hub.certificate, '-purpose', 'sslserver', '-verify_ip', address);
      expect(said).toMatch(/: OK\n$/);
    }
    expect(verified(authority.certificate, hub.certificate, '-purpose', 'sslclient')).toContain(
      'unsuitable certificate purpose',
    );
    const again = await opened();
    expect(again.fingerprint).toBe(authority.fingerprint);
    expect(again.hub()).toEqual(hub);
  });

  it('is bound to its names: stolen, it does not speak for a bank', async (test) => {
    if (noOpenssl !== null) return test.skip(noOpenssl);
    const authority = await opened();
    // What a thief of the key would make: the same authority, signing what it never permits itself.
    const { issueHub } = await import('./sign.ts');
    const record = JSON.parse(readFileSync(join(parts.folder, 'authority.json'), 'utf8'));
    const what = `certificates.authority:${authority.fingerprint}`;
    const key = new TextDecoder().decode(parts.sealer.open(what, Buffer.from(record.sealedKey, 'base64')));
    for (const stranger of ['bank.example', '198.51.100.1', 'evilreflexe.chu-exemple.test']) {
      const forged = await issueHub({ key, certificate: authority.certificate }, [stranger], now);
      expect(verified(authority.certificate, forged.certificate, '-purpose', 'sslserver'), stranger).toContain(
        'permitted subtree violation',
      );
    }
  });

  it('refuses a first name outside what it may certify, and leaves such an address out', async () => {
    await opened();
    parts = { ...parts, names: ['other.example', 'localhost'] };
    expect(await (await opened()).renewHub()).toMatchObject({
      refusal: { code: 'name-outside-authority', where: 'other.example' },
    });
    parts = { ...parts, names: ['localhost', '203.0.113.9'] };
    const hub = value(await (await opened()).renewHub());
    expect(new X509Certificate(hub.certificate).subjectAltName).toBe('DNS:localhost');
  });

  it('keeps no key in clear, and nothing for others to read', async () => {
    const authority = await opened();
    await authority.renewHub();
    await issued(authority);
    const files = readdirSync(parts.folder, { recursive: true, encoding: 'utf8' }).map((name) =>
      join(parts.folder, name),
    );
    const plain = files.filter((file) => statSync(file).isFile());
    expect(plain.length).toBeGreaterThanOrEqual(5);
    for (const file of plain) {
      expect(readFileSync(file, 'utf8'), file).not.toContain('PRIVATE KEY');
      expect(statSync(file).mode & 0o077, file).toBe(0);
    }
    for (const file of files.filter((one) => statSync(one).isDirectory()))
      expect(statSync(file).mode & 0o077, file).toBe(0);
  });

  it('renews the hub’s certificate when a month is left, when a name is new, and when it was revoked', async () => {
    const first = value(await (await opened()).renewHub());
    expect((await opened()).hub()).toEqual(first);
    now = start + validity.hubMilliseconds - validity.renewBeforeMilliseconds + 1_000;
    expect((await opened()).hub()).toBeUndefined();
    now = start;
    parts = { ...parts, names: [...parts.names, '10.9.9.9'] };
    expect((await opened()).hub()).toBeUndefined();
    parts = { ...parts, names: parts.names.slice(0, 3) };
    const authority = await opened();
    expect(authority.hub()).toEqual(first);
    value(authority.revoke(new X509Certificate(first.certificate).serialNumber, 'copied'));
    expect((await opened()).hub()).toBeUndefined();
  });

  it('made anew, vouches no more for what the former one issued', async (test) => {
    if (noOpenssl !== null) return test.skip(noOpenssl);
    const former = await opened();
    const hub = value(await former.renewHub());
    const fresh = await opened(true);
    expect(fresh.fingerprint).not.toBe(former.fingerprint);
    expect(fresh.hub()).toBeUndefined();
    expect(verified(fresh.certificate, hub.certificate)).toMatch(/error|failed/);
  });
});

describe('a certificate of a site', () => {
  it('says which site it is, is good to ask and not to serve', async (test) => {
    if (noOpenssl !== null) return test.skip(noOpenssl);
    const authority = await opened();
    const certificate = await issued(authority);
    expect(certificate.subjectAltName).toBe('URI:reflexe:site:north');
    expect(verified(authority.certificate, certificate.toString(), '-purpose', 'sslclient')).toMatch(/: OK\n$/);
    expect(verified(authority.certificate, certificate.toString(), '-purpose', 'sslserver')).toContain(
      'unsuitable certificate purpose',
    );
    expect(authority.issued()).toMatchObject([{ for: site, serial: certificate.serialNumber, revoked: null }]);
  });

  it('takes nothing of its request but the key', async (test) => {
    if (noOpenssl !== null) return test.skip(noOpenssl);
    const request = join(folder, 'site.csr');
    const asked = [
      'req',
      '-new',
      '-newkey',
      'ec',
      '-pkeyopt',
      'ec_paramgen_curve:P-256',
      '-nodes',
      '-keyout',
      join(folder, 'site.key'),
    ];
    const extra = [
      '-subj',
      '/CN=reflexe.chu-exemple.test/OU=administrator',
      '-addext',
      'basicConstraints=critical,CA:TRUE',
    ];
    const names = ['-addext', 'subjectAltName=DNS:reflexe.chu-exemple.test,URI:reflexe:box:other', '-out', request];
    expect(spawnSync('openssl', [...asked, ...extra, ...names]).status).toBe(0);
    const certificate = new X509Certificate(value(await (await opened()).issue(site, readFileSync(request, 'utf8'))));
    expect([certificate.subjectAltName, certificate.ca, certificate.subject]).toEqual([
      'URI:reflexe:site:north',
      false,
      'CN=Reflexe site north\nOU=site',
    ]);
  });

  it.each([
    ['nothing', ''],
    ['a certificate', '-----BEGIN CERTIFICATE-----\nMIIB\n-----END CERTIFICATE-----\n'],
    ['a request cut short', '-----BEGIN CERTIFICATE REQUEST-----\nMIIBAAAA\n-----END CERTIFICATE REQUEST-----\n'],
  ])('is not issued for %s', async (_, request) => {
    const authority = await opened();
    expect(await authority.issue(site, request)).toMatchObject({ refusal: { code: 'certificate-request-refused' } });
    expect(authority.issued()).toEqual([]);
  });

  it('is not issued for a request whose signature is another’s, nor for a weak key', async (test) => {
    if (noOpenssl !== null) return test.skip(noOpenssl);
    const authority = await opened();
    const der = Buffer.from((await newRequest(site)).request.replace(/-----.*-----|\s/g, ''), 'base64');
    const last = der.length - 1;
    der[last] = (der[last] ?? 0) ^ 1;
    const altered = `-----BEGIN CERTIFICATE REQUEST-----\n${der.toString('base64')}\n-----END CERTIFICATE REQUEST-----\n`;
    expect(await authority.issue(site, altered)).toMatchObject({ refusal: { code: 'certificate-request-refused' } });
    const rsa = spawnSync(
      'openssl',
      ['req', '-new', '-newkey', 'rsa:1024', '-nodes', '-keyout', join(folder, 'weak.key'), '-subj', '/CN=x'],
      { encoding: 'utf8' },
    );
    expect(await authority.issue(site, rsa.stdout)).toMatchObject({ refusal: { code: 'certificate-request-refused' } });
  });

  it('is revoked for good, by its serial number however it is written', async () => {
    const authority = await opened();
    const { serialNumber } = await issued(authority);
    const written = serialNumber.toLowerCase().replace(/..(?!$)/g, '$&:');
    expect(authority.revoke(written, 'laptop lost')).toMatchObject({
      ok: true,
      value: { revoked: { reason: 'laptop lost' } },
    });
    expect(authority.revoke(serialNumber, 'again')).toMatchObject({ value: { revoked: { reason: 'laptop lost' } } });
    expect([...(await opened()).revoked()]).toEqual([serialNumber]);
    expect(authority.revoke('00FF', 'x')).toMatchObject({ refusal: { code: 'certificate-missing' } });
  });
});
