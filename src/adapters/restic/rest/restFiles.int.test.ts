import { execFileSync } from 'node:child_process';
import { mkdirSync, mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import type { IncomingMessage, ServerResponse } from 'node:http';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { afterEach, beforeEach, describe, expect, type TestContext, test } from 'vitest';
import { accept, type Result } from '../../../journal/result.ts';
import { SourceGround } from '../../files/ground.ts';
import { freePort } from '../../fixtures/service.ts';
import { openssl, type Relay, rclone, relay, type Served, selfSigned, served } from '../fixtures/servedRepository.ts';
import { WrittenRepository } from '../fixtures/writtenRepository.ts';
import { FolderSource } from '../folderSource.ts';
import { verify } from '../verifying/verify.ts';
import type { RestAccess } from './address.ts';

const work = { signal: new AbortController().signal, progress: () => undefined };
let place: string;
let written: WrittenRepository;
let night: string;

beforeEach(() => {
  place = mkdtempSync(join(tmpdir(), 'reflexe-rest-'));
  written = new WrittenRepository(join(place, 'repository'), 'secret');
  night = written.snapshot(written.tree([written.file('a', 'first'), written.dir('b', [written.file('c', 'second')])]));
  written.endPack();
  written.writeIndex();
});
afterEach(() => rmSync(place, { recursive: true, force: true }));

const value = <Value>(result: Result<Value>): Value => {
  if (!result.ok) throw new Error(`${result.refusal.code}: ${result.refusal.message} ${result.refusal.kept ?? ''}`);
  return result.value;
};
const source = (url: string, server?: RestAccess) =>
  new FolderSource({
    repository: `rest:${url}`,
    ...(server === undefined ? {} : { server }),
    password: async () => accept('secret'),
  });
const into = (name = 'into') => {
  mkdirSync(join(place, name));
  return join(place, name);
};

/** A test behind rclone's server, and a relay that may answer in its place. */
const behind = (
  name: string,
  keep: (url: string, relayed: Relay, server: Served) => Promise<void>,
  instead?: (asked: IncomingMessage, answer: ServerResponse) => boolean,
) =>
  test(name, async (context: TestContext) => {
    if (rclone === undefined) return context.skip('rclone is not installed');
    await using server = await served(written.folder);
    await using relayed = await relay(server.port, instead);
    await keep(relayed.url, relayed, server);
  });
const isPack = ({ url }: IncomingMessage): boolean =>
  url?.startsWith('/data/') === true && url.length > '/data/'.length;
/** Answers so the first times it is asked for a pack. */
const first = (times: number, instead: (answer: ServerResponse) => void) => {
  let left = times;
  return (asked: IncomingMessage, answer: ServerResponse): boolean => {
    if (!isPack(asked) || left === 0) return false;
    left -= 1;
    instead(answer);
    return true;
  };
};
const always = Number.POSITIVE_INFINITY;
const status = (code: number) => (answer: ServerResponse) => void answer.writeHead(code).end('<p>not now</p>');

describe('a server is only ever read', () => {
  behind(
    'listing, looking in, restoring, verifying: nothing but GET and HEAD, not a byte changes',
    async (url, { asked }) => {
      const ground = new SourceGround();
      const before = await ground.fingerprint(written.folder);
      const [snapshot] = value(await source(url).snapshots(work));
      expect(snapshot).toMatchObject({ id: night, host: 'ehr' });
      expect(value(await source(url).entries(night, 'b', work)).entries.map(({ name }) => name)).toEqual(['c']);
      expect(value(await source(url).restore(night, into(), work))).toMatchObject({ files: 2, problems: [] });
      expect(readFileSync(join(place, 'into/b/c'), 'utf8')).toBe('second');
      const verified = await verify(value(await source(url).open()), { ...work, progress() {} });
      expect(verified).toMatchObject({ ok: true, packs: 1, problems: [], notes: [] });
      expect(new Set(asked.map((line) => line.split(' ')[0]))).toEqual(new Set(['GET', 'HEAD']));
      expect(await ground.fingerprint(written.folder)).toBe(before);
      ground.remove();
    },
  );

  behind('the verbs take its address', async (_, __, { url }) => {
    const passwordFile = join(place, 'password');
    writeFileSync(passwordFile, 'secret');
    const program = fileURLToPath(new URL('../../../cli/reflexe.ts', import.meta.url));
    const where = ['--restic', `rest:${url}`, '--password-file', passwordFile, '--json'];
    const reflexe = (...words: string[]): unknown =>
      JSON.parse(
        execFileSync(process.execPath, [program, 'restore', ...words, ...where], {
          encoding: 'utf8',
          stdio: ['ignore', 'pipe', 'ignore'],
        }),
      );
    expect(reflexe('snapshots')).toMatchObject({ snapshots: [{ id: night, files: 2 }], locks: [] });
    expect(reflexe('extract', '--snapshot', 'latest', '--to', join(place, 'verb'), '--path', 'b/c')).toMatchObject({
      ok: true,
      files: 1,
    });
    expect(readFileSync(join(place, 'verb/b/c'), 'utf8')).toBe('second');
  });
});

describe('a server that fails', () => {
  behind(
    'a pause, a connection that breaks, a part that is cut: asked again',
    async (url) => expect(value(await source(url).restore(night, into(), work))).toMatchObject({ files: 2 }),
    (() => {
      const failures = [status(503), (answer: ServerResponse) => void answer.destroy(), cut];
      return first(failures.length, (answer) => failures.shift()?.(answer));
    })(),
  );

  behind(
    'one that does not come back is out of reach: nothing is said of the night',
    async (url) => {
      const refused = await source(url).restore(night, into(), work);
      expect(refused).toMatchObject({
        ok: false,
        refusal: { code: 'backup-unreachable', retryable: true, kept: 'it answers 503' },
      });
      await expect(verify(value(await source(url).open()), { ...work, progress() {} })).rejects.toThrow(
        'does not answer',
      );
    },
    (asked, answer) => isPack(asked) && asked.headers.range !== undefined && first(always, status(503))(asked, answer),
  );

  behind(
    'a pack it cannot read, again and again, is damaged',
    async (url) =>
      expect(await source(url).restore(night, into(), work)).toMatchObject({
        ok: false,
        refusal: { code: 'backup-damaged' },
      }),
    first(always, status(500)),
  );

  behind('a pack that is gone costs what rests on it', async (url) => {
    const other = written.snapshot(written.tree([written.file('d', 'third')]));
    const pack = written.endPack();
    written.writeIndex();
    rmSync(pack);
    expect(await source(url).restore(other, into(), work)).toMatchObject({
      ok: false,
      refusal: { code: 'backup-damaged' },
    });
    expect(value(await source(url).restore(night, into('b'), work))).toMatchObject({ files: 2, problems: [] });
  });

  behind(
    'a night forgotten while the list is read is not a damaged one',
    async (url) => expect(value(await source(url).snapshots(work))).toEqual([]),
    (asked, answer) => {
      const forgotten = asked.url === `/snapshots/${night}`;
      if (forgotten) status(404)(answer);
      return forgotten;
    },
  );

  const stop = new AbortController();
  behind(
    'one that falls silent is not waited for',
    async (url) => {
      const refused = await source(url).restore(night, into(), { ...work, signal: stop.signal });
      expect(refused).toMatchObject({ ok: false, refusal: { code: 'interrupted', retryable: true } });
    },
    first(always, () => stop.abort()),
  );

  behind(
    'a page where a list should be is no repository',
    async (url) =>
      expect(await source(url).snapshots(work)).toMatchObject({
        ok: false,
        refusal: { code: 'backup-unreachable', retryable: false },
      }),
    ({ url }, answer) => {
      if (url === '/keys/') answer.end('<html>');
      return url === '/keys/';
    },
  );

  behind('there is nothing under that path', async (url) => {
    expect(await source(`${url}elsewhere/`).snapshots(work)).toMatchObject({
      ok: false,
      refusal: { code: 'backup-unreachable', kept: 'it holds no file config' },
    });
  });

  test('nobody listens there', async () => {
    const refused = await source(`http://localhost:${await freePort()}/`).snapshots(work);
    expect(refused).toMatchObject({
      ok: false,
      refusal: { code: 'backup-unreachable', kept: 'ECONNREFUSED', retryable: true },
    });
  });
});

describe('who asks, and who answers', () => {
  test('a user is named in the address, the password beside it; a wrong one is refused as such', async (context) => {
    if (rclone === undefined) return context.skip('rclone is not installed');
    await using server = await served(written.folder, ['--user', 'reflexe', '--pass', 'right']);
    const asUser = (password: string) =>
      source(server.url.replace('://', '://reflexe@'), { password: async () => accept(password) }).snapshots(work);
    expect(value(await asUser('right')).length).toBe(1);
    for (const refused of [await asUser('wrong'), await source(server.url).snapshots(work)])
      expect(refused).toMatchObject({ ok: false, refusal: { code: 'backup-access-refused', retryable: false } });
  });

  test('a server whose authority nobody named is an impostor; one that speaks no TLS too', async (context) => {
    if (rclone === undefined || openssl === undefined) return context.skip('rclone or openssl is not installed');
    const { key, certificate } = selfSigned(place);
    await using secure = await served(written.folder, ['--cert', certificate, '--key', key]);
    await using plain = await served(written.folder);
    expect(value(await source(secure.url, { authorityFile: certificate }).snapshots(work)).length).toBe(1);
    for (const url of [secure.url, plain.url.replace('http:', 'https:')])
      expect(await source(url).snapshots(work)).toMatchObject({
        ok: false,
        refusal: { code: 'backup-unreachable', retryable: false, message: expect.stringContaining('impostor') },
      });
  });

  test('an address that holds a password is refused, and not repeated', async () => {
    for (const url of ['http://reflexe:canary-77@localhost/', 'ftp://localhost/', 'here', 'http://localhost/?a=b'])
      expect(await source(url).snapshots(work)).toMatchObject({
        ok: false,
        refusal: { code: 'backup-address-unusable' },
      });
    const refused = await source('http://reflexe:canary-77@localhost/').snapshots(work);
    expect(JSON.stringify(refused)).not.toContain('canary-77');
  });
});

/** Half of what was promised. */
const cut = (answer: ServerResponse) => {
  answer.writeHead(206, { 'content-length': '1000' });
  answer.write('half', () => answer.destroy());
};
