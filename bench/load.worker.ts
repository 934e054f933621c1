import { once } from 'node:events';
import { mkdirSync, readdirSync, statSync } from 'node:fs';
import { join } from 'node:path';
import process from 'node:process';
import { fileURLToPath } from 'node:url';
import { pino } from 'pino';
import { createAccess } from '../src/access/access.ts';
import { createPasswordHasher } from '../src/adapters/argon2/passwordHasher.ts';
import { tokens } from '../src/adapters/crypto/tokens.ts';
import { oneTimeCodes } from '../src/adapters/otpauth/oneTimeCodes.ts';
import { openAccessStore } from '../src/adapters/sqlite/accessStore.ts';
import { passkeyCeremonies } from '../src/adapters/webauthn/passkeyCeremonies.ts';
import type { Result } from '../src/journal/result.ts';
import { keyFileBeside, openDataKeys } from '../src/main/dataKeys.ts';
import { startHub } from '../src/main/hub.ts';

/**
 * A whole hub on an address of the network, so with TLS, its journal on this disk: `load.worker.ts FOLDER PEOPLE SESSIONS`.
 * Its people are there before it starts, each with some open sessions; it says on one line what a client needs.
 */
const root = fileURLToPath(new URL('..', import.meta.url));
const [folder = '', people = '60', sessionsEach = '4'] = process.argv.slice(2);
const dataFolder = join(folder, 'data');

function value<Value>(result: Result<Value>): Value {
  if (!result.ok) throw new Error(`${result.refusal.code}: ${result.refusal.message}`);
  return result.value;
}

async function openSessions(): Promise<string[]> {
  mkdirSync(dataFolder, { recursive: true, mode: 0o700 });
  const onTrouble = () => undefined;
  const keys = value(await openDataKeys({ dataFolder, keyFile: keyFileBeside(dataFolder), now: Date.now, onTrouble }));
  const store = value(openAccessStore(join(dataFolder, 'access.sqlite'), keys.columns));
  const hasher = createPasswordHasher();
  const parts = { stores: store.stores, hasher, tokens, ceremonies: passkeyCeremonies, codes: oneTimeCodes };
  const access = createAccess({ ...parts, now: Date.now, demandsTwoFactors: true });
  const cookies: string[] = [];
  for (let at = 0; at < Number(people); at += 1) {
    const person = {
      id: tokens.newId('person'),
      name: `person-${at}`,
      displayName: `Person ${at}`,
      grants: [{ role: 'administrator', scope: 'establishment' } as const],
    };
    if (!store.stores.people.add(person)) throw new Error('the name is taken');
    for (let session = 0; session < Number(sessionsEach); session += 1) {
      const { sessionToken } = access.sessions.open(
        person,
        { method: 'passkey', strength: 2 },
        { address: '127.0.0.1' },
      );
      cookies.push(`__Host-reflexe-session=${sessionToken}`);
    }
  }
  store.close();
  await keys.close();
  return cookies;
}

const cookies = await openSessions();
const webRoot = join(root, 'dist', 'web');
const hub = value(
  await startHub({
    dataFolder,
    configuration: join(root, 'examples', 'groupe-exemple'),
    scenariosFolder: join(root, 'scenarios'),
    examplesFolder: join(root, 'examples'),
    webRoot,
    host: '0.0.0.0',
    port: 0,
    helperSocket: join(folder, 'no-helper.sock'),
    log: pino({ level: 'error' }, pino.destination(2)),
  }),
);
const sizeOf = (name: string): number => statSync(join(webRoot, 'assets', name)).size;
/** The largest first. */
const files = readdirSync(join(webRoot, 'assets'))
  .filter((name) => !/\.(br|gz)$/.test(name))
  .sort((one, other) => sizeOf(other) - sizeOf(one));
const said = {
  port: Number(new URL(hub.url).port),
  authority: hub.authority?.file,
  cookies,
  files: files.map((name) => `/assets/${name}`),
};
process.stdout.write(`${JSON.stringify(said)}\n`);
await once(process.stdin.resume(), 'end');
await hub.close();
process.exit(0);
