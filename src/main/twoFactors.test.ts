import { mkdtempSync, rmSync } from 'node:fs';
import { createServer } from 'node:net';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterEach, beforeEach, expect, it } from 'vitest';
import type { SessionBody } from '../server/protocol.ts';
import { exampleHub } from './fixtures/exampleHub.ts';
import type { Hub } from './hub.ts';

let folder: string;
let hub: Hub | undefined;
beforeEach(() => {
  folder = mkdtempSync(join(tmpdir(), 'reflexe-two-factors-'));
});
afterEach(async () => {
  await hub?.close();
  rmSync(folder, { recursive: true });
});

/** The first administrator of a hub, by the link it printed; answers their session, and what the rest of the hub says to them. */
async function firstSignIn(port: number, publicUrl?: string) {
  hub = await exampleHub(folder, { port, ...(publicUrl === undefined ? {} : { publicUrl }) });
  const token = new URL(hub.firstLink ?? '').hash.slice('#first='.length);
  const headers = { 'x-reflexe': '1', 'content-type': 'application/json', 'x-forwarded-proto': 'https' };
  const origin = publicUrl === undefined ? hub.url : `http://localhost:${port}`;
  const first = await fetch(`${origin}/api/sign-in/first`, {
    method: 'POST',
    headers,
    body: JSON.stringify({ token, name: 'anne', displayName: 'Anne', password: 'five calm otters sail' }),
  });
  const cookie = first.headers
    .getSetCookie()
    .map((each) => each.split(';')[0])
    .join('; ');
  const worlds = await fetch(`${origin}/api/worlds`, { headers: { cookie, 'x-forwarded-proto': 'https' } });
  return { session: ((await first.json()) as SessionBody).session, status: worlds.status };
}

it('a hub on loopback opens to one factor', async () => {
  expect(await firstSignIn(0)).toMatchObject({ session: { strength: 1, enrolling: false }, status: 200 });
});

it('a hub that others reach, behind a proxy of this machine, opens nothing to one factor', async () => {
  const probe = createServer();
  const port = await new Promise<number>((ready) =>
    probe.listen(0, 'localhost', () => {
      const address = probe.address();
      ready(typeof address === 'object' && address ? address.port : 0);
    }),
  );
  await new Promise((done) => probe.close(done));
  expect(await firstSignIn(port, 'https://reflexe.hopital.example')).toMatchObject({
    session: { strength: 1, enrolling: true },
    status: 403,
  });
});
