import { spawn } from 'node:child_process';
import { existsSync } from 'node:fs';
import { request as plainRequest } from 'node:http';
import { request } from 'node:https';
import { connect as plainConnect } from 'node:net';
import { type ConnectionOptions, connect, type TLSSocket } from 'node:tls';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { createAuthority, issueForRequest, newRequest } from '../../adapters/certificates/sign.ts';
import { type RunningServer, startServer } from '../server.ts';
import { started, type TestParts, testParts } from '../testServer.ts';
import { type TestDoor, testDoor } from './testDoor.ts';

const noOpenssl = existsSync('/usr/bin/openssl') ? null : 'no /usr/bin/openssl: apt-get install openssl';
let door: TestDoor;
let parts: TestParts;
let server: RunningServer;

beforeEach(async () => {
  door = await testDoor();
  parts = testParts({ tls: door.certificates });
  server = await started(parts);
});
afterEach(async () => {
  await server.close();
  door.remove();
});

interface Got {
  status: number;
  headers: { [name: string]: string | string[] | undefined };
  body: string;
  code: string | undefined;
}

function get(
  path: string,
  options: ConnectionOptions & { headers?: { [name: string]: string }; servername?: string | undefined } = {},
) {
  return new Promise<Got>((resolve, reject) => {
    const { port } = server.address;
    const asked = request({ host: '127.0.0.1', port, path, ca: door.ca, agent: false, ...options }, (response) => {
      let body = '';
      response.setEncoding('utf8');
      response.on('data', (more: string) => {
        body += more;
      });
      response.on('end', () => {
        const code = body.startsWith('{"error"') ? JSON.parse(body).error.code : undefined;
        resolve({ status: response.statusCode ?? 0, headers: response.headers, body, code });
      });
    });
    asked.on('error', reject);
    asked.end();
  });
}

/** A handshake, and the connection it made. */
function handshake(options: ConnectionOptions): Promise<TLSSocket> {
  return new Promise((resolve, reject) => {
    const socket = connect({ host: '127.0.0.1', port: server.address.port, ca: door.ca, ...options }, () =>
      resolve(socket),
    );
    socket.on('error', reject);
  });
}
const failureOf = async (options: ConnectionOptions): Promise<string> =>
  handshake(options).then(
    (socket) => {
      socket.destroy();
      return 'connected';
    },
    (error: Error & { code?: string }) => error.code ?? error.message,
  );

