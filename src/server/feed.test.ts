import { connect } from 'node:net';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { sessionMillisecondsMax } from '../access/limits.ts';
import type { RefusedBody } from './protocol.ts';
import type { RunningServer } from './server.ts';
import { follow } from './testFeed.ts';
import { started, type TestParts, testParts } from './testServer.ts';
import { type TestWorld, testWorld } from './testWorld.ts';

let now: number;
let parts: TestParts;
let server: RunningServer;
let world: TestWorld;
let cookie: string;
const lines = (of: TestWorld) => of.views.compute('lines') as { lines: { text: string }[] };

async function start(limits: NonNullable<TestParts['options']['limits']> = {}): Promise<void> {
  now = Date.now();
  parts = testParts({ limits: { viewPauseMilliseconds: 0, ...limits } }, () => now);
  world = testWorld('live');
  parts.worlds.add(world);
  server = await started(parts);
  ({ cookie } = await parts.someone('anne', [{ role: 'administrator', scope: 'establishment' }]));
}
const feedUrl = (views: string, id = 'live') =>
  `http://127.0.0.1:${server.address.port}/api/worlds/${id}/feed?views=${views}`;
const post = (path: string, body: object, as = cookie) =>
  fetch(`http://127.0.0.1:${server.address.port}${path}`, {
    method: 'POST',
    headers: { cookie: as, 'x-reflexe': '1', 'content-type': 'application/json' },
    body: JSON.stringify(body),
  });

beforeEach(() => start());
afterEach(() => server.close());

