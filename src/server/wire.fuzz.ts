import { once } from 'node:events';
import { connect } from 'node:net';
import { z } from 'zod';
import { accept } from '../journal/result.ts';
import { buildApp } from './app.ts';
import { jsonRoute } from './declare.ts';
import { testCommands, testParts } from './testServer.ts';
import { testWorld } from './testWorld.ts';

const extraRoutes = [
  jsonRoute({
    method: 'POST',
    url: '/api/free',
    act: 'board.see',
    body: z.object({ any: z.json() }).loose(),
    handle: ({ body }) => accept(body),
  }),
];

async function open() {
  const world = { ...testWorld('live'), submit: async () => accept({ sequence: 1, durable: 'here' as const }) };
  const many = { requestsPerMinutePerSession: 1e9, requestsPerMinutePerAddress: 1e9 };
  const parts = testParts({ commands: testCommands, extraRoutes, limits: many });
  parts.worlds.add(world);
  parts.options.log.level = 'silent';
  const app = await buildApp(parts.options);
  const { cookie } = await parts.someone('anne', [{ role: 'administrator', scope: 'establishment' }]);
  await app.listen({ host: '127.0.0.1', port: 0 });
  app.server.unref();
  const address = app.server.address();
  if (typeof address !== 'object' || address === null) throw new Error('no port');
  return { port: address.port, cookie };
}
/** Opened at the first input: loading this file costs nothing. */
let opened: ReturnType<typeof open> | undefined;

/** The longest an answer can take: a feed is left as soon as it has spoken. */
const cookieMark = '@COOKIE@';

/**
 * The bytes of one connection, through Node's own parser and the whole door: each answer is one of ours, none is a failure, and
 * no byte after a refused message is taken for a new one.
 */
export const fuzz = {
  name: 'http-wire',
  seeds(): Uint8Array[] {
    const of = (...lines: string[]) => Buffer.from(lines.join('\r\n'));
    const own = ['Host: localhost', `Cookie: a=b; ${cookieMark}; __Host-reflexe-session=x`, 'x-reflexe: 1'];
    const body = '{"any":[1,{"b":null}]}';
    const json = ['Content-Type: application/json; charset=utf-8', `Content-Length: ${body.length}`];
    return [
      of('GET /api/session HTTP/1.1', ...own, 'Origin: http://localhost', 'Sec-Fetch-Site: same-origin', '', ''),
      of('POST /api/free HTTP/1.1', ...own, ...json, 'If-Match: W/"3"', '', body),
      of(
        'POST /api/worlds/live/lines HTTP/1.1',
        ...own,
        'Content-Type: application/json',
        'Transfer-Encoding: chunked',
        '',
        '1c;a=b',
        '{"text":"a line, in chunks"}\n',
        '0',
        '',
        '',
      ),
      of(
        'POST /api/free HTTP/1.1',
        ...own,
        ...json,
        'Transfer-Encoding: chunked',
        '',
        '0',
        '',
        'GET / HTTP/1.1',
        'Host: x',
        '',
        '',
      ),
      of('POST /api/free HTTP/1.1', ...own, 'Content-Length: 2', 'Content-Length: 22', '', body),
      of('GET /api/worlds HTTP/1.1', ...own, '', 'GET /%2e%2e/%00?a=b&a[]=c HTTP/1.1', 'Host: localhost', '', ''),
      of(
        'POST /api/sign-in HTTP/1.0',
        'Host: localhost:1',
        'x-reflexe: 1',
        'Expect: 100-continue',
        ...json,
        '',
        '{"name":"a"}',
      ),
      of(
        'GET /api/worlds/live/feed?views=lines,count&after=a.1 HTTP/1.1',
        ...own,
        'Last-Event-ID: ffff.1',
        'Accept: text/event-stream',
        'Connection: close',
        '',
        '',
      ),
    ];
  },
  async run(input: Uint8Array): Promise<void> {
    opened ??= open();
    const { port, cookie } = await opened;
    const bytes = Buffer.from(input).toString('latin1').replaceAll(cookieMark, cookie);
    const socket = connect({ host: '127.0.0.1', port, allowHalfOpen: true });
    let answer = '';
    socket.setEncoding('latin1').on('data', (text: string) => {
      answer += text;
      // A feed goes on for ever; its first words are enough.
      if (answer.includes('text/event-stream') || answer.length > 200_000) socket.destroy();
    });
    socket.on('error', () => {});
    socket.end(bytes, 'latin1');
    if (!socket.closed) await once(socket, 'close');
    for (const [, status = ''] of answer.matchAll(/^HTTP\/1\.1 (\d{3}) /gm)) {
      if (/^5(?!03)/.test(status)) throw new Error(`${status}: ${answer.slice(0, 400)}`);
    }
    if (answer !== '' && !answer.startsWith('HTTP/1.1 ')) throw new Error(`no answer of ours: ${answer.slice(0, 100)}`);
    if ('polluted' in {} || Object.keys(Object.prototype).length > 0) throw new Error('a prototype was touched');
  },
};
