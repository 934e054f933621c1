import { type ChildProcess, spawn, spawnSync } from 'node:child_process';
import { once } from 'node:events';
import { cpSync, existsSync, mkdirSync, readdirSync, readFileSync, writeFileSync } from 'node:fs';
import { createServer } from 'node:http';
import type { AddressInfo } from 'node:net';
import { join } from 'node:path';
import { DatabaseSync } from 'node:sqlite';
import { setTimeout } from 'node:timers/promises';
import { fileURLToPath } from 'node:url';
import { Secret, TOTP } from 'otpauth';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { openText } from '../../access/sealer.ts';
import type { IncidentsView } from '../../activate/views.ts';
import { type TemporaryFolder, temporaryFolder } from '../../adapters/fixtures/service.ts';
import { masterBy, openedBy } from '../../adapters/keys/keyring.ts';
import { readKeyring } from '../../adapters/keys/keyringFile.ts';
import { sealerUnder } from '../../adapters/keys/masterSealer.ts';
import { readKeyFile } from '../../adapters/keys/protectors/keyFile.ts';
import { follow } from '../../server/testFeed.ts';
import { type Canary, files, found, shapes } from './search.ts';

const root = fileURLToPath(new URL('../../..', import.meta.url));
const program = join(root, 'src', 'cli', 'reflexe.ts');

const text = {
  name: 'zéphyrine-canari-7c21',
  displayName: 'Dr Zéphyrine Canari-41ab, astreinte',
  password: 'canari-95e0 sous la pluie battante',
  log: 'Canari-d307 : Mme Dùrand, lit 12, transférée sans son dossier',
  secret: 'canari-b2f8-jeton-de-supervision',
  plainSecret: 'canari-66d1-mot-de-passe-des-sauvegardes',
};
const textCanaries: Canary[] = Object.entries(text).map(([name, value]) => ({ name, value }));

let place: TemporaryFolder;
let data: string;
let temporary: string;
let hubs: ChildProcess[];
beforeEach(async () => {
  place = await temporaryFolder();
  data = join(place.path, 'data');
  temporary = join(place.path, 'temporary');
  mkdirSync(temporary);
  hubs = [];
});
afterEach(async () => {
  for (const hub of hubs) await end(hub, 'SIGKILL');
  await place[Symbol.asyncDispose]();
});

async function end(hub: ChildProcess, signal: NodeJS.Signals): Promise<void> {
  if (hub.exitCode !== null || hub.signalCode !== null) return;
  hub.kill(signal);
  await once(hub, 'exit');
}

