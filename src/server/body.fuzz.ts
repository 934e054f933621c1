import { z } from 'zod';
import { accessRoutes } from '../access/routes.ts';
import { activateRoutes } from '../activate/routes.ts';
import { detectRoutes } from '../detect/routes.ts';
import { restoreRoutes } from '../restore/routes.ts';
import { parseBody, validBody } from './body.ts';
import { serverLimits } from './limits.ts';

/** The bodies of every act of the rooms, and one that takes anything. */
const schemas: readonly z.ZodType[] = [
  ...[...activateRoutes, ...detectRoutes, ...restoreRoutes, ...accessRoutes].map(({ body }) => body),
  z.object({ any: z.json(), named: z.record(z.string(), z.json()) }).loose(),
];
const free = schemas.length - 1;

/** First byte: which act; the rest is the body. Read and valid, or a refusal that never quotes it; never a touched prototype. */
export const fuzz = {
  name: 'http-body',
  seeds(): Uint8Array[] {
    const of = (route: number, body: string) => new Uint8Array(Buffer.concat([Buffer.of(route), Buffer.from(body)]));
    return [
      ...schemas.map((_, route) => of(route, '{"incident":"incident-1","kind":"fact","text":"noté \\u00e0 03:00"}')),
      of(0, '{"wards":["ward-a","ward-b"],"reviewAt":"2026-01-05T10:00:00.000Z"}'),
      of(free, '{"any":[1,2.5e-3,null,{"deep":[[[["x"]]]]}],"named":{"a":{"b":true}}}'),
      of(free, '{"any":{"__proto__":{"polluted":1}},"named":{"constructor":{"prototype":{"polluted":1}}}}'),
      of(free, '{"any":"\\ud800","named":{"\\u005f_proto__":[]}}'),
      of(free, `{"any":${'['.repeat(40)}${']'.repeat(40)}}`),
    ];
  },
  run(input: Uint8Array): void {
    const schema = schemas[(input[0] ?? 0) % schemas.length];
    const parsed = parseBody(Buffer.from(input.subarray(1)).toString('utf8'), serverLimits.bodyNesting);
    if (schema === undefined || !parsed.ok) return;
    const valid = validBody(schema, parsed.value);
    if (!valid.ok && valid.refusal.code !== 'body-invalid') throw new Error(valid.refusal.code);
    if (valid.ok && holdsPrototype(valid.value)) throw new Error('a member that names a prototype came through');
    if ('polluted' in {} || Object.keys(Object.prototype).length > 0) throw new Error('a prototype was touched');
  },
};

function holdsPrototype(value: unknown): boolean {
  if (typeof value !== 'object' || value === null) return false;
  return Object.hasOwn(value, '__proto__') || Object.values(value).some(holdsPrototype);
}