describe('TLS at the door', () => {
  it('is trusted by whoever installed the authority, under each name, and says https', async () => {
    expect(server.address.url).toBe(`https://localhost:${server.address.port}`);
    expect((await get('/api/health')).status).toBe(200);
    expect((await get('/api/health', { servername: 'localhost', headers: { host: 'localhost' } })).status).toBe(200);
    await expect(get('/api/health', { ca: [] })).rejects.toThrow(/self-signed|unable to/);
  });

  it('gives its authority to install, and says by which fingerprint to check it', async () => {
    const { status, headers, body } = await get('/api/authority.pem');
    expect([status, headers['content-type'], body]).toEqual([200, 'application/x-pem-file', door.ca]);
    expect(door.certificates.authority?.fingerprint).toMatch(/^(?:[0-9A-F]{2}:){31}[0-9A-F]{2}$/);
  });

  it('demands HTTPS of browsers for its names, never for this whole machine', async () => {
    expect((await get('/api/health')).headers['strict-transport-security']).toBeUndefined();
    await server.close();
    door.remove();
    door = await testDoor(['reflexe.test', 'localhost', '127.0.0.1']);
    parts = testParts({ tls: door.certificates });
    server = await started(parts);
    const named = await get('/api/health', { headers: { host: 'reflexe.test' }, servername: 'reflexe.test' });
    expect(named.headers['strict-transport-security']).toBe('max-age=31536000');
  });

  it('answers under the names of its certificate only', async () => {
    expect(await get('/api/health', { headers: { host: 'rebound.example' }, servername: 'localhost' })).toMatchObject({
      status: 421,
      code: 'host-unknown',
    });
  });

  it('gives cookies bound to this very host', async () => {
    const { token } = await parts.someone('anne', [{ role: 'administrator', scope: 'establishment' }]);
    const cookie = (name: string) => get('/api/session', { headers: { cookie: `${name}=${token}` } });
    expect((await cookie('__Host-reflexe-session')).status).toBe(200);
    expect((await cookie('reflexe-session')).status).toBe(401);
  });

  it.each(['TLSv1', 'TLSv1.1'] as const)('refuses %s', async (version) => {
    const ciphers = 'DEFAULT@SECLEVEL=0';
    expect(await failureOf({ minVersion: version, maxVersion: version, ciphers })).toMatch(/PROTOCOL_VERSION|ERR_SSL/);
  });

  it('speaks 1.3, and 1.2 with forward secrecy and authenticated encryption only', async () => {
    const newest = await handshake({});
    expect(newest.getProtocol()).toBe('TLSv1.3');
    newest.destroy();
    const older = await handshake({ maxVersion: 'TLSv1.2' });
    expect([older.getProtocol(), older.getCipher().name]).toEqual([
      'TLSv1.2',
      expect.stringMatching(/^ECDHE-ECDSA-.*(GCM|POLY1305)/),
    ]);
    older.destroy();
    for (const ciphers of ['AES128-SHA', 'ECDHE-ECDSA-AES128-SHA', 'ECDHE-ECDSA-AES128-SHA256', 'AES128-GCM-SHA256']) {
      expect(await failureOf({ maxVersion: 'TLSv1.2', ciphers }), ciphers).toMatch(/HANDSHAKE_FAILURE/);
    }
  });

  it('speaks no other protocol than HTTP/1.1 (ALPN)', async () => {
    const chosen = await handshake({ ALPNProtocols: ['h2', 'http/1.1'] });
    expect(chosen.alpnProtocol).toBe('http/1.1');
    chosen.destroy();
    expect(await failureOf({ ALPNProtocols: ['h2'] })).toMatch(/NO_APPLICATION_PROTOCOL/);
    expect(await failureOf({ ALPNProtocols: ['ftp'] })).toMatch(/NO_APPLICATION_PROTOCOL/);
  });

  it('does not renegotiate', async (test) => {
    if (noOpenssl !== null) return test.skip(noOpenssl);
    const client = spawn('openssl', ['s_client', '-connect', `127.0.0.1:${server.address.port}`, '-tls1_2']);
    let said = '';
    const ended = new Promise((resolve) => client.once('close', resolve));
    const ready = new Promise<void>((resolve) => {
      const hear = (chunk: Buffer) => {
        said += String(chunk);
        if (said.includes('Extended master secret')) resolve();
      };
      client.stdout.on('data', hear);
      client.stderr.on('data', hear);
    });
    await ready;
    client.stdin.write('R\n');
    await ended;
    expect(said).toMatch(/RENEGOTIATING/);
    expect(said).toMatch(/no renegotiation|handshake failure/i);
  });

  it('resumes sessions, until its tickets are changed', async () => {
    /** One request over a connection of its own: whether it resumed, and the last ticket it was given. */
    const sessionOf = (options: ConnectionOptions = {}) =>
      new Promise<{ session: Buffer | undefined; reused: boolean }>((resolve, reject) => {
        const socket = connect({ host: '127.0.0.1', port: server.address.port, ca: door.ca, ...options });
        let session: Buffer | undefined;
        socket.once('error', reject);
        socket.on('session', (given) => {
          session = given;
        });
        let reused = false;
        socket.once('secureConnect', () => {
          reused = socket.isSessionReused();
        });
        socket.on('close', () => resolve({ session, reused }));
        socket.resume();
        socket.write('GET /api/health HTTP/1.1\r\nhost: localhost\r\nconnection: close\r\n\r\n');
      });
    const { session } = await sessionOf();
    expect((await sessionOf(session === undefined ? {} : { session })).reused).toBe(true);
    await server.close();
    parts = testParts({ tls: door.certificates, limits: { ticketMilliseconds: 1 } });
    server = await started(parts);
    // The ticket given by the server that is gone is under no key of this one, and a ticket of this one soon neither.
    const fresh = (await sessionOf()).session;
    while ((await sessionOf(fresh === undefined ? {} : { session: fresh })).reused);
  });

  it('shows a renewed certificate without closing: connections go on', async () => {
    const old = await handshake({});
    const serial = old.getPeerX509Certificate()?.serialNumber;
    door.setNow(Date.now() + 70 * 86_400_000);
    await door.certificates.look();
    const fresh = await handshake({ rejectUnauthorized: false });
    expect(fresh.getPeerX509Certificate()?.serialNumber).not.toBe(serial);
    fresh.destroy();
    const answered = new Promise<string>((resolve) => old.once('data', (chunk: Buffer) => resolve(chunk.toString())));
    old.write('GET /api/health HTTP/1.1\r\nhost: localhost\r\n\r\n');
    expect(await answered).toMatch(/^HTTP\/1\.1 200/);
    old.destroy();
  });

  it('lets go who begins a handshake and does not go on, or says nothing', async () => {
    await server.close();
    parts = testParts({ tls: door.certificates, limits: { handshakeMilliseconds: 100 } });
    server = await started(parts);
    const lingering = (first: string | Buffer) =>
      new Promise<void>((resolve) => {
        const socket = plainConnect(server.address.port, '127.0.0.1', () => socket.write(first));
        socket.on('error', () => undefined);
        socket.resume();
        socket.on('close', () => resolve());
      });
    await Promise.all([lingering(''), lingering(Buffer.from([0x16])), lingering(Buffer.from([0x16, 3, 1, 2, 0, 1]))]);
  });
});

