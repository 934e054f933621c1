import type { AccessDoor } from './accessDoor.ts';
import { accountRoutes } from './accountRoutes.ts';
import { apiTokenRoutes } from './apiTokenRoutes.ts';
import type { JsonRoute } from './declare.ts';
import { factorRoutes } from './factorRoutes.ts';
import { invitationRoutes } from './invitationRoutes.ts';
import { peopleRoutes } from './peopleRoutes.ts';
import { signInRoutes } from './signInRoutes.ts';

/** Signing in and out, one's own account, and the people an administrator lets in. */
export const accessRoutes = (door: AccessDoor): JsonRoute[] => [
  ...signInRoutes(door),
  ...invitationRoutes(door),
  ...accountRoutes(door),
  ...factorRoutes(door),
  ...apiTokenRoutes(door),
  ...peopleRoutes(door),
];
