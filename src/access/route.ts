import type { z } from 'zod';
import type { Allowed, Scope } from './roles.ts';

/**
 * A person's act on a room, declared as data in the room's `routes.ts`.
 * The server mounts it at `POST /api/worlds/:world/<path>`, validates the body, checks `allowed` and `scope`,
 * and submits `command(body)` to that world's queue. A route without role and scope is not a route: the server refuses to start.
 */
export interface CommandRoute<Body extends z.ZodType = z.ZodType, Command = { type: string }> {
  path: string;
  allowed: Allowed;
  scope: Scope;
  body: Body;
  command(body: z.infer<Body>): Command;
  /** The thing looked at, whose version the person saw: `incident-3`; the client sends it as `If-Match`. */
  thing?(body: z.infer<Body>): string;
}

export function commandRoute<Body extends z.ZodType, Command>(
  route: CommandRoute<Body, Command>,
): CommandRoute<Body, Command> {
  return route;
}

/** A view someone may follow: declared in the room's `routes.ts` beside its acts. */
export interface ViewRoute {
  view: string;
  allowed: Allowed;
  scope: Scope;
}
