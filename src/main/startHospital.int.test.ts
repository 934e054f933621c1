import { spawnSync } from 'node:child_process';
import { cpSync, existsSync, rmSync } from 'node:fs';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { expect, it } from 'vitest';
import { installed, temporaryFolder } from '../adapters/fixtures/service.ts';
import { exampleHub } from './fixtures/exampleHub.ts';
import type { HospitalState } from './hospital.ts';
import type { Hub } from './hub.ts';

const root = fileURLToPath(new URL('../..', import.meta.url));
const examplesFolder = join(root, 'examples');
const configuration = join(examplesFolder, 'groupe-exemple');
const strace = installed('/usr/bin/strace');
const script = join(import.meta.dirname, 'fixtures', 'putExampleAway.ts');
/** Everything that changes what a disk holds, or makes it last. */
const calls = ['mkdir', 'fsync', 'rename', 'unlink'];
/** More than a start makes: reached, something is endless. */
const pointsMax = 200;
const password = 'quatre mots tranquilles ensemble';

const establishmentOf = (hub: Hub) => hub.establishment.world.state.map.document?.establishment;

/** A person at the door of a hub: what they ask carries their cookie. */
function person(url: string) {
  let cookie = '';
  return async (method: 'GET' | 'POST', path: string, body?: object) => {
    const response = await fetch(url + path, {
      method,
      headers: { 'x-reflexe': '1', 'content-type': 'application/json', cookie },
      ...(body === undefined ? {} : { body: JSON.stringify(body) }),
    });
    cookie = response.headers.getSetCookie()[0]?.split(';')[0] ?? cookie;
    const type = response.headers.get('content-type');
    const answered = type === 'application/pdf' ? await response.bytes() : await response.json();
    return { status: response.status, type, body: answered };
  };
}

it('a hospital takes the place of the example under the same hub: its own journal, the same people and rights', async () => {
  await using place = await temporaryFolder();
  let hub = await exampleHub(place.path);
  const ask = person(hub.url);
  const token = hub.firstLink?.split('#first=')[1];
  await ask('POST', '/api/sign-in/first', { token, name: 'camille', displayName: 'Camille Martin', password });
  expect(await ask('GET', '/api/hospital')).toMatchObject({ status: 200, body: { stands: 'example' } });
  const before = hub.establishment.world;
  const isGranted = ({ access }: HospitalState) => Object.keys(access.grants).length > 0;
  const { grants } = (await before.until(isGranted, AbortSignal.timeout(20_000))).access;

  const wrong = await ask('POST', '/api/hospital/start', { name: 'CH', timeZone: 'Europe/Nowhere' });
  expect(wrong.status).toBe(400);
  const hospital = { name: 'Centre hospitalier du Val', finess: '330781196', timeZone: 'Europe/Paris' };
  expect(await ask('POST', '/api/hospital/start', hospital)).toMatchObject({ status: 200, body: {} });

  const id = 'centre-hospitalier-du-val';
  expect(establishmentOf(hub)).toEqual({
    id,
    name: { fr: hospital.name },
    timeZone: 'Europe/Paris',
    finess: hospital.finess,
    reflexe: 'reflexe',
  });
  const { world } = hub.establishment;
  expect(world).not.toBe(before);
  expect(hub.worlds.get('live')).toBe(world);
  expect(world.options.establishment).toBe(id);
  expect(world.state.access.grants).toEqual(grants);
  expect(world.state.activate.plans.length).toBeGreaterThan(0);
  expect(await ask('GET', '/api/hospital')).toMatchObject({ status: 200, body: { stands: 'own' } });
  const again = await ask('POST', '/api/hospital/start', hospital);
  expect(again.body).toMatchObject({ error: { code: 'hospital-started' } });
  expect((await ask('GET', '/api/worlds/live/map')).body).toMatchObject({ document: { establishment: { id } } });
  const booklet = await ask('GET', '/api/worlds/live/map/booklet.pdf?language=en');
  expect([booklet.status, booklet.type]).toEqual([200, 'application/pdf']);

  const { sequence } = world.journal.queue.durable.head;
  await hub.close();
  hub = await exampleHub(place.path);
  expect(establishmentOf(hub)?.id).toBe(id);
  expect(hub.establishment.world.journal.queue.durable.head.sequence).toBeGreaterThanOrEqual(sequence);
  expect(existsSync(join(place.path, 'data', 'example', 'journal'))).toBe(true);
  expect(hub.firstLink).toBeNull();
  await hub.close();
});

it('killed at any point of its start, it is the example or the hospital, whole', async (context) => {
  if (strace === undefined) return context.skip('strace is not installed');
  await using place = await temporaryFolder();
  const [template, work] = [join(place.path, 'template'), join(place.path, 'work')];
  const example = await exampleHub(template);
  const exampleId = establishmentOf(example)?.id;
  const { hash } = example.establishment.world.state.map;
  await example.close();

  const seen = { example: 0, hospital: 0 };
  // Calls are counted by name: each has its own points, and its turn ends when nothing is left to kill.
  let [call = '', ...others] = calls;
  for (let point = 1; call !== ''; point += 1) {
    expect(point).toBeLessThan(pointsMax);
    rmSync(work, { recursive: true, force: true });
    cpSync(template, work, { recursive: true });
    const inject = `inject=${call}:signal=KILL:when=${point}`;
    const begun = [process.execPath, script, join(work, 'data'), configuration, examplesFolder];
    const args = ['-f', '-o', '/dev/null', '-e', `trace=${call}`, '-e', inject, ...begun];
    // And by thread: one thread makes them all.
    const env = { PATH: process.env.PATH, UV_THREADPOOL_SIZE: '1' };
    const { status, signal, stderr } = spawnSync(strace, args, { encoding: 'utf8', env });
    const hub = await exampleHub(work);
    const { map } = hub.establishment.world.state;
    if (establishmentOf(hub)?.id === exampleId) {
      seen.example += 1;
      expect(map.hash).toBe(hash);
    } else {
      seen.hospital += 1;
      expect(establishmentOf(hub)?.id).toBe('centre-hospitalier-du-val');
      expect(map.document).toMatchObject({ careFunctions: [], wards: [] });
      expect(existsSync(join(work, 'data', 'configuration', 'put-away'))).toBe(false);
      expect(existsSync(join(work, 'data', 'example', 'journal'))).toBe(true);
    }
    await hub.close();
    if (status !== 0) expect(signal ?? status, stderr).toBe('SIGKILL');
    else {
      [call = '', ...others] = others;
      point = 0;
    }
  }
  expect(seen.example).toBeGreaterThan(5);
  expect(seen.hospital).toBeGreaterThan(5);
}, 300_000);