describe('plain HTTP', () => {
  const plain = (port: number, path: string, options: { method?: string; headers?: { [name: string]: string } } = {}) =>
    new Promise<Got>((resolve, reject) => {
      const asked = plainRequest({ host: '127.0.0.1', port, path, agent: false, ...options }, (response) => {
        let body = '';
        response.on('data', (chunk: Buffer) => {
          body += chunk.toString();
        });
        response.on('end', () =>
          resolve({ status: response.statusCode ?? 0, headers: response.headers, body, code: undefined }),
        );
      });
      asked.on('error', reject);
      asked.end();
    });

  it('gets the way to HTTPS on the very same port, and nothing else', async () => {
    const { port } = server.address;
    for (const [path, method] of [
      ['/', 'GET'],
      ['/api/session?token=secret', 'GET'],
      ['/api/sign-in', 'POST'],
    ] as const) {
      const got = await plain(port, path, { method, headers: { host: `localhost:${port}` } });
      expect([got.status, got.headers.location, got.body]).toEqual([
        308,
        `https://localhost:${port}${path.split('?')[0]}`,
        '',
      ]);
      expect(got.headers['set-cookie']).toBeUndefined();
    }
  });

  it('is never led elsewhere than to this hub', async () => {
    const { port } = server.address;
    for (const host of [
      'evil.example',
      'localhost@evil.example',
      'evil.example:443',
      '[::1',
      'localhost.evil.example',
    ]) {
      const got = await plain(port, '//evil.example/x', { headers: { host } });
      expect(new URL(String(got.headers.location)).origin, host).toBe(`https://localhost:${port}`);
    }
    const absolute = await plain(port, 'http://evil.example/x', { headers: { host: 'evil.example' } });
    expect(new URL(String(absolute.headers.location)).origin).toBe(`https://localhost:${port}`);
  });

  it('gets the same on a second port, if there is one', async () => {
    await server.close();
    const both = await startServer({ ...parts.options, redirectPort: 0 });
    if (!both.ok) throw new Error(both.refusal.message);
    server = both.value;
    const { redirectPort = 0, port } = server.address;
    expect(redirectPort).not.toBe(port);
    expect((await plain(redirectPort, '/board')).headers.location).toBe(`https://127.0.0.1:${port}/board`);
    await server.close();
    await expect(plain(redirectPort, '/')).rejects.toThrow(/ECONNREFUSED/);
  });

  it('nor TLS is, on an address this machine has not', async () => {
    const refused = await startServer({ ...parts.options, host: '192.0.2.1' });
    expect(refused).toMatchObject({ ok: false, refusal: { code: 'address-unknown', where: '192.0.2.1' } });
  });

  it('is not served at all on an address others can reach', async () => {
    const refused = await startServer({ ...testParts().options, host: '0.0.0.0' });
    expect(refused).toMatchObject({ ok: false, refusal: { code: 'tls-needed', where: '0.0.0.0' } });
  });
});

