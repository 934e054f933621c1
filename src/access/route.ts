import type { z } from 'zod';
import type { Act } from './policy.ts';

/**
 * A person's act on a room, declared as data in the room's `routes.ts`.
 * The server mounts it at `POST /api/worlds/:world/<path>`, validates the body, asks `may()` about `act` and the wards it
 * touches, and submits `command(body)` to that world's queue. Who may is said in `policy.ts` alone.
 */
export interface CommandRoute<Body extends z.ZodType = z.ZodType, Command = { type: string }> {
  path: string;
  act: Act;
  body: Body;
  command(body: z.infer<Body>): Command;
  /** Members of the body that are a person's own words: where a second person must agree, the journal keeps them in its private part. */
  inPrivate?: readonly string[];
  /** The wards an act of scope `ward` touches: without it nobody but the establishment's own may do it. */
  wards?(body: z.infer<Body>): readonly string[];
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
  act: Act;
}