/** The product as a person starts it; what it and its tools put aside goes where it can be searched. */
async function start(configuration: string) {
  const environment = {
    PATH: process.env.PATH ?? '',
    TMPDIR: temporary,
    SQLITE_TMPDIR: temporary,
    LANG: 'fr_FR.UTF-8',
  };
  const args = [program, 'start', '--port', '0', '--data', data, '--config', configuration];
  const hub = spawn(process.execPath, args, { cwd: root, env: environment, stdio: ['ignore', 'pipe', 'pipe'] });
  hubs.push(hub);
  let said = '';
  hub.stderr.on('data', (bytes: Buffer) => {
    said += bytes.toString();
  });
  for await (const bytes of hub.stdout) {
    said += bytes.toString();
    const url = /http:\/\/localhost:\d+/.exec(said)?.[0];
    if (url !== undefined && said.includes('Ctrl+C')) {
      hub.stdout.on('data', (more: Buffer) => {
        said += more.toString();
      });
      return { hub, url, link: /#first=(\S+)/.exec(said)?.[1] ?? '', said: () => said };
    }
  }
  throw new Error(`the hub did not start: ${said}`);
}

async function post(
  url: string,
  path: string,
  body: object | undefined,
  cookie = '',
): Promise<{ body: unknown; cookie: string }> {
  const headers = { 'content-type': 'application/json', 'x-reflexe': '1', cookie };
  const answer = await fetch(`${url}${path}`, { method: 'POST', headers, body: JSON.stringify(body ?? {}) });
  const answered = await answer.text();
  if (!answer.ok) throw new Error(`${path}: ${answer.status} ${answered}`);
  const cookies = answer.headers.getSetCookie().map((one) => one.split(';')[0] ?? '');
  return {
    body: answered === '' ? undefined : JSON.parse(answered),
    cookie: cookies.length > 0 ? cookies.join('; ') : cookie,
  };
}

/** The map of the examples, and checks: one that nobody answers, one that proves itself by a named secret. */
function configurationWith(port: number): string {
  const folder = join(place.path, 'configuration');
  cpSync(join(root, 'examples', 'groupe-exemple'), folder, { recursive: true });
  writeFileSync(
    join(folder, 'checks.yaml'),
    `checks:
  - {id: storage, component: heb-baie, kind: tcp, host: 127.0.0.1, port: 9, every: 1s, timeout: 1s, flap: {downAfter: 1, upAfter: 1}}
  - {id: gate, component: heb-pare-feu, kind: http, url: 'http://127.0.0.1:${port}/', authorization: {bearer: supervision}, every: 1s, timeout: 1s}
`,
  );
  return folder;
}

/** This process and all it started. */
function family(pid: number): number[] {
  const children = (of: number): number[] =>
    readdirSync(`/proc/${of}/task`).flatMap((task) => {
      try {
        return readFileSync(`/proc/${of}/task/${task}/children`, 'utf8').trim().split(' ').filter(Boolean).map(Number);
      } catch {
        return [];
      }
    });
  return [pid, ...children(pid).flatMap((one) => (existsSync(`/proc/${one}`) ? family(one) : []))];
}

function shownByProcesses(pid: number, canaries: readonly Canary[]): string[] {
  return family(pid).flatMap((one) =>
    ['cmdline', 'environ'].flatMap((file) => {
      const content = readFileSync(`/proc/${one}/${file}`);
      const hits = canaries.filter((canary) => shapes(canary).some(({ bytes }) => content.includes(bytes)));
      return hits.map(({ name }) => `${one} ${file}: ${name}`);
    }),
  );
}

/** The bytes of the keys themselves, found as the hub finds them: from the key file beside the folder. */
function keyCanaries(): Canary[] {
  const read = readKeyring(join(data, 'keys'));
  const record = read.ok ? read.value?.protectors[0] : undefined;
  if (!read.ok || read.value === undefined || record === undefined) throw new Error('no keyring');
  const key = readKeyFile(`${data}.key`, read.value.folder, record.id);
  if (!key.ok) throw new Error(key.refusal.message);
  const protector = Uint8Array.from(key.value);
  const master = masterBy(read.value, record, key.value);
  if (master === undefined) throw new Error('the key file does not open');
  const { columns, index } = openedBy(master, read.value);
  const sealer = sealerUnder(() => [master]);
  const pem = openText(sealer, 'journal seal-key', readFileSync(join(data, 'journal', 'seal-key.sealed')));
  const body = Buffer.from(pem.replaceAll(/-----[^-]+-----|\n/g, ''), 'base64');
  const database = new DatabaseSync(join(data, 'keys', 'keys.sqlite'), { readOnly: true });
  const rows = database.prepare('SELECT subject, keyId, key FROM keys').all();
  database.close();
  expect(rows.length).toBeGreaterThan(0);
  return [
    { name: 'master key', value: master.key },
    { name: 'key of the key file', value: protector },
    ...columns.map(({ key: value }) => ({ name: 'columns key', value })),
    { name: 'index key', value: index },
    { name: 'seal key', value: Uint8Array.from(body.subarray(-32)) },
    ...rows.map(({ subject, keyId, key: wrapped }) => {
      if (!(wrapped instanceof Uint8Array)) throw new Error('not bytes');
      return {
        name: `data key of ${String(subject)}`,
        value: sealer.open(`data key ${JSON.stringify([keyId, subject])}`, wrapped),
      };
    }),
  ];
}

describe('what is personal or secret', () => {
  it('is found by the search, in every shape, in files, logs of databases and hidden folders', () => {
    const folder = join(place.path, 'control');
    mkdirSync(join(folder, '.hidden', 'deep'), { recursive: true });
    const canaries: Canary[] = [
      { name: 'text', value: text.log },
      { name: 'key', value: Uint8Array.from({ length: 32 }, (_, at) => (at * 37 + 11) % 256) },
    ];
    for (const canary of canaries) {
      for (const { shape, bytes } of shapes(canary)) {
        for (const padding of ['', 'x', 'xy', 'xyz']) {
          const name = `${canary.name}-${shape}-${padding.length}`;
          const file = join(folder, '.hidden', 'deep', name);
          writeFileSync(file, Buffer.concat([Buffer.from(padding), bytes, Buffer.from('tail')]));
          expect(found(folder, canaries).some((hit) => hit.includes(name))).toBe(true);
        }
      }
    }
    writeFileSync(join(folder, 'inside'), Buffer.from(`before ${text.log} after`).toString('base64'));
    writeFileSync(join(folder, 'capitals'), text.secret.toUpperCase());
    const database = new DatabaseSync(join(folder, 'control.sqlite'));
    database.exec('PRAGMA journal_mode = WAL; CREATE TABLE t (a); PRAGMA wal_checkpoint(TRUNCATE)');
    database.prepare('INSERT INTO t VALUES (?)').run(text.plainSecret);
    const hits = found(folder, textCanaries);
    database.close();
    expect(hits.some((hit) => hit.startsWith('inside: log (base64'))).toBe(true);
    expect(hits).toContain('capitals: secret (raw)');
    expect(hits).toContain('control.sqlite-wal: plainSecret (raw)');
  });

  it('lies nowhere in clear under the data folder, nor in temporary files, logs, arguments or environments', async () => {
    const heard: (string | undefined)[] = [];
    const gate = createServer((request, response) => {
      heard.push(request.headers.authorization);
      response.end('ok');
    });
    gate.listen(0, '127.0.0.1');
    await once(gate, 'listening');
    const configuration = configurationWith((gate.address() as AddressInfo).port);
    // One secret set by the command line before the first start, one left in a file by hand.
    const set = spawnSync(process.execPath, [program, 'secret', 'set', 'supervision', '--data', data], {
      input: `${text.secret}\n`,
    });
    expect(set.status).toBe(0);
    writeFileSync(join(data, 'secrets', 'sauvegardes'), `${text.plainSecret}\n`, { mode: 0o600 });
    expect(found(data, textCanaries)).toContain('secrets/sauvegardes: plainSecret (raw)');

    let { hub, url, link, said } = await start(configuration);
    const seen = new Set<string>();
    const canaries = [...textCanaries];
    const look = () => {
      for (const hit of [
        ...found(data, canaries),
        ...found(temporary, canaries),
        ...shownByProcesses(hub.pid ?? 0, canaries),
      ])
        seen.add(hit);
    };
    let acting = true;
    const looking = (async () => {
      for (; acting; await setTimeout(100)) look();
    })();

    const { name, displayName, password } = text;
    let { cookie } = await post(url, '/api/sign-in/first', { token: link, name, displayName, password });
    const begun = await post(url, '/api/account/totp/begin', undefined, cookie);
    const { secret } = begun.body as { secret: string };
    canaries.push(
      { name: 'TOTP secret', value: secret },
      { name: 'TOTP secret, bytes', value: new Uint8Array(Secret.fromBase32(secret).buffer) },
    );
    ({ cookie } = await post(url, '/api/account/totp/confirm', { code: new TOTP({ secret }).generate() }, cookie));
    for (const token of cookie.matchAll(/=([\w-]{40,})/g))
      canaries.push({ name: 'token of a cookie', value: token[1] ?? '' });
    expect(canaries.length).toBeGreaterThan(textCanaries.length + 2);

    const feed = await follow(`${url}/api/worlds/live/feed?views=incidents`, { cookie });
    const incidents = () => (feed.values.incidents as IncidentsView | undefined)?.incidents ?? [];
    await feed.until(() => incidents().length > 0);
    const incident = incidents()[0]?.incident ?? '';
    for (const kind of ['fact', 'decision'])
      await post(url, '/api/worlds/live/log', { incident, kind, text: text.log }, cookie);
    await feed.until(() => JSON.stringify(feed.values.incidents).includes(text.log));
    while (!heard.includes(`Bearer ${text.secret}`)) await once(gate, 'request');
    acting = false;
    await looking;
    canaries.push(...keyCanaries());
    look();
    expect([...seen]).toEqual([]);
    const written = files(data);
    expect(written).toEqual(
      expect.arrayContaining([
        'access.sqlite-wal',
        'journal/journal.sqlite-wal',
        'keys/keys.sqlite-wal',
        'secrets/sauvegardes.sealed',
      ]),
    );
    expect(readFileSync(`/proc/${hub.pid}/limits`, 'utf8')).toMatch(/Max core file size +0 +0 /);
    expect(readFileSync(`/proc/${hub.pid}/coredump_filter`, 'utf8').trim()).toBe('00000000');

    feed.close();
    await end(hub, 'SIGKILL');
    expect([...found(data, canaries), ...found(temporary, canaries)]).toEqual([]);

    const firstLife = said();
    ({ hub, url, said } = await start(configuration));
    const asked = await post(url, '/api/sign-in', { name: name.toUpperCase(), password });
    const {
      asked: { ticket },
    } = asked.body as { asked: { ticket: string } };
    // The next step: a code serves once.
    const code = new TOTP({ secret }).generate({ timestamp: Date.now() + 30_000 });
    ({ cookie } = await post(url, '/api/sign-in/code', { ticket, code }, asked.cookie));
    const again = await follow(`${url}/api/worlds/live/feed?views=incidents`, { cookie });
    await again.until(() => JSON.stringify(again.values.incidents ?? '').includes(text.log));
    const session = await fetch(`${url}/api/session`, { headers: { cookie } });
    expect(await session.text()).toContain(displayName);
    look();
    again.close();
    // A rotation while it works, and the last snapshot at its end.
    const rotated = spawnSync(process.execPath, [program, 'keys', 'rotate', '--data', data, '--json'], {
      encoding: 'utf8',
    });
    expect(rotated.stderr).toBe('');
    canaries.push(...keyCanaries());
    look();
    await end(hub, 'SIGTERM');
    gate.close();
    expect(files(data).some((file) => /journal\/snapshot-\d+\.sealed$/.test(file))).toBe(true);
    expect([...seen, ...found(data, canaries), ...found(temporary, canaries)]).toEqual([]);
    for (const canary of canaries) {
      for (const { bytes } of shapes(canary)) expect(Buffer.from(firstLife + said()).includes(bytes)).toBe(false);
    }
  }, 300_000);
});
