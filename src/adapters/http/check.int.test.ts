import { spawnSync } from 'node:child_process';
import { readFileSync, writeFileSync } from 'node:fs';
import { createServer, type RequestListener } from 'node:http';
import { createServer as createTlsServer } from 'node:https';
import type { AddressInfo } from 'node:net';
import { join } from 'node:path';
import { afterEach, describe, expect, test } from 'vitest';
import { secretsHolding, tryCheck } from '../fixtures/checking.ts';
import { installed, temporaryFolder } from '../fixtures/service.ts';

const closing: (() => Promise<unknown>)[] = [];
afterEach(async () => {
  for (const close of closing.splice(0)) await close();
});

async function serve(listener: RequestListener, tls?: { key: string; cert: string }): Promise<string> {
  const server = tls === undefined ? createServer(listener) : createTlsServer(tls, listener);
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
  closing.push(() => new Promise((resolve) => server.close(resolve)));
  const { port } = server.address() as AddressInfo;
  return `${tls === undefined ? 'http' : 'https'}://127.0.0.1:${port}`;
}
const ask = (url: string, more: object = {}, secrets = {}) =>
  tryCheck({ kind: 'http', url, ...more }, { edge: { secrets: secretsHolding(secrets) } });

describe('http check', () => {
  test('status, body and time are held against what is expected, and the body is not repeated', async () => {
    const url = await serve((request, response) => {
      response.statusCode = request.url === '/broken' ? 503 : request.url === '/moved' ? 302 : 200;
      response.end('<html>Dossier de DUPONT Jeanne: prêt</html>');
    });
    expect(await ask(url)).toMatchObject({ verdict: 'pass', measured: { status: 200, certificateDays: null } });
    expect(await ask(`${url}/moved`)).toMatchObject({ verdict: 'pass', measured: { status: 302 } });
    expect(await ask(`${url}/broken`)).toMatchObject({
      verdict: 'fail',
      code: 'http-status',
      failedConditions: [{ condition: 'status', expected: '200-399', observed: '503' }],
    });
    expect(await ask(`${url}/broken`, { expect: { status: [503] } })).toMatchObject({ verdict: 'pass' });
    expect(await ask(url, { expect: { bodyContains: ['Dossier', 'prêt'] } })).toMatchObject({ verdict: 'pass' });
    const missing = await ask(url, { expect: { bodyContains: 'en service' } });
    expect(missing).toMatchObject({ verdict: 'fail', code: 'http-body' });
    expect(JSON.stringify(missing)).not.toContain('DUPONT');
    expect(await ask(url, { method: 'HEAD' })).toMatchObject({ verdict: 'pass', measured: { bytes: 0 } });
  });

  test('credentials are sent by name, never told', async () => {
    let seen: string | undefined;
    const url = await serve((request, response) => {
      seen = request.headers.authorization;
      response.statusCode = 401;
      response.end(`no: ${seen}`);
    });
    const refused = await ask(url, { authorization: { user: 'reflexe', secret: 'ehr' } }, { ehr: 'p@ss' });
    expect(Buffer.from(seen?.slice('Basic '.length) ?? '', 'base64').toString()).toBe('reflexe:p@ss');
    expect(refused).toMatchObject({ verdict: 'fail', code: 'http-status' });
    expect(JSON.stringify(refused)).not.toMatch(/p@ss|cmVmbGV4/);
    await ask(url, { authorization: { bearer: 'ehr' } }, { ehr: 'token' });
    expect(seen).toBe('Bearer token');
    expect(await ask(url, { authorization: { bearer: 'absent' } })).toMatchObject({
      verdict: 'noAnswer',
      code: 'secret-missing',
      detail: 'absent',
    });
  });

  test('a body without end is read so far and no further', async () => {
    const url = await serve((_request, response) => {
      const more = () => {
        while (!response.destroyed && response.write(Buffer.alloc(65_536, 'x')));
      };
      response.on('drain', more);
      more();
    });
    expect(await ask(url)).toMatchObject({ verdict: 'pass', measured: { bytes: 1024 * 1024 } });
  });
});