describe('the feed', () => {
  it('gives the world, snapshots, then one patch per durable change, without a hole', async () => {
    world.write('before');
    const feed = await follow(feedUrl('lines,count'), { cookie });
    await feed.until(({ values }) => values.count !== undefined && values.lines !== undefined);
    expect(feed.messages[0]).toMatchObject({ kind: 'world', world: { id: 'live', kind: 'live' } });
    for (let number = 1; number <= 20; number += 1) {
      expect((await post('/api/worlds/live/lines', { text: `line ${number}` })).status).toBe(200);
      await feed.until(({ values }) => (values.count as { count: number }).count === number + 1);
    }
    await feed.until(({ values }) => (values.lines as { lines: unknown[] }).lines.length === 21);
    expect(feed.values.lines).toEqual(lines(world));
    expect(feed.versions.count).toEqual(Array.from({ length: 21 }, (_, index) => index + 1));
    expect(feed.messages.filter(({ kind }) => kind === 'patch').length).toBe(40);
    feed.close();
  });

  it('resumes after a lost connection: every version is seen, nothing twice, nothing whole again', async () => {
    const first = await follow(feedUrl('lines,count'), { cookie });
    await first.until(({ values }) => values.count !== undefined && values.lines !== undefined);
    world.write('seen');
    await first.until(({ versions }) => versions.lines?.at(-1) === 2 && versions.count?.at(-1) === 2);
    const other = await follow(feedUrl('lines,count'), { cookie });
    first.close();
    await first.ended;
    for (const text of ['missed one', 'missed two', 'missed three']) {
      world.write(text);
      await other.until(({ values }) => (values.lines as { lines: { text: string }[] }).lines.at(-1)?.text === text);
    }
    await other.until(({ versions }) => versions.count?.at(-1) === 5);
    const again = await follow(feedUrl('lines,count'), {
      cookie,
      lastId: first.lastId,
      onStart: (feed) => Object.assign(feed.values, structuredClone(first.values)),
    });
    await again.until(({ versions }) => versions.lines?.at(-1) === 5 && versions.count?.at(-1) === 5);
    expect(first.versions.lines).toEqual([1, 2]);
    expect(again.versions.lines).toEqual([3, 4, 5]);
    expect(again.versions.count).toEqual([3, 4, 5]);
    expect(again.messages.some(({ kind }) => kind === 'snapshot')).toBe(false);
    expect(again.values).toEqual(other.values);
    for (const feed of [other, again]) feed.close();
  });

  it('resumes also what happened while nobody looked, and by `after` where a header cannot be set', async () => {
    const first = await follow(feedUrl('lines'), { cookie });
    await first.until(({ values }) => values.lines !== undefined);
    first.close();
    await first.ended;
    world.write('while nobody looked');
    const again = await follow(`${feedUrl('lines')}&after=${first.lastId}`, {
      cookie,
      onStart: (feed) => Object.assign(feed.values, structuredClone(first.values)),
    });
    await again.until(({ versions }) => versions.lines !== undefined);
    expect(again.versions.lines).toEqual([2]);
    expect(again.values.lines).toEqual(lines(world));
    again.close();
  });

  it('starts whole again when what was missed is no longer kept, or the id is of another feed', async () => {
    await server.close();
    await start({ keptMessages: 2 });
    const first = await follow(feedUrl('lines'), { cookie });
    const other = await follow(feedUrl('lines'), { cookie });
    await first.until(({ values }) => values.lines !== undefined);
    first.close();
    for (let number = 2; number <= 5; number += 1) {
      world.write(`line ${number}`);
      await other.until(({ versions }) => versions.lines?.at(-1) === number);
    }
    for (const lastId of [first.lastId, 'ffffffffffff00000000.1', 'nonsense', `${first.lastId?.split('.')[0]}.999`]) {
      const again = await follow(feedUrl('lines'), { cookie, lastId });
      await again.until(({ values }) => values.lines !== undefined);
      expect(again.messages[1]).toMatchObject({ kind: 'snapshot', version: 5 });
      expect(again.values.lines).toEqual(lines(world));
      again.close();
    }
    const otherViews = await follow(feedUrl('lines,count'), { cookie, lastId: other.lastId });
    await otherViews.until(({ values }) => values.lines !== undefined && values.count !== undefined);
    for (const feed of [other, otherViews]) feed.close();
  });

  it('computes a burst once, and once for everyone', async () => {
    await server.close();
    await start({ viewPauseMilliseconds: 50 });
    const feeds = await Promise.all(Array.from({ length: 10 }, () => follow(feedUrl('lines'), { cookie })));
    await Promise.all(feeds.map((feed) => feed.until(({ values }) => values.lines !== undefined)));
    expect(world.computed.get('lines')).toBe(1);
    for (let number = 0; number < 500; number += 1) world.write(`line ${number}`);
    await Promise.all(
      feeds.map((feed) => feed.until(({ values }) => (values.lines as { lines: unknown[] }).lines.length === 500)),
    );
    expect(world.computed.get('lines')).toBe(2);
    expect(world.computed.get('count')).toBeUndefined();
    for (const feed of feeds) feed.close();
  });

  it('a view that cannot be computed freezes alone, says so also to who comes later, and comes back', async () => {
    const feed = await follow(feedUrl('lines,count'), { cookie });
    await feed.until(({ values }) => values.count !== undefined && values.lines !== undefined);
    world.breakView('lines', true);
    await feed.until(({ messages }) => messages.some(({ kind }) => kind === 'stale'));
    world.write('the others go on');
    await feed.until(({ values }) => (values.count as { count: number }).count === 1);
    const late = await follow(feedUrl('lines,count'), { cookie });
    await late.until(({ messages }) => messages.some(({ kind }) => kind === 'stale'));
    expect(late.values.lines).toEqual({ lines: [] });
    const stale = feed.messages.filter((message) => message.kind === 'stale');
    expect(stale).toHaveLength(1);
    expect(stale[0]).toMatchObject({ view: 'lines', version: 1, refusal: { code: 'view-stale', retryable: true } });
    world.breakView('lines', false);
    for (const one of [feed, late]) {
      await one.until(({ versions }) => versions.lines?.at(-1) === 2);
      expect(one.values.lines).toEqual(lines(world));
      one.close();
    }
    const [line] = parts.logged.filter((one) => one.includes('unexpected failure'));
    expect(line).toContain('"view":"lines"');
    expect(line).not.toContain('broken on purpose');
  });

  it('never computed is stale at version 0, then whole', async () => {
    world.breakView('lines', true);
    const feed = await follow(feedUrl('lines'), { cookie });
    await feed.until(({ messages }) => messages.some(({ kind }) => kind === 'stale'));
    expect(feed.messages.find(({ kind }) => kind === 'stale')).toMatchObject({ version: 0 });
    world.breakView('lines', false);
    await feed.until(({ values }) => values.lines !== undefined);
    expect(feed.messages.at(-1)).toMatchObject({ kind: 'snapshot', version: 1 });
    feed.close();
  });

  it('is refused for what does not exist, without saying which part does not', async () => {
    const answers = await Promise.all(
      [feedUrl('lines', 'nowhere'), feedUrl('lines,secrets'), feedUrl('')].map(async (url) => {
        const answered = await fetch(url, { headers: { cookie } });
        return [answered.status, await answered.json()];
      }),
    );
    expect(new Set(answers.map((one) => JSON.stringify(one))).size).toBe(1);
    expect(answers[0]?.[0]).toBe(404);
  });

  it('is bounded per session', async () => {
    await server.close();
    await start({ feedsPerSession: 2 });
    const feeds = [await follow(feedUrl('lines'), { cookie }), await follow(feedUrl('lines'), { cookie })];
    const third = await fetch(feedUrl('lines'), { headers: { cookie } });
    expect([third.status, ((await third.json()) as RefusedBody).error.code]).toEqual([429, 'too-many-feeds']);
    feeds[0]?.close();
    await expect
      .poll(
        async () =>
          await fetch(feedUrl('count'), { headers: { cookie } }).then(async (one) => {
            await one.body?.cancel();
            return one.status;
          }),
      )
      .toBe(200);
    feeds[1]?.close();
  });
});

