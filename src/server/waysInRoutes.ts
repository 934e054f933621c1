import type { FastifyInstance } from 'fastify';
import type { WaysIn } from '../access/waysIn.ts';
import { breakGlassRoutes } from './breakGlassRoutes.ts';
import type { JsonRoute } from './declare.ts';
import { oidcRoutes } from './oidcRoutes.ts';
import { wardCardRoutes } from './wardCardRoutes.ts';
import type { WaysInSetting } from './waysInSetting.ts';

export const waysInRoutes = (setting: WaysInSetting): JsonRoute[] => [
  ...oidcRoutes(setting),
  ...wardCardRoutes(setting),
  ...breakGlassRoutes(setting),
];

/** What a break-glass opened ends at its time, and its feeds are cut then, whether or not anybody asks for something. */
export function endInTime(app: FastifyInstance, { uses }: WaysIn): void {
  const sweep = setInterval(() => uses.sweep(), 1000).unref();
  app.addHook('preClose', async () => clearInterval(sweep));
}
