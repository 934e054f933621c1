import { z } from 'zod';
import { commandRoute } from '../access/route.ts';
import { accept } from '../journal/result.ts';
import { buildApp } from './app.ts';
import { jsonRoute } from './declare.ts';
import { testParts } from './testServer.ts';
import { testWorld } from './testWorld.ts';

/** Bodies and the headers read with them, through the whole door: never a failure of ours, never a touched prototype. */
const text = z.string().min(1).max(2000);
const commands = [
  commandRoute({
    path: 'log',
    act: 'incidents.see',
    body: z.strictObject({
      incident: text,
      kind: z.enum(['fact', 'decision']),
      text,
      corrects: z.number().int().positive().optional(),
    }),
    command: (body) => ({ type: 'WriteLog', ...body }),
    thing: ({ incident }) => incident,
  }),
  commandRoute({
    path: 'decisions',
    act: 'worlds.see',
    wards: ({ wards }) => wards,
    body: z.strictObject({ wards: z.array(text).min(1).max(500), reviewAt: z.iso.datetime().optional() }),
    command: (body) => ({ type: 'Decide', ...body }),
  }),
];
const extraRoutes = [
  jsonRoute({
    method: 'POST',
    url: '/api/free',
    act: 'worlds.see',
    body: z.object({ any: z.json(), named: z.record(z.string(), z.json()) }).loose(),
    handle: ({ body }) => accept(body),
  }),
];
const urls = ['/api/worlds/live/log', '/api/worlds/live/decisions', '/api/free', '/api/sign-in', '/api/sign-in/first'];
const types = ['application/json', 'application/json; charset=utf-8', 'text/plain'];

async function open() {
  const world = { ...testWorld('live'), submit: async () => accept({ sequence: 1, durable: 'here' as const }) };
  const many = { requestsPerMinutePerSession: 1e9, requestsPerMinutePerAddress: 1e9 };
  const parts = testParts({ commands, extraRoutes, limits: many });
  parts.worlds.add(world);
  parts.options.log.level = 'silent';
  const app = await buildApp(parts.options);
  const { cookie } = await parts.someone('anne', [{ role: 'technician', scope: 'establishment' }]);
  return { app, cookie };
}
/** Opened at the first input: loading this file costs nothing. */
let opened: ReturnType<typeof open> | undefined;

/** First byte: which route; second: which type; third: the length of `If-Match`, which follows; the rest is the body. */
export const fuzz = {
  name: 'http-body',
  seeds(): Uint8Array[] {
    const of = (route: number, ifMatch: string, body: string) =>
      new Uint8Array(Buffer.concat([Buffer.from([route, 0, ifMatch.length]), Buffer.from(ifMatch + body)]));
    return [
      of(0, '"12"', '{"incident":"incident-1","kind":"fact","text":"noté \\u00e0 03:00","corrects":4}'),
      of(1, '', '{"wards":["ward-a","ward-b"],"reviewAt":"2026-01-05T10:00:00.000Z"}'),
      of(2, '', '{"any":[1,2.5e-3,null,{"deep":[[[["x"]]]]}],"named":{"a":{"b":true}}}'),
      of(2, '', '{"any":{"__proto__":{"polluted":1}},"named":{"constructor":{"prototype":{"polluted":1}}}}'),
      of(2, 'W/"3"', '{"any":"\\ud800","named":{"\\u005f_proto__":[]}}'),
      of(3, '', '{"name":"anne","password":"wrong, so that few are hashed"}'),
      of(4, '', '{"token":"x","name":"a","displayName":"A","password":"five calm otters sail"}'),
    ];
  },
  async run(input: Uint8Array): Promise<void> {
    opened ??= open();
    const { app, cookie } = await opened;
    const [route = 0, type = 0, length = 0] = input;
    const ifMatch = Buffer.from(input.subarray(3, 3 + length))
      .toString('latin1')
      .replace(/[^\x20-\x7e]/g, '');
    const answered = await app.inject({
      method: 'POST',
      url: urls[route % urls.length] ?? '/',
      headers: {
        cookie,
        'x-reflexe': '1',
        'content-type': types[type % types.length] ?? '',
        ...(ifMatch === '' ? {} : { 'if-match': ifMatch }),
      },
      payload: Buffer.from(input.subarray(3 + length)),
    });
    if (answered.statusCode >= 500) throw new Error(`${answered.statusCode}: ${answered.body}`);
    if (answered.statusCode >= 400 && typeof answered.json().error.code !== 'string') throw new Error(answered.body);
    if ('polluted' in {} || Object.keys(Object.prototype).length > 0) throw new Error('a prototype was touched');
  },
};
