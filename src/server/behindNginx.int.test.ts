import { type ChildProcess, spawn } from 'node:child_process';
import { existsSync, mkdirSync, mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { connect as connectHttp2 } from 'node:http2';
import { createServer } from 'node:net';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, beforeAll, beforeEach, describe, expect, it } from 'vitest';
import { createAuthority, issueHub } from '../adapters/certificates/sign.ts';
import type { RunningServer } from './server.ts';
import { type RawAnswer, raw } from './testRaw.ts';
import { started, type TestParts, testParts } from './testServer.ts';

const nginx = '/usr/sbin/nginx';
const missing = existsSync(nginx) ? null : `no ${nginx}: apt-get install nginx-light`;
let folder: string;
let parts: TestParts;
let server: RunningServer;
let proxy: ChildProcess;
let port: number;
let securePort: number;
let ca: string;
let cookie: string;

async function freePort(): Promise<number> {
  const taken = createServer();
  await new Promise<void>((resolve) => taken.listen(0, '127.0.0.1', resolve));
  const bound = taken.address();
  await new Promise((resolve) => taken.close(resolve));
  return typeof bound === 'object' && bound ? bound.port : 0;
}

/** As a hospital's technician would write it, plus what leaves us the least protected: underscores let through, connections kept. */
const configuration = () => `
  daemon off; master_process off; pid ${folder}/nginx.pid; error_log ${folder}/error.log;
  events { worker_connections 256; }
  http {
    access_log off; underscores_in_headers on;
    ${['client_body', 'proxy', 'fastcgi', 'uwsgi', 'scgi'].map((name) => `${name}_temp_path ${folder}/${name};`).join(' ')}
    upstream reflexe { server 127.0.0.1:${server.address.port}; keepalive 4; }
    server {
      listen 127.0.0.1:${port};
      listen 127.0.0.1:${securePort} ssl http2;
      server_name reflexe.test;
      ssl_certificate ${folder}/chain.pem; ssl_certificate_key ${folder}/key.pem;
      location / {
        proxy_pass http://reflexe;
        proxy_http_version 1.1;
        proxy_set_header Connection "";
        proxy_set_header Host $host;
        proxy_set_header X-Forwarded-For $remote_addr;
        proxy_set_header X-Forwarded-Proto https;
        proxy_buffering off;
      }
    }
  }`;

beforeAll(async () => {
  if (missing !== null) return;
  folder = mkdtempSync(join(tmpdir(), 'reflexe-nginx-'));
  mkdirSync(join(folder, 'web'));
  writeFileSync(join(folder, 'web', 'index.html'), '<title>Reflexe</title>');
  parts = testParts({ webRoot: join(folder, 'web'), publicUrl: 'https://reflexe.test' });
  server = await started(parts);
  [port, securePort] = [await freePort(), await freePort()];
  const authority = await createAuthority('Test', { names: ['reflexe.test'], networks: [] }, Date.now());
  const { key, certificate } = await issueHub(authority, ['reflexe.test'], Date.now());
  ca = authority.certificate;
  writeFileSync(join(folder, 'key.pem'), key, { mode: 0o600 });
  writeFileSync(join(folder, 'chain.pem'), certificate);
  writeFileSync(join(folder, 'nginx.conf'), configuration());
  proxy = spawn(nginx, ['-p', folder, '-c', join(folder, 'nginx.conf'), '-e', join(folder, 'error.log')], {
    stdio: ['ignore', 'ignore', 'inherit'],
  });
  while ((await raw(port, 'GET /api/health HTTP/1.0\r\nhost: reflexe.test\r\n\r\n').catch(() => [])).length === 0) {
    if (proxy.exitCode !== null) throw new Error(`nginx ended with ${proxy.exitCode}`);
    await new Promise((resolve) => setImmediate(resolve));
  }
  ({ cookie } = await parts.someone('anne', [{ role: 'administrator', scope: 'establishment' }]));
  cookie = `__Host-${cookie}`;
});
afterAll(async () => {
  if (missing !== null) return;
  const ended = new Promise((resolve) => proxy.once('exit', resolve));
  proxy.kill('SIGTERM');
  await ended;
  await server.close();
  rmSync(folder, { recursive: true });
});
beforeEach((test) => {
  if (missing !== null) test.skip(missing);
  parts.logged.length = 0;
});