/** `openssl req` dates from now on only; its authority signs for any time. */
function makeExpired(openssl: string, folder: string): { key: string; cert: string; ca: string } {
  const at = (name: string) => join(folder, name);
  writeFileSync(at('index.txt'), '');
  writeFileSync(
    at('ca.conf'),
    `[ca]\ndefault_ca=one\n[one]\ndatabase=${at('index.txt')}\nnew_certs_dir=${folder}\nrand_serial=yes\ndefault_md=sha256\npolicy=any\nx509_extensions=ext\n[any]\ncommonName=supplied\n[ext]\nsubjectAltName=IP:127.0.0.1\n`,
  );
  const key = [
    'req',
    '-new',
    '-newkey',
    'ec',
    '-pkeyopt',
    'ec_paramgen_curve:prime256v1',
    '-nodes',
    '-keyout',
    at('old.key'),
    '-out',
    at('old.csr'),
    '-subj',
    '/CN=ehr',
  ];
  const dates = ['-startdate', '20200101000000Z', '-enddate', '20200201000000Z'];
  const sign = [
    'ca',
    '-config',
    at('ca.conf'),
    '-batch',
    '-selfsign',
    '-keyfile',
    at('old.key'),
    '-in',
    at('old.csr'),
    '-out',
    at('old.pem'),
    '-notext',
    ...dates,
  ];
  for (const args of [key, sign]) {
    const ran = spawnSync(openssl, args, { encoding: 'utf8' });
    if (ran.status !== 0) throw new Error(ran.stderr);
  }
  return { key: readFileSync(at('old.key'), 'utf8'), cert: readFileSync(at('old.pem'), 'utf8'), ca: at('old.pem') };
}

describe('https check', () => {
  test('certificates: trusted by name, days left, expired, untrusted, of another name', async (context) => {
    const openssl = installed('/usr/bin/openssl', '/usr/local/bin/openssl', '/opt/homebrew/bin/openssl');
    if (openssl === undefined) return context.skip('openssl is not installed');
    await using folder = await temporaryFolder();
    const make = (name: string, days: string[], subject = 'IP:127.0.0.1') => {
      const [key, cert] = [join(folder.path, `${name}.key`), join(folder.path, `${name}.pem`)];
      const made = spawnSync(
        openssl,
        [
          'req',
          '-x509',
          '-newkey',
          'ec',
          '-pkeyopt',
          'ec_paramgen_curve:prime256v1',
          '-nodes',
          '-keyout',
          key,
          '-out',
          cert,
          '-subj',
          '/CN=ehr',
          '-addext',
          `subjectAltName=${subject}`,
          ...days,
        ],
        { encoding: 'utf8' },
      );
      if (made.status !== 0) throw new Error(made.stderr);
      return { key: readFileSync(key, 'utf8'), cert: readFileSync(cert, 'utf8'), ca: cert };
    };
    const ok = (_request: unknown, response: { end(text: string): void }) => response.end('ok');
    const long = make('long', ['-days', '90']);
    const url = await serve(ok, long);
    expect(await ask(url, { tls: { ca: long.ca } })).toMatchObject({
      verdict: 'pass',
      measured: { certificateDays: 89 },
    });
    expect(await ask(url)).toMatchObject({
      verdict: 'fail',
      code: 'tls-untrusted',
      detail: 'DEPTH_ZERO_SELF_SIGNED_CERT',
    });
    expect(await ask(url, { tls: { verify: false } })).toMatchObject({
      verdict: 'pass',
      measured: { certificateDays: 89 },
    });
    expect(await ask(url, { tls: { ca: 'nowhere.pem' } })).toMatchObject({
      verdict: 'noAnswer',
      code: 'file-unreadable',
    });
    expect(await ask(url, { tls: { ca: long.ca }, expect: { certificateDaysMin: 120 } })).toMatchObject({
      verdict: 'fail',
      code: 'certificate-ends-soon',
    });

    const short = make('short', ['-days', '5']);
    expect(await ask(await serve(ok, short), { tls: { ca: short.ca } })).toMatchObject({
      verdict: 'warn',
      code: 'certificate-ends-soon',
      measured: { certificateDays: 4 },
    });

    const other = make('other', ['-days', '90'], 'DNS:elsewhere.test');
    expect(await ask(await serve(ok, other), { tls: { ca: other.ca } })).toMatchObject({
      verdict: 'fail',
      code: 'tls-wrong-name',
    });

    const expired = makeExpired(openssl, folder.path);
    expect(await ask(await serve(ok, expired), { tls: { ca: expired.ca } })).toMatchObject({
      verdict: 'fail',
      code: 'tls-expired',
      detail: 'CERT_HAS_EXPIRED',
    });
  });
});