describe('sites and boxes, by their certificates', () => {
  const north = { role: 'site', id: 'north' } as const;
  const self = (options: ConnectionOptions = {}) => get('/api/sites/self', options);

  it('are known by name; everybody else is not', async () => {
    const { key, cert } = await door.site(north);
    expect(JSON.parse((await self({ key, cert })).body)).toEqual(north);
    const box = await door.site({ role: 'box', id: 'box-1' });
    expect(JSON.parse((await self(box)).body)).toEqual({ role: 'box', id: 'box-1' });
    expect(await self()).toMatchObject({ status: 401, code: 'site-unknown' });
    const { cookie } = await parts.someone('anne', [{ role: 'administrator', scope: 'establishment' }]);
    expect(await get('/api/sites/self', { headers: { cookie: `__Host-${cookie}` } })).toMatchObject({
      status: 401,
      code: 'site-unknown',
    });
  });

  it('are nobody where people are asked', async () => {
    expect(await get('/api/worlds', await door.site(north))).toMatchObject({ status: 401, code: 'signed-out' });
  });

  it('whose certificate expired are told so, on every route, and the log says which', async () => {
    door.setNow(Date.now() - 400 * 86_400_000);
    const expired = await door.site(north);
    for (const path of ['/api/sites/self', '/api/health', '/']) {
      expect(await get(path, expired), path).toMatchObject({ status: 403, code: 'certificate-expired' });
    }
    expect(parts.logged.map((line) => JSON.parse(line))).toContainEqual(
      expect.objectContaining({ level: 40, msg: 'certificate refused', serial: expired.serial }),
    );
  });

  it('of another authority are told so', async () => {
    const other = await createAuthority('Test', { names: ['localhost'], networks: [] }, Date.now());
    const { key, request: csr } = await newRequest(north);
    const stranger = await issueForRequest(other, north, csr, Date.now());
    if (!stranger.ok) throw new Error(stranger.refusal.code);
    expect(await self({ key, cert: stranger.value })).toMatchObject({ status: 403, code: 'certificate-unknown' });
  });

  it('that show a certificate made to serve are told so', async () => {
    const { key, chain } = door.certificates.shown();
    expect(await self({ key, cert: chain })).toMatchObject({ status: 403, code: 'certificate-unknown' });
  });

  it('revoked are refused at their next request, on the connection they have and on a resumed session', async () => {
    const { key, cert, serial } = await door.site(north);
    const socket = await handshake({ key, cert, maxVersion: 'TLSv1.2' });
    const ask = () =>
      new Promise<string>((resolve) => {
        socket.once('data', (chunk: Buffer) => resolve(chunk.toString()));
        socket.write('GET /api/sites/self HTTP/1.1\r\nhost: localhost\r\n\r\n');
      });
    expect(await ask()).toMatch(/^HTTP\/1\.1 200/);
    const session = socket.getSession();
    await door.revoke(serial);
    expect(await ask()).toMatch(/^HTTP\/1\.1 403 .*certificate-revoked/s);
    socket.destroy();
    expect(await self({ key, cert })).toMatchObject({ status: 403, code: 'certificate-revoked' });
    // Resumed without the certificate's key: whoever copied the session is at best nobody.
    expect((await self({ session, maxVersion: 'TLSv1.2' })).status).toBeGreaterThanOrEqual(401);
  });

  it('are not believed by a header', async () => {
    const headers = {
      'x-ssl-client-cert': (await door.site(north)).cert.replace(/\n/g, ' '),
      'x-client-verify': 'SUCCESS',
    };
    expect(await get('/api/sites/self', { headers })).toMatchObject({ status: 401, code: 'site-unknown' });
  });
});