/** What the hub itself saw: a line for each request it answered. */
const seen = () =>
  parts.logged.map((line) => JSON.parse(line)).filter(({ msg }) => msg === 'answered' || msg === 'act');
const statuses = (answers: RawAnswer[]) => answers.map(({ status }) => status);
const victim = 'GET /api/session HTTP/1.1\r\nhost: reflexe.test\r\nconnection: close\r\n\r\n';

describe('behind nginx', () => {
  it('a session opens, and the address people use is the public one', async () => {
    const [answer] = await raw(
      port,
      `GET /api/session HTTP/1.1\r\nhost: reflexe.test\r\ncookie: ${cookie}\r\nconnection: close\r\n\r\n`,
    );
    expect(answer?.status).toBe(200);
    expect(answer?.head).toMatch(/^strict-transport-security: max-age=31536000\r?$/im);
    expect(answer?.body).toContain('anne');
  });

  const hidden = 'GET /api/worlds/live/feed?views=lines HTTP/1.1\r\nhost: reflexe.test\r\nx: ';
  it.for([
    ['CL.TE', `content-length: ${hidden.length + 5}\r\ntransfer-encoding: chunked\r\n\r\n0\r\n\r\n${hidden}`],
    [
      'TE.CL',
      `transfer-encoding: chunked\r\ncontent-length: 4\r\n\r\n${hidden.length.toString(16)}\r\n${hidden}\r\n0\r\n\r\n`,
    ],
    ['TE.TE twice', `transfer-encoding: chunked\r\ntransfer-encoding: x\r\n\r\n0\r\n\r\n${hidden}`],
    ['TE.TE in capitals and a space', `Transfer-Encoding : chunked\r\n\r\n0\r\n\r\n${hidden}`],
    [
      'TE.TE behind a tab',
      `transfer-encoding:\tchunked\r\ncontent-length: ${hidden.length + 5}\r\n\r\n0\r\n\r\n${hidden}`,
    ],
    [
      'TE.TE folded',
      `transfer-encoding:\r\n chunked\r\ncontent-length: ${hidden.length + 5}\r\n\r\n0\r\n\r\n${hidden}`,
    ],
    [
      'TE under an underscore',
      `transfer_encoding: chunked\r\ncontent-length: ${hidden.length + 5}\r\n\r\n0\r\n\r\n${hidden}`,
    ],
    ['length under an underscore', `content_length: ${hidden.length}\r\n\r\n${hidden}`],
    ['an unknown coding', `transfer-encoding: cow\r\ncontent-length: ${hidden.length + 5}\r\n\r\n0\r\n\r\n${hidden}`],
    [
      'a bare carriage return',
      `x: a\rtransfer-encoding: chunked\r\ncontent-length: ${hidden.length + 5}\r\n\r\n0\r\n\r\n${hidden}`,
    ],
    ['a chunk extension with a line feed', `transfer-encoding: chunked\r\n\r\n1;\n${hidden}\r\n0\r\n\r\n`],
    ['two lengths', `content-length: 5\r\ncontent-length: ${hidden.length}\r\n\r\n${hidden}`],
  ] as const)(
    '%s: nothing hidden reaches the hub as a request of its own, and nobody else is answered with it',
    async ([, rest]) => {
      const head = `POST /api/sign-out HTTP/1.1\r\nhost: reflexe.test\r\nx-reflexe: 1\r\ncontent-type: application/json\r\ncookie: ${cookie}x\r\n`;
      // Cut by the client, so that a proxy or a hub waiting for the rest of what was hidden does not wait for ever.
      const answers = await raw(port, `${head}connection: close\r\n${rest}\r\n\r\n`);
      expect(answers.length).toBeLessThanOrEqual(1);
      // The next one over the connections nginx keeps to us is answered as if nothing had been.
      const next = await Promise.all(Array.from({ length: 8 }, () => raw(port, victim)));
      expect(next.flatMap(statuses)).toEqual(Array.from({ length: 8 }, () => 401));
      const routes = seen().map(({ method, route }) => `${method} ${route}`);
      expect(routes.filter((route) => route.includes('feed'))).toEqual([]);
      expect(routes.filter((route) => route === 'GET /api/session').length).toBe(8);
    },
  );

  it('a host named twice, or in the first line, never reaches two opinions', async () => {
    const twice = await raw(
      port,
      'GET /api/session HTTP/1.1\r\nhost: reflexe.test\r\nhost: evil.example\r\nconnection: close\r\n\r\n',
    );
    expect(statuses(twice)).toEqual([400]);
    const absolute = await raw(
      port,
      'GET http://evil.example/api/session HTTP/1.1\r\nhost: reflexe.test\r\nconnection: close\r\n\r\n',
    );
    // nginx takes the host of the first line, as RFC 9112 says: it is not one of ours.
    expect(statuses(absolute)).toEqual([421]);
    const foreign = await raw(port, 'GET /api/health HTTP/1.1\r\nhost: evil.example\r\nconnection: close\r\n\r\n');
    expect(statuses(foreign)).toEqual([421]);
  });

  it('what a client says of its own address is not believed: nginx’s word alone counts', async () => {
    const wrong = JSON.stringify({ name: 'somebody-else', password: 'twelve letters wrong' });
    const guess = (at: number) =>
      raw(
        port,
        `POST /api/sign-in HTTP/1.1\r\nhost: reflexe.test\r\nx-reflexe: 1\r\ncontent-type: application/json\r\nx-forwarded-for: 198.51.100.${at}\r\nx_forwarded_for: 203.0.113.${at}\r\nforwarded: for=192.0.2.${at}\r\ncontent-length: ${wrong.length}\r\nconnection: close\r\n\r\n${wrong}`,
      );
    const all: number[] = [];
    for (let at = 0; at < 12; at += 1) all.push(...statuses(await guess(at)));
    expect(all).toContain(429);
    expect(parts.logged.join('\n')).not.toMatch(/198\.51|203\.0\.113/);
  });

  it('HTTP/2 to nginx becomes one HTTP/1.1 request to us: no line end, no second request gets through (H2.CL, H2.TE, CRLF)', async () => {
    const client = connectHttp2(`https://127.0.0.1:${securePort}`, { ca, servername: 'reflexe.test' });
    client.on('error', () => undefined);
    const ask = (headers: { [name: string]: string }, body = '') =>
      new Promise<number | string>((resolve) => {
        try {
          const stream = client.request(
            { ':authority': 'reflexe.test', ':path': '/api/session', ...headers },
            { endStream: body === '' },
          );
          stream.on('response', (got) => resolve(Number(got[':status'])));
          stream.on('error', (error: NodeJS.ErrnoException) => resolve(error.code ?? 'error'));
          stream.on('close', () => resolve('closed'));
          stream.resume();
          if (body !== '') stream.end(body);
        } catch (error) {
          // Node's own client will not even send some of these; nginx is then not asked.
          resolve(error instanceof Error && 'code' in error ? String(error.code) : 'refused here');
        }
      });
    expect(await ask({ cookie })).toBe(200);
    const post = { ':method': 'POST', ':path': '/api/sign-out', 'x-reflexe': '1', 'content-type': 'application/json' };
    const answered = [
      await ask({ ...post, 'content-length': '0' }, hidden),
      await ask({ ...post, 'content-length': '4' }, hidden),
      await ask({ 'x-value': 'a\r\ntransfer-encoding: chunked' }),
      await ask({ ':path': '/api/session HTTP/1.1\r\nhost: evil.example\r\n\r\nGET /api/worlds' }),
      await ask({ ':path': '/api/session HTTP/1.1' }),
      await ask({ ':authority': 'evil.example' }),
      await ask({ host: 'evil.example' }),
      await ask({ ':method': 'GET /api/worlds HTTP/1.1\r\nhost: x\r\n\r\nGET' }),
    ];
    expect(answered).not.toContain(200);
    client.close();
    const routes = seen().map(({ method, route }) => `${method} ${route}`);
    expect(routes.filter((route) => /feed|worlds/.test(route))).toEqual([]);
  });

  it('a feed passes through at once, without waiting for a buffer to fill', async () => {
    const client = connectHttp2(`https://127.0.0.1:${securePort}`, { ca, servername: 'reflexe.test' });
    const stream = client.request({
      ':authority': 'reflexe.test',
      ':path': '/api/worlds/live/feed?views=lines',
      cookie,
    });
    const first = await new Promise<string>((resolve) => {
      let text = '';
      stream.setEncoding('utf8');
      stream.on('data', (more: string) => {
        text += more;
        if (text.includes('"snapshot"')) resolve(text);
      });
    });
    expect(first).toContain('"view":"lines"');
    stream.close();
    client.destroy();
  });
});
