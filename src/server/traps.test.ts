import { mkdirSync, mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { gzipSync } from 'node:zlib';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { addressGroup, isLoopback } from './connections.ts';
import { serverLimits } from './limits.ts';
import type { RunningServer } from './server.ts';
import { type RawAnswer, raw } from './testRaw.ts';
import { started, type TestParts, testParts } from './testServer.ts';

let parts: TestParts;
let server: RunningServer;
let folder: string;
let cookie: string;
let token: string;

beforeEach(async () => {
  folder = mkdtempSync(join(tmpdir(), 'reflexe-traps-'));
  const webRoot = join(folder, 'web');
  mkdirSync(join(webRoot, 'assets'), { recursive: true });
  writeFileSync(join(webRoot, 'index.html'), '<title>Reflexe</title>');
  writeFileSync(join(folder, 'secret.txt'), 'canary-outside');
  writeFileSync(join(folder, 'web-secret.txt'), 'canary-sibling');
  parts = testParts({ webRoot, limits: { headersMilliseconds: 2_000, requestMilliseconds: 2_000 } });
  server = await started(parts);
  ({ cookie, token } = await parts.someone('anne', [{ role: 'administrator', scope: 'establishment' }]));
});
afterEach(async () => {
  await server.close();
  rmSync(folder, { recursive: true });
});

const codeOf = (answer: RawAnswer | undefined): string | undefined =>
  answer?.body.startsWith('{"error"') ? JSON.parse(answer.body).error.code : undefined;
const ask = (...lines: string[]) => raw(server.address.port, `${lines.join('\r\n')}\r\n\r\n`);
/** A request of somebody signed in, the connection closed after it. */
const signed = (line: string, ...headers: string[]) =>
  ask(line, 'host: localhost', `cookie: ${cookie}`, 'x-reflexe: 1', 'connection: close', ...headers);
const post = (body: string | Buffer, ...headers: string[]) => {
  const head = [
    'POST /api/worlds/live/lines HTTP/1.1',
    'host: localhost',
    `cookie: ${cookie}`,
    'x-reflexe: 1',
    ...headers,
  ];
  return raw(server.address.port, `${head.join('\r\n')}\r\n\r\n`, body);
};
const lines = (): unknown => parts.worlds.get('live')?.views.compute('lines');
const nothingWritten = { lines: [] };

describe('a request that can be read in two ways is refused, and what follows it is not read', () => {
  const smuggled = 'GET /api/worlds HTTP/1.1\r\nhost: localhost\r\n\r\n';

  it.for([
    ['two hosts', ['host: localhost', 'host: evil.example']],
    ['the same host twice', ['host: localhost', 'Host: localhost']],
    ['a host that is no name', ['host: localhost, evil.example']],
    ['a host with a path', ['host: localhost/../']],
    ['an empty host', ['host:']],
    ['two lengths', ['host: localhost', 'content-length: 5', 'content-length: 6']],
    ['a length of two', ['host: localhost', 'content-length: 5, 5']],
    ['a signed length', ['host: localhost', 'content-length: +5']],
    ['a length in hex', ['host: localhost', 'content-length: 0x5']],
    ['a length and chunks (CL.TE)', ['host: localhost', 'content-length: 4', 'transfer-encoding: chunked']],
    ['chunks and a length (TE.CL)', ['host: localhost', 'transfer-encoding: chunked', 'content-length: 4']],
    ['chunks twice (TE.TE)', ['host: localhost', 'transfer-encoding: chunked', 'transfer-encoding: identity']],
    ['an unknown coding', ['host: localhost', 'transfer-encoding: xchunked']],
    ['chunks not last', ['host: localhost', 'transfer-encoding: chunked, identity']],
    ['a list of codings', ['host: localhost', 'transfer-encoding: gzip, chunked']],
    ['a space before the colon', ['host: localhost', 'transfer-encoding : chunked']],
    ['a tab before the colon', ['host: localhost', 'transfer-encoding\t: chunked']],
    ['a folded line', ['host: localhost', 'transfer-encoding:', ' chunked']],
    ['a bare carriage return', ['host: localhost', 'x: a\rtransfer-encoding: chunked']],
    ['a bare line feed', ['host: localhost\ntransfer-encoding: chunked']],
    ['a zero byte', ['host: localhost', 'transfer-encoding: chunked\0']],
    ['an underscore for a dash', ['host: localhost', 'transfer_encoding: chunked']],
    ['an underscore in the length', ['host: localhost', 'content_length: 4']],
    ['two origins', ['host: localhost', 'origin: http://localhost', 'origin: http://evil.example']],
    ['two authorizations', ['host: localhost', 'authorization: Bearer a', 'authorization: Bearer b']],
    ['a header without a name', ['host: localhost', ': value']],
  ] as const)('%s', async ([, headers]) => {
    const answers = await ask('POST /api/sign-out HTTP/1.1', 'x-reflexe: 1', ...headers, '', smuggled);
    expect(answers.length).toBe(1);
    expect(answers[0]?.status).toBeGreaterThanOrEqual(400);
    expect(answers[0]?.status).toBeLessThan(500);
    expect(answers[0]?.head).toMatch(/^connection: close/im);
  });

  it.for([
    'GET http://evil.example/api/session HTTP/1.1',
    'GET https://localhost/api/session HTTP/1.1',
    'OPTIONS * HTTP/1.1',
    'CONNECT localhost:22 HTTP/1.1',
    'GET api/session HTTP/1.1',
    'GET /api/session HTTP/1.1 HTTP/1.1',
    'GET /api/session HTTP/3.0',
    'GET /api/session',
    'PRI * HTTP/2.0',
    'TRACE /api/session HTTP/1.1',
    'GET /api/session HTTP/0.9',
    'POST /api/sign-out',
  ])('the first line %s', async (line) => {
    const answers = await ask(line, 'host: localhost', `cookie: ${cookie}`, 'x-reflexe: 1', 'connection: close');
    // Node closes a CONNECT that nobody takes, without a word.
    if (line.startsWith('CONNECT')) expect(answers).toEqual([]);
    else expect(answers[0]?.status).toBeGreaterThanOrEqual(400);
    expect(answers.map(({ body }) => body).join()).not.toContain('anne');
  });

  it('no host at all', async () => {
    for (const version of ['1.1', '1.0']) {
      expect((await ask(`GET /api/session HTTP/${version}`, 'connection: close'))[0]?.status, version).toBe(400);
    }
  });

  it.for([
    ['a size too large', 'ffffffffffffffffff\r\n'],
    ['a size with a sign', '-1\r\n'],
    ['a size with a space', '1 \r\nx\r\n0\r\n\r\n'],
    ['no end of line after the data', '1\r\nxx0\r\n\r\n'],
    ['a bare line feed after the size', '1\nx\r\n0\r\n\r\n'],
  ] as const)('a chunk with %s', async ([, body]) => {
    const answers = await post(body, 'content-type: application/json', 'transfer-encoding: chunked');
    expect(answers[0]?.status).toBeGreaterThanOrEqual(400);
    expect(lines()).toEqual(nothingWritten);
  });
});

describe('requests one after the other on one connection', () => {
  it('are each answered, in order', async () => {
    const one = (path: string, more = '') => `GET ${path} HTTP/1.1\r\nhost: localhost\r\n${more}\r\n`;
    const answers = await raw(
      server.address.port,
      one('/api/health') + one('/api/nothing') + one('/', 'connection: close\r\n'),
    );
    expect(answers.map(({ status }) => status)).toEqual([200, 404, 200]);
  });

  it('too many before the first answer are refused, and the connection ends', async () => {
    const many = 'GET /api/health HTTP/1.1\r\nhost: localhost\r\n\r\n'.repeat(
      serverLimits.requestsInFlightPerConnection * 4,
    );
    const answers = await raw(server.address.port, many);
    const statuses = answers.map(({ status }) => status);
    expect(statuses.slice(0, serverLimits.requestsInFlightPerConnection)).not.toContain(429);
    expect(statuses.at(-1)).toBe(429);
    expect(answers.at(-1)?.head).toMatch(/^connection: close/im);
    expect(statuses.length).toBeLessThan(serverLimits.requestsInFlightPerConnection * 4);
  });

  it('never give one person’s answer to another’s request', async () => {
    const mine = `GET /api/session HTTP/1.1\r\nhost: localhost\r\ncookie: ${cookie}\r\n\r\n`;
    const nobodys = 'GET /api/session HTTP/1.1\r\nhost: localhost\r\n\r\n';
    const last = 'GET /api/session HTTP/1.1\r\nhost: localhost\r\nconnection: close\r\n\r\n';
    const answers = await raw(server.address.port, mine + nobodys + mine + last);
    expect(answers.map(({ status }) => status)).toEqual([200, 401, 200, 401]);
  });
});

describe('oversize', () => {
  it.for([
    ['a long address', [`GET /${'a'.repeat(serverLimits.headerBytes)} HTTP/1.1`, 'host: localhost'], 431],
    ['a long header', ['GET / HTTP/1.1', 'host: localhost', `x: ${'a'.repeat(serverLimits.headerBytes)}`], 431],
    [
      'many headers',
      ['GET / HTTP/1.1', 'host: localhost', ...Array.from({ length: 150 }, (_, at) => `x-${at}: 1`)],
      431,
    ],
    [
      'a long cookie',
      [
        'GET /api/session HTTP/1.1',
        'host: localhost',
        `cookie: reflexe-session=${'a'.repeat(10_000)}`,
        'connection: close',
      ],
      401,
    ],
    [
      'a long name of a world',
      [`GET /api/worlds/${'a'.repeat(5_000)}/feed HTTP/1.1`, 'host: localhost', 'connection: close'],
      404,
    ],
  ] as const)('%s is refused', async ([, request, status]) => {
    const [answer] = await ask(...request);
    expect([answer?.status, (answer?.body.length ?? 0) < 2_000]).toEqual([status, true]);
  });

  it('a body is refused by its length, or when it passes the bound', async () => {
    const tooMuch = serverLimits.bodyBytes + 1;
    const [declared] = await post('', 'content-type: application/json', `content-length: ${tooMuch}`);
    expect([declared?.status, codeOf(declared)]).toEqual([413, 'body-too-large']);
    const chunk = `10000\r\n${'x'.repeat(0x10000)}\r\n`;
    const [streamed] = await post(chunk.repeat(5), 'content-type: application/json', 'transfer-encoding: chunked');
    expect([streamed?.status, codeOf(streamed)]).toEqual([413, 'body-too-large']);
    expect(lines()).toEqual(nothingWritten);
  });
});

describe('a compressed body', () => {
  it.for(['gzip', 'br', 'deflate', 'x-gzip', 'identity, gzip', 'GZIP'])('(%s) is refused unread', async (coding) => {
    const bomb = gzipSync(Buffer.alloc(50_000_000, 0x20));
    const [answer] = await post(
      bomb,
      'content-type: application/json',
      `content-encoding: ${coding}`,
      `content-length: ${bomb.length}`,
    );
    expect([answer?.status, codeOf(answer)]).toEqual([415, 'body-encoded']);
    expect(lines()).toEqual(nothingWritten);
  });
});

describe('a token in the address', () => {
  it.for(['token', 'session', 'access_token', 'reflexe-session', 'cookie', 'authorization'])(
    '(%s=) opens nothing and is not logged',
    async (name) => {
      for (const path of ['/api/session', '/api/worlds', '/api/worlds/live/feed', '/', `/${token}`]) {
        const query = `${path}?${name}=${token}&views=lines`;
        const [answer] = await ask(
          `GET ${query} HTTP/1.1`,
          'host: localhost',
          'accept: text/html',
          'connection: close',
        );
        if (path.startsWith('/api/')) expect(answer?.status, path).toBe(401);
        expect(`${answer?.head}${answer?.body}`, path).not.toContain(token);
      }
      expect(parts.logged.length).toBeGreaterThan(0);
      expect(parts.logged.join('\n')).not.toContain(token);
    },
  );
});

describe('names that a prototype answers to', () => {
  const pollutions = [
    '{"__proto__":{"allowed":true},"text":"x"}',
    '{"text":"x","constructor":{"prototype":{"allowed":true}}}',
    '{"text":"x","\\u005f_proto__":{"allowed":true}}',
    '{"text":{"__proto__":{"allowed":true}}}',
    '[{"__proto__":{"allowed":true}}]',
  ];
  it.for(pollutions)('in a body %s are refused', async (body) => {
    const [answer] = await post(
      body,
      'content-type: application/json',
      `content-length: ${body.length}`,
      'connection: close',
    );
    expect(answer?.status).toBe(400);
    expect(Reflect.get({}, 'allowed')).toBeUndefined();
    expect(lines()).toEqual(nothingWritten);
  });

  it('in a query, a path, a cookie or a header change nothing', async () => {
    const queries = [
      '__proto__[allowed]=1',
      '__proto__.allowed=1',
      'constructor[prototype][allowed]=1',
      'views=__proto__',
      'views=constructor',
    ];
    for (const query of queries) {
      const [answer] = await signed(`GET /api/worlds/live/feed?${query} HTTP/1.1`);
      expect(answer?.status, query).toBeGreaterThanOrEqual(400);
    }
    for (const path of [
      '/api/worlds/__proto__/feed?views=lines',
      '/api/worlds/constructor/lines',
      '/api/__proto__',
      '/__proto__',
    ]) {
      const [answer] = await signed(`GET ${path} HTTP/1.1`);
      expect(answer?.status, path).toBe(404);
    }
    await signed('GET /api/session HTTP/1.1', '__proto__: 1', 'constructor: 2');
    await ask(
      'GET /api/session HTTP/1.1',
      'host: localhost',
      'cookie: __proto__=x; constructor=y',
      'connection: close',
    );
    expect(Reflect.get({}, 'allowed')).toBeUndefined();
  });
});

describe('a path that leads outside', () => {
  const climbs = [
    '../',
    '..%2f',
    '%2e%2e/',
    '%2e%2e%2f',
    '..%5c',
    '..\\',
    '%252e%252e%252f',
    '..%c0%af',
    '..%e0%80%af',
    '.%00./',
    '..;/',
    '....//',
  ];
  it.for(climbs)('%s', async (climb) => {
    for (const base of ['/', '/assets/', '//', '/./', '/assets//', '/api/../']) {
      for (const target of ['secret.txt', 'web-secret.txt', '%2fetc/passwd']) {
        const [answer] = await ask(
          `GET ${base}${climb.repeat(base.length > 2 ? 2 : 1)}${target} HTTP/1.1`,
          'host: localhost',
          'connection: close',
        );
        expect(answer?.status, `${base}${climb}${target}`).toBeGreaterThanOrEqual(400);
        expect(answer?.body).not.toMatch(/canary|root:/);
      }
    }
  });

  it('by the folder’s own name as a beginning', async () => {
    const [answer] = await ask('GET /../web-secret.txt HTTP/1.1', 'host: localhost', 'connection: close');
    expect(answer?.body).not.toContain('canary');
  });

  it('by writing the API in another way: it is held to the same rules', async () => {
    for (const path of [
      '/api/worlds',
      '/%61pi/worlds',
      '/api%2fworlds',
      '//api/worlds',
      '/./api/worlds',
      '/API/worlds',
      '/api/worlds/',
    ]) {
      const [answer] = await signed(`GET ${path} HTTP/1.1`, 'sec-fetch-site: cross-site');
      expect(answer?.body, path).not.toContain('"live"');
      expect(answer?.status, path).toBeGreaterThanOrEqual(400);
    }
  });
});

describe('who asks', () => {
  const sourceOf = async (server: RunningServer, ...headers: string[]) => {
    const wrong = JSON.stringify({ name: 'nobody', password: 'twelve letters wrong' });
    const head = [
      'POST /api/sign-in HTTP/1.1',
      'host: localhost',
      'x-reflexe: 1',
      'content-type: application/json',
      ...headers,
    ];
    const [answer] = await raw(
      server.address.port,
      `${[...head, 'connection: close', `content-length: ${wrong.length}`].join('\r\n')}\r\n\r\n${wrong}`,
    );
    return answer?.status;
  };

  it('is not told by a header, where no proxy was declared: guesses wait whatever they claim', async () => {
    const statuses: (number | undefined)[] = [];
    for (let at = 0; at < 12; at += 1) {
      statuses.push(
        await sourceOf(
          server,
          `x-forwarded-for: 198.51.100.${at}`,
          `x_forwarded_for: 203.0.113.${at}`,
          `forwarded: for=192.0.2.${at}`,
          `x-real-ip: 192.0.2.${at}`,
        ),
      );
    }
    expect(statuses).toContain(429);
  });

  it('is one place for an IPv4 address, and for the 2^64 addresses of one IPv6 network', () => {
    expect(addressGroup('::ffff:192.0.2.1')).toBe('192.0.2.1');
    expect(addressGroup('2001:db8:0:1::abcd')).toBe(addressGroup('2001:0db8::1:ffff:1:2:3'));
    expect(addressGroup('2001:db8:0:1::1')).not.toBe(addressGroup('2001:db8:0:2::1'));
    expect(addressGroup('fe80::1%eth0')).toBe(addressGroup('fe80::2%eth1'));
    expect(['127.0.0.1', '127.8.8.8', '::1', '::ffff:127.0.0.1'].every(isLoopback)).toBe(true);
    expect(['10.0.0.1', '128.0.0.1', '::2', 'fe80::1', '::ffff:10.0.0.1'].some(isLoopback)).toBe(false);
  });
});
