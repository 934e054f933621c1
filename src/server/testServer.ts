import { pino } from 'pino';
import { z } from 'zod';
import { type Access, createAccess } from '../access/access.ts';
import { memoryStores } from '../access/memoryStores.ts';
import { foldName, type Grant, type Person } from '../access/person.ts';
import type { AccessStores, PasswordHasher } from '../access/ports.ts';
import { type CommandRoute, commandRoute, type ViewRoute } from '../access/route.ts';
import { createPasswordHasher } from '../adapters/argon2/passwordHasher.ts';
import { tokens } from '../adapters/crypto/tokens.ts';
import { oneTimeCodes as codes } from '../adapters/otpauth/oneTimeCodes.ts';
import { passkeyCeremonies as ceremonies } from '../adapters/webauthn/passkeyCeremonies.ts';
import type { AppOptions } from './app.ts';
import { type RunningServer, startServer } from './server.ts';
import { type TestDirectory, testDirectory, testWorld } from './testWorld.ts';

export const password = 'five calm otters sail';

export const testCommands: CommandRoute[] = [
  commandRoute({
    path: 'lines',
    act: 'recovery.retry',
    body: z.strictObject({ text: z.string().min(1).max(2000) }),
    command: ({ text }) => ({ type: 'WriteLine', text }),
    thing: () => 'lines',
  }),
  commandRoute({
    path: 'ward/refusals',
    act: 'hold.extend',
    body: z.strictObject({ ward: z.string() }),
    wards: ({ ward }) => [ward],
    command: () => ({ type: 'Unknown' }),
  }),
];

export const testViews: ViewRoute[] = [
  { view: 'lines', act: 'board.see' },
  { view: 'count', act: 'audit.see' },
];

export interface TestParts {
  access: Access;
  stores: AccessStores;
  worlds: TestDirectory;
  /** What was logged, a line each. */
  logged: string[];
  options: AppOptions & { port: number };
  /** Someone holding these roles, and the cookie of their session. */
  someone(name: string, grants: readonly Grant[]): Promise<{ person: Person; cookie: string; token: string }>;
}

let hash: Promise<string> | undefined;

/** The parts of a server, with people who may sign in, over memory; the hash of everyone's password is made once. */
export function testParts(more: Partial<AppOptions> = {}, now: () => number = Date.now): TestParts {
  const stores = memoryStores();
  const hasher = createPasswordHasher();
  const access = createAccess({ stores, hasher, tokens, ceremonies, codes, now });
  const worlds = testDirectory(testWorld('live'));
  const logged: string[] = [];
  const log = pino({ level: 'debug' }, { write: (line: string) => void logged.push(line) });
  const options = {
    host: '127.0.0.1',
    port: 0,
    webRoot: null,
    worlds,
    commands: testCommands,
    views: testViews,
    access,
    log,
    ...more,
  };
  return {
    access,
    stores,
    worlds,
    logged,
    options,
    async someone(name, grants) {
      hash ??= hashOf(hasher);
      const person: Person = { id: tokens.newId('person'), name: foldName(name), displayName: name, grants };
      const link = access.makeFirstLink();
      stores.links.redeem(tokens.hashOf(link.token), now(), person, await hash);
      const attempt = await access.signIn(name, password, { address: name });
      if (!attempt.ok) throw new Error(attempt.refusal.code);
      if (!('sessionToken' in attempt.value)) throw new Error('a second factor is asked');
      const { sessionToken: token } = attempt.value;
      return { person, token, cookie: `reflexe-session=${token}` };
    },
  };
}

export async function started(parts: TestParts): Promise<RunningServer> {
  const result = await startServer(parts.options);
  if (!result.ok) throw new Error(result.refusal.message);
  return result.value;
}

async function hashOf(hasher: PasswordHasher): Promise<string> {
  const hashed = await hasher.hash(password);
  if (!hashed.ok) throw new Error(hashed.refusal.code);
  return hashed.value;
}