describe('a feed is cut', () => {
  it('at once when its session is revoked from elsewhere, and nothing comes after', async () => {
    const feed = await follow(feedUrl('lines'), { cookie });
    await feed.until(({ values }) => values.lines !== undefined);
    const elsewhere = await parts.access.signIn('anne', 'five calm otters sail', { address: 'elsewhere' });
    if (!elsewhere.ok || !('sessionToken' in elsewhere.value)) throw new Error('not signed in');
    const as = `reflexe-session=${elsewhere.value.sessionToken}`;
    const own = await fetch(`http://127.0.0.1:${server.address.port}/api/sessions`, { headers: { cookie: as } });
    const { sessions } = (await own.json()) as { sessions: { id: string; here: boolean }[] };
    const victim = sessions.find(({ here }) => !here);
    // No heartbeat is due for ten seconds: what cuts is the revocation itself.
    expect((await post('/api/sessions/revoke', { session: victim?.id }, as)).status).toBe(200);
    world.write('not for you');
    await feed.ended;
    expect(feed.messages.at(-1)).toMatchObject({ kind: 'cut', refusal: { code: 'signed-out' } });
    expect(JSON.stringify(feed.messages)).not.toContain('not for you');
    const again = await fetch(feedUrl('lines'), { headers: { cookie } });
    expect(again.status).toBe(401);
  });

  it('when its person signs out', async () => {
    const feed = await follow(feedUrl('lines'), { cookie });
    await post('/api/sign-out', {});
    await feed.ended;
    expect(feed.messages.at(-1)).toMatchObject({ kind: 'cut' });
  });

  it('when its session expires, at the next heartbeat', async () => {
    await server.close();
    await start({ heartbeatMilliseconds: 20 });
    const feed = await follow(feedUrl('lines'), { cookie });
    await feed.until(({ messages }) => messages.filter(({ kind }) => kind === 'world').length >= 3);
    now += sessionMillisecondsMax;
    await feed.ended;
    expect(feed.messages.at(-1)).toMatchObject({ kind: 'cut', refusal: { code: 'signed-out' } });
  });

  it('when its world ends; a change of the world is told', async () => {
    parts.worlds.add(testWorld('exercise-1', 'exercise'));
    const feed = await follow(feedUrl('lines', 'exercise-1'), { cookie });
    await feed.until(({ values }) => values.lines !== undefined);
    const exercise = parts.worlds.get('exercise-1');
    if (exercise) parts.worlds.add(exercise);
    await feed.until(({ messages }) => messages.filter(({ kind }) => kind === 'world').length === 2);
    parts.worlds.remove('exercise-1');
    await feed.ended;
    expect(feed.messages.at(-1)).toMatchObject({ kind: 'cut', refusal: { code: 'not-found' } });
  });

  it('when it does not read what comes; it then resumes by number, without a hole', async () => {
    await server.close();
    await start({ unreadBytesMax: 100_000, keptBytes: 1_000_000_000, keptMessages: 100_000 });
    const reader = await follow(feedUrl('lines'), { cookie });
    const slow = await follow(feedUrl('lines,count'), { cookie });
    await slow.until(({ values }) => values.lines !== undefined && values.count !== undefined);
    slow.pause();
    // The kernel's buffers fill, then ours, then the bound is met.
    let written = 0;
    while (!parts.logged.some((line) => line.includes('slow follower cut'))) {
      written += 1;
      world.write(`${'y'.repeat(50_000)}${written}`);
      await reader.until(({ versions }) => versions.lines?.at(-1) === written + 1);
    }
    slow.resume();
    await slow.ended;
    const seen = slow.versions.lines?.at(-1) ?? 0;
    expect(slow.versions.lines).toEqual(Array.from({ length: seen }, (_, index) => index + 1));
    expect(seen).toBeLessThan(written + 1);
    const again = await follow(feedUrl('lines,count'), {
      cookie,
      lastId: slow.lastId,
      onStart: (feed) => Object.assign(feed.values, structuredClone(slow.values)),
    });
    await again.until(({ versions }) => versions.lines?.at(-1) === written + 1);
    expect(again.messages.some(({ kind }) => kind === 'snapshot')).toBe(false);
    expect(again.values.lines).toEqual(lines(world));
    for (const feed of [reader, again]) feed.close();
  });

  it('silently when it stopped reading for two heartbeats', async () => {
    await server.close();
    await start({ heartbeatMilliseconds: 20, unreadBytesMax: 1_000_000_000 });
    for (let number = 0; number < 400; number += 1) world.write('z'.repeat(20_000));
    const slow = connect(server.address.port, '127.0.0.1');
    slow.pause();
    slow.write(`GET /api/worlds/live/feed?views=lines HTTP/1.1\r\nhost: localhost\r\ncookie: ${cookie}\r\n\r\n`);
    await expect
      .poll(() => parts.logged.some((line) => line.includes('slow follower cut')), { timeout: 5000 })
      .toBe(true);
    slow.destroy();
  });
});

it('many follow at once: each sees every version', async () => {
  await server.close();
  await start({ feedsPerSession: 300, requestsPerMinutePerSession: 10_000 });
  const feeds = await Promise.all(Array.from({ length: 200 }, () => follow(feedUrl('lines,count'), { cookie })));
  for (let number = 1; number <= 10; number += 1) {
    world.write(`line ${number}`);
    await Promise.all(
      feeds.map((feed) =>
        feed.until(({ values }) => (values.count as { count: number } | undefined)?.count === number),
      ),
    );
  }
  await Promise.all(
    feeds.map((feed) => feed.until(({ values }) => (values.lines as { lines: unknown[] }).lines.length === 10)),
  );
  for (const feed of feeds) {
    const from = feed.versions.count?.[0] ?? 0;
    expect(feed.versions.count).toEqual(Array.from({ length: 12 - from }, (_, index) => from + index));
    feed.close();
  }
});
