import { mkdirSync, mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { request } from 'node:http';
import { connect } from 'node:net';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { brotliCompressSync, brotliDecompressSync, gzipSync } from 'node:zlib';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import type { RefusedBody } from './protocol.ts';
import { type RunningServer, startServer } from './server.ts';
import { follow } from './testFeed.ts';
import { started, type TestParts, testParts } from './testServer.ts';

let parts: TestParts;
let server: RunningServer;
let webRoot: string;
const page = '<!doctype html><title>Reflexe</title><script type="module" src="/assets/app-1a2b.js"></script>';
const script = `console.log(${JSON.stringify('reflexe '.repeat(200))})`;

beforeEach(async () => {
  webRoot = mkdtempSync(join(tmpdir(), 'reflexe-web-'));
  mkdirSync(join(webRoot, 'assets'));
  writeFileSync(join(webRoot, 'index.html'), page);
  writeFileSync(join(webRoot, '.secret'), 'hidden');
  writeFileSync(join(webRoot, 'assets/app-1a2b.js'), script);
  writeFileSync(join(webRoot, 'assets/app-1a2b.js.br'), brotliCompressSync(script));
  writeFileSync(join(webRoot, 'assets/app-1a2b.js.gz'), gzipSync(script));
  writeFileSync(join(webRoot, 'assets/only-3c4d.js'), script);
  parts = testParts({ webRoot, limits: { headersMilliseconds: 100, requestMilliseconds: 200 } });
  server = await started(parts);
});
afterEach(async () => {
  await server.close();
  rmSync(webRoot, { recursive: true });
});

/** One request as written, what came back, and the connection's end. */
function raw(text: string): Promise<string> {
  return new Promise((resolve, reject) => {
    const socket = connect(server.address.port, '127.0.0.1');
    let answered = '';
    socket.setEncoding('utf8');
    socket.on('data', (more) => {
      answered += more;
    });
    socket.on('error', reject);
    socket.on('close', () => resolve(answered));
    socket.write(text);
  });
}
const refusedIn = (answered: string): RefusedBody =>
  JSON.parse(answered.slice(answered.indexOf('\r\n\r\n') + 4)) as RefusedBody;

/** Not `fetch`: it would decompress, and normalise the path, before anyone could look. */
function get(path: string, headers: { [name: string]: string } = {}, method = 'GET') {
  return new Promise<{ status: number; headers: { [name: string]: string | string[] | undefined }; body: Buffer }>(
    (resolve, reject) => {
      const asked = request(
        { host: '127.0.0.1', port: server.address.port, path, headers, method, agent: false },
        (response) => {
          const chunks: Buffer[] = [];
          response.on('data', (chunk: Buffer) => chunks.push(chunk));
          response.on('end', () =>
            resolve({ status: response.statusCode ?? 0, headers: response.headers, body: Buffer.concat(chunks) }),
          );
        },
      );
      asked.on('error', reject);
      asked.end();
    },
  );
}

describe('starting', () => {
  it('says under which address', () => {
    expect(server.address.url).toBe(`http://localhost:${server.address.port}`);
  });

  it('refuses a port already taken, names it and says what to do', async () => {
    const { port } = server.address;
    expect(await startServer({ ...testParts().options, port })).toMatchObject({
      ok: false,
      refusal: {
        code: 'port-taken',
        where: `127.0.0.1:${port}`,
        message: expect.stringContaining(String(port)),
        cure: expect.any(String),
      },
    });
    expect((await get('/api/health')).status).toBe(200);
  });

  it('refuses an address this machine has not', async () => {
    expect(await startServer({ ...testParts().options, host: 'no-such-machine.invalid' })).toMatchObject({
      refusal: { code: 'address-unknown' },
    });
  });

  it('ends its feeds when it closes', async () => {
    const { cookie } = await parts.someone('anne', [{ role: 'administrator', scope: 'establishment' }]);
    const feed = await follow(`http://127.0.0.1:${server.address.port}/api/worlds/live/feed?views=lines`, { cookie });
    await feed.until(({ values }) => values.lines !== undefined);
    await server.close();
    await feed.ended;
    expect(feed.messages.some(({ kind }) => kind === 'cut')).toBe(false);
  });
});

describe('a client that', () => {
  it('sends too much of a header is told so', async () => {
    const answered = await raw(`GET / HTTP/1.1\r\nhost: localhost\r\nx-large: ${'x'.repeat(20_000)}\r\n\r\n`);
    expect(answered).toMatch(/^HTTP\/1\.1 431 /);
    expect(refusedIn(answered).error.code).toBe('header-too-large');
  });

  it('dribbles its header is let go', async () => {
    const answered = await raw('GET /api/health HTTP/1.1\r\nhost: localhost\r\nx-slow: ');
    expect(answered).toMatch(/^HTTP\/1\.1 408 /);
    expect(refusedIn(answered).error).toMatchObject({ code: 'request-too-slow', retryable: true });
  });

  it('dribbles its body is let go', async () => {
    const answered = await raw(
      'POST /api/sign-in HTTP/1.1\r\nhost: localhost\r\nx-reflexe: 1\r\ncontent-type: application/json\r\ncontent-length: 100\r\n\r\n{"name"',
    );
    expect(answered).toMatch(/^HTTP\/1\.1 408 /);
  });

  it.each([
    ['speaks no HTTP', 'EHLO hospital\r\n\r\n'],
    [
      'gives two lengths',
      'POST /api/sign-in HTTP/1.1\r\nhost: localhost\r\ncontent-length: 5\r\ncontent-length: 6\r\n\r\n12345',
    ],
    [
      'gives a length and chunks',
      'POST /api/sign-in HTTP/1.1\r\nhost: localhost\r\ncontent-length: 4\r\ntransfer-encoding: chunked\r\n\r\n0\r\n\r\n',
    ],
    [
      'hides a second request in a header',
      'GET /api/health HTTP/1.1\r\nhost: localhost\r\nx: a\rGET /admin HTTP/1.1\r\n\r\n',
    ],
    ['names no host', 'GET /api/health HTTP/1.1\r\n\r\n'],
  ])('%s is refused', async (_, text) => {
    expect(await raw(text)).toMatch(/^HTTP\/1\.1 4\d\d /);
  });

  it('asks for a broken URL is told', async () => {
    for (const path of ['/api/worlds/%E0%A4%A/feed', '/%']) {
      const answered = await get(path);
      expect([answered.status, JSON.parse(answered.body.toString()).error.code]).toEqual([400, 'request-malformed']);
    }
  });
});

describe('the interface', () => {
  it('is one page for every place inside it, never cached, under a strict policy', async () => {
    for (const path of ['/', '/worlds/live/board', '/sign-in?x=1']) {
      const answered = await get(path, { accept: 'text/html,*/*' });
      expect([answered.status, answered.body.toString()], path).toEqual([200, page]);
      expect(answered.headers['cache-control']).toBe('no-cache');
      expect(answered.headers['content-type']).toMatch(/^text\/html/);
      const policy = String(answered.headers['content-security-policy']);
      expect(policy).toContain("default-src 'none'");
      expect(policy).toContain("frame-ancestors 'none'");
      expect(policy).not.toMatch(/unsafe|\*|https?:|data:|upgrade-insecure/);
      expect(answered.headers).toMatchObject({
        'x-content-type-options': 'nosniff',
        'cross-origin-opener-policy': 'same-origin',
        'referrer-policy': 'no-referrer',
      });
    }
  });

  it('gives its assets for ever, compressed as the browser can read them', async () => {
    const asset = '/assets/app-1a2b.js';
    const brotli = await get(asset, { 'accept-encoding': 'gzip, br' });
    expect(brotli.headers).toMatchObject({
      'content-encoding': 'br',
      'content-type': expect.stringMatching(/javascript/),
      'cache-control': 'public, max-age=31536000, immutable',
      vary: expect.stringMatching(/accept-encoding/i),
    });
    expect(brotliDecompressSync(brotli.body).toString()).toBe(script);
    expect((await get(asset, { 'accept-encoding': 'gzip' })).headers['content-encoding']).toBe('gzip');
    const plain = await get(asset, { 'accept-encoding': 'identity' });
    expect([plain.headers['content-encoding'], plain.body.toString()]).toEqual([undefined, script]);
    const only = await get('/assets/only-3c4d.js', { 'accept-encoding': 'br' });
    expect([only.headers['content-encoding'], only.body.toString()]).toEqual([undefined, script]);
    expect((await get(asset, {}, 'HEAD')).body.length).toBe(0);
    expect((await get(asset, { 'accept-encoding': 'br;q=0, gzip;q=0.5' })).headers['content-encoding']).toBe('gzip');
    expect((await get(asset, { 'accept-encoding': 'br;q=0, gzip; q=0.0' })).body.toString()).toBe(script);
    const part = await get(asset, { range: 'bytes=0-10' });
    expect([part.status, part.body.toString()]).toEqual([206, script.slice(0, 11)]);
    // Read once: a build that replaces the files does not break the pages that are open.
    rmSync(join(webRoot, asset));
    expect((await get(asset, { 'accept-encoding': 'identity' })).body.toString()).toBe(script);
  });

  it('has nothing outside its folder, and nothing hidden', async () => {
    for (const path of [
      '/../../../../etc/passwd',
      '/assets/../../../../../etc/passwd',
      '/%2e%2e/%2e%2e/%2e%2e/etc/passwd',
      '/assets/..%2f..%2f..%2fetc%2fpasswd',
      '/..%5c..%5cetc/passwd',
      '/.secret',
      '/assets/.hidden',
      '/assets/missing.js',
      '/assets/app-1a2b.js%00.html',
      '//etc/passwd',
      '/assets',
    ]) {
      const answered = await get(path, { accept: '*/*' });
      expect(answered.status, path).toBeGreaterThanOrEqual(400);
      expect(answered.status, path).toBeLessThan(500);
      expect(answered.body.toString(), path).not.toMatch(/root:|hidden/);
      expect(answered.headers['cache-control'], path).toBe('no-store');
    }
  });

  it('answers the API’s unknown places in its own words, uncached', async () => {
    const answered = await get('/api/nothing', { accept: 'text/html' });
    expect([answered.status, JSON.parse(answered.body.toString()).error.code]).toEqual([404, 'not-found']);
    expect(answered.headers['cache-control']).toBe('no-store');
    expect((await get('/nothing', {}, 'DELETE')).status).toBe(403);
  });
});
