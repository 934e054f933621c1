import { spawnSync } from 'node:child_process';
import { chmodSync, existsSync, mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { readSupplied } from './supplied.ts';

const missing = existsSync('/usr/bin/openssl') ? null : 'no /usr/bin/openssl: apt-get install openssl';
// Later than what is made below: a certificate of this very second is not valid the second before.
const now = Date.now() + 3_600_000;
const day = 86_400_000;
let folder: string;
const at = (name: string) => join(folder, name);

function openssl(...args: string[]): void {
  const { status, stderr } = spawnSync('openssl', args, { encoding: 'utf8', cwd: folder });
  if (status !== 0) throw new Error(stderr);
}

/** A hospital's own authority with one between it and the servers, as an Active Directory has. */
beforeAll(() => {
  if (missing !== null) return;
  folder = mkdtempSync(join(tmpdir(), 'reflexe-supplied-'));
  const key = (name: string) => [
    '-newkey',
    'ec',
    '-pkeyopt',
    'ec_paramgen_curve:P-256',
    '-nodes',
    '-keyout',
    `${name}.key`,
  ];
  const from = (by: string) => ['-CA', `${by}.pem`, '-CAkey', `${by}.key`];
  openssl('req', '-x509', ...key('root'), '-subj', '/CN=Root', '-days', '30', '-out', 'root.pem');
  const authority = ['-addext', 'basicConstraints=critical,CA:TRUE'];
  openssl(
    'req',
    '-x509',
    ...key('between'),
    ...from('root'),
    '-subj',
    '/CN=Between',
    ...authority,
    '-days',
    '20',
    '-out',
    'between.pem',
  );
  const leaf = (name: string, days: string, ...more: string[]) =>
    openssl(
      'req',
      '-x509',
      ...key(name),
      ...from('between'),
      '-subj',
      '/CN=hub',
      ...more,
      '-addext',
      'basicConstraints=CA:FALSE',
      '-days',
      days,
      '-out',
      `${name}.pem`,
    );
  const names = ['-addext', 'subjectAltName=DNS:reflexe.chu.test,IP:10.0.0.5'];
  leaf('hub', '10', ...names);
  leaf('client', '10', ...names, '-addext', 'extendedKeyUsage=clientAuth');
  const read = (name: string) => readFileSync(at(name), 'utf8');
  writeFileSync(at('chain.pem'), read('hub.pem') + read('between.pem') + read('root.pem'));
  writeFileSync(at('upside-down.pem'), read('between.pem') + read('hub.pem'));
  writeFileSync(at('hole.pem'), read('hub.pem') + read('root.pem'));
  writeFileSync(at('garbage.pem'), '-----BEGIN CERTIFICATE-----\nAAAA\n-----END CERTIFICATE-----\n');
  writeFileSync(at('huge.pem'), 'x'.repeat(300_000));
  openssl('ec', '-in', 'hub.key', '-aes256', '-passout', 'pass:secret', '-out', 'locked.key');
  writeFileSync(at('open.key'), read('hub.key'));
  for (const name of ['hub', 'client', 'root', 'between', 'locked']) chmodSync(at(`${name}.key`), 0o600);
  chmodSync(at('open.key'), 0o640);
});
afterAll(() => {
  if (missing === null) rmSync(folder, { recursive: true });
});

describe('a supplied certificate', () => {
  it('is shown with its chain and its names', async (test) => {
    if (missing !== null) return test.skip(missing);
    const supplied = await readSupplied({ certificate: at('chain.pem'), key: at('hub.key') }, 'reflexe.chu.test', now);
    expect(supplied).toMatchObject({ ok: true, value: { names: ['reflexe.chu.test', '10.0.0.5'] } });
    expect(supplied.ok && supplied.value.chain.match(/BEGIN CERTIFICATE/g)?.length).toBe(3);
    expect((await readSupplied({ certificate: at('hub.pem'), key: at('hub.key') }, '10.0.0.5', now)).ok).toBe(true);
  });

  it.for([
    ['is missing', 'none.pem', 'hub.key', /a file this account may read/],
    ['is too large to be one', 'huge.pem', 'hub.key', /at most/],
    ['is no certificate', 'hub.key', 'hub.key', /a certificate in PEM/],
    ['is damaged', 'garbage.pem', 'hub.key', /readable X\.509/],
    ['comes after its authority', 'upside-down.pem', 'hub.key', /own certificate first/],
    ['lacks the one between', 'hole.pem', 'hub.key', /number 1 is not by number 2/],
    ['is for clients', 'client.pem', 'client.key', /to serve/],
    ['has another key', 'hub.pem', 'root.key', /the key of this certificate/],
    ['has a key under a passphrase', 'hub.pem', 'locked.key', /without a passphrase/],
    ['has a key that others can read', 'hub.pem', 'open.key', /chmod 600/],
  ] as const)('that %s is refused, with what is expected', async ([, certificate, key, expected], test) => {
    if (missing !== null) return test.skip(missing);
    const refused = await readSupplied({ certificate: at(certificate), key: at(key) }, undefined, now);
    expect(refused).toMatchObject({
      refusal: {
        code: 'supplied-certificate-refused',
        expected: expect.stringMatching(expected),
        where: expect.stringContaining(folder),
      },
    });
  });

  it('is refused out of its dates, or for another name', async (test) => {
    if (missing !== null) return test.skip(missing);
    const paths = { certificate: at('chain.pem'), key: at('hub.key') };
    for (const when of [now - day, now + 11 * day]) {
      expect(await readSupplied(paths, undefined, when)).toMatchObject({
        refusal: { expected: expect.stringMatching(/valid from/) },
      });
    }
    expect(await readSupplied(paths, 'other.chu.test', now)).toMatchObject({
      refusal: { expected: 'a certificate for other.chu.test: this one is for reflexe.chu.test, 10.0.0.5' },
    });
  });
});
