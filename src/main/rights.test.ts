import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { policy } from '../access/policy.ts';
import { type Allowed, type Grant, roles } from '../access/roles.ts';
import { parseAnchor } from '../journal/code.ts';
import type { BoardView } from '../map/care.ts';
import { follow } from '../server/testFeed.ts';
import { exampleHub } from './fixtures/exampleHub.ts';
import type { Hub } from './hub.ts';

const password = 'five calm otters sail';
let folder: string;
let hub: Hub;

/** The hub as it is started, with the example group: every route and every feed there really is. */
beforeAll(async () => {
  folder = mkdtempSync(join(tmpdir(), 'reflexe-rights-'));
  hub = await exampleHub(folder);
});
afterAll(async () => {
  await hub?.close();
  rmSync(folder, { recursive: true, force: true });
});

interface Asked {
  status: number;
  code: string | undefined;
  body: { [member: string]: unknown };
  cookie: string | undefined;
}

async function ask(method: string, path: string, cookie?: string, body?: object): Promise<Asked> {
  const response = await fetch(new URL(path, hub.url), {
    method,
    headers: {
      'x-reflexe': '1',
      ...(cookie === undefined ? {} : { cookie }),
      ...(body === undefined ? {} : { 'content-type': 'application/json' }),
    },
    ...(body === undefined ? {} : { body: JSON.stringify(body) }),
  });
  const text = await response.text();
  const answer = text.startsWith('{') ? JSON.parse(text) : {};
  const [session] = response.headers.getSetCookie().filter((one) => one.startsWith('reflexe-session='));
  return { status: response.status, code: answer.error?.code, body: answer, cookie: session?.split(';')[0] };
}

let administrator = '';
let people = 0;

async function first(): Promise<string> {
  const token = hub.firstLink?.split('#first=')[1] ?? '';
  const made = await ask('POST', '/api/sign-in/first', undefined, {
    token,
    name: 'anne',
    displayName: 'Anne',
    password,
  });
  return made.cookie ?? '';
}

/** Somebody invited with these rights, as an administrator does it: id, and the cookie of their session. */
async function someone(grants: readonly Grant[]): Promise<{ id: string; cookie: string }> {
  administrator ||= await first();
  people += 1;
  const invited = await ask('POST', '/api/people', administrator, {
    name: `person-${people}`,
    displayName: `Person ${people}`,
    grants,
  });
  const { person, token } = invited.body as { person: { id: string }; token: string };
  const { cookie = '' } = await ask('POST', '/api/links/password', undefined, { token, password });
  return { id: person.id, cookie };
}

const may = (allowed: Allowed, role: string): boolean =>
  allowed === 'public' ||
  (role !== 'nobody' && role !== 'none' && (allowed === 'signedIn' || allowed.includes(role as never)));
const everywhere = (role: (typeof roles)[number]): Grant[] => [{ role, scope: 'establishment' }];

async function everyone(): Promise<{ role: string; cookie: string | undefined }[]> {
  const holders = [];
  for (const role of roles) holders.push({ role, cookie: (await someone(everywhere(role))).cookie });
  return [{ role: 'nobody', cookie: undefined }, { role: 'none', cookie: (await someone([])).cookie }, ...holders];
}

describe('every route and feed of the hub, with every role', () => {
  let all: Awaited<ReturnType<typeof everyone>>;
  beforeAll(async () => {
    all = await everyone();
  }, 60_000);

  it('answers those the policy names and refuses all others', async () => {
    const guarded = hub.routes.filter(({ right }) => right.allowed !== 'public' && !right.act?.startsWith('private.'));
    expect(guarded.length).toBeGreaterThan(45);
    for (const { method, url, right } of guarded) {
      if (url.endsWith('/feed')) continue;
      for (const { role, cookie } of all) {
        const place = `${method} ${url} as ${role}`;
        // A body that no act takes: what is allowed is refused for its form, and nothing is done.
        const path = url.replace(':world', 'live').replace(/:\w+/g, 'x');
        const answered = await ask(method, path, cookie, method === 'GET' ? undefined : { nothing: 'of use' });
        if (may(right.allowed, role)) expect(['signed-out', 'not-allowed'], place).not.toContain(answered.code);
        else
          expect([answered.status, answered.code], place).toEqual(
            role === 'nobody' ? [401, 'signed-out'] : [403, 'not-allowed'],
          );
      }
    }
  }, 120_000);

  it('is in the table, and these are open to everyone', () => {
    expect(hub.routes.every(({ right }) => right.act !== undefined && right.act in policy)).toBe(true);
    const open = hub.routes
      .filter(({ right }) => right.allowed === 'public')
      .map(({ method, url }) => `${method} ${url}`);
    expect(open.sort()).toEqual(openToEveryone);
  });

  it('and every view', async () => {
    const views: { [view: string]: Allowed } = {
      board: policy['board.see'].allowed,
      alarms: policy['alarms.see'].allowed,
      incidents: policy['incidents.see'].allowed,
      restoration: policy['restoration.see'].allowed,
      backups: policy['restoration.see'].allowed,
      map: policy['map.see'].allowed,
      approvals: policy['approval.see'].allowed,
      audit: policy['audit.see'].allowed,
    };
    expect(Object.keys(views).sort()).toEqual([...hub.establishment.world.views.names].sort());
    for (const { role, cookie } of all) {
      for (const [view, allowed] of Object.entries(views)) {
        const feed = await follow(`${hub.url}/api/worlds/live/feed?views=${view}`, { cookie: cookie ?? '' });
        const expected = may(allowed, role) ? 200 : role === 'nobody' ? 401 : 403;
        expect(feed.status, `${view} as ${role}`).toBe(expected);
        feed.close();
        await feed.ended;
      }
    }
  }, 60_000);
});

describe('a right for one ward', () => {
  it('acts there and nowhere else, and cannot tell a ward it has nothing to do with from none', async () => {
    const { wards, careFunctions } = hub.establishment.world.state.map.document ?? { wards: [], careFunctions: [] };
    const [mine, other] = wards.map(({ id }) => id);
    const careFunction = careFunctions.find((one) => one.wards.includes(mine ?? ''))?.id ?? '';
    const { cookie } = await someone([{ role: 'clinician', scope: 'ward', ward: mine ?? '' }]);
    const hold = (ward: string | undefined) => ask('POST', '/api/worlds/live/holds', cookie, { careFunction, ward });
    expect((await hold(mine)).code).not.toBe('not-allowed');
    const [elsewhere, nowhere] = [await hold(other), await hold('no-such-ward')];
    expect([elsewhere.status, elsewhere.code]).toEqual([403, 'not-allowed']);
    expect(nowhere.body).toEqual(elsewhere.body);

    const feed = await follow(`${hub.url}/api/worlds/live/feed?views=board,map,incidents`, { cookie });
    await feed.until(({ values }) => values.board !== undefined);
    const seen = (feed.values.board as BoardView).bands.flatMap((band) => band.wards.map(({ ward }) => ward));
    expect(seen.length).toBeGreaterThan(0);
    expect(new Set(seen)).toEqual(new Set([mine]));
    const withheld = feed.messages.flatMap((message) => (message.kind === 'withheld' ? message.view : []));
    expect(withheld.sort()).toEqual(['incidents', 'map']);
    feed.close();
  });
});

describe('rights that change', () => {
  it('hold at once: a form that was open is refused, the session lives, its feed is cut', async () => {
    const director = await someone(everywhere('crisisDirector'));
    const act = () => ask('POST', '/api/worlds/live/levels', director.cookie, { incident: 'x', level: 'planBlanc' });
    expect((await act()).code).not.toBe('not-allowed');
    const feed = await follow(`${hub.url}/api/worlds/live/feed?views=incidents`, { cookie: director.cookie });
    const change = { person: director.id, grants: everywhere('staff') };
    expect((await ask('POST', '/api/people/grants', administrator, change)).status).toBe(200);
    expect([(await act()).code, (await ask('GET', '/api/session', director.cookie)).status]).toEqual([
      'not-allowed',
      200,
    ]);
    await feed.ended;
    expect(feed.messages.at(-1)).toMatchObject({ kind: 'cut', refusal: { code: 'not-allowed' } });
    const { body } = await ask('GET', '/api/worlds/live/audit', administrator);
    expect(JSON.stringify(body)).toContain(director.id);
  }, 30_000);
});

it('the journal’s code is that of its head, and only for those who may read it', async () => {
  const auditor = await someone(everywhere('auditor'));
  const { code } = (await ask('GET', '/api/worlds/live/seal', auditor.cookie)).body as { code: string };
  const parsed = parseAnchor(code);
  expect(await hub.establishment.world.journal.verify(parsed.ok ? parsed.value : undefined)).toMatchObject({
    ok: true,
  });
  expect(parsed.ok && parsed.value.sequence).toBeGreaterThan(0);
});

describe('an act of two people', () => {
  it('is done once somebody else who may do it agrees, and in the journal under both', async () => {
    const [second, ciso] = [await someone(everywhere('administrator')), await someone(everywhere('ciso'))];
    const erase = (cookie: string) => ask('POST', '/api/worlds/live/erasures', cookie, { subject: 'incident-of-test' });
    const asked = await erase(second.cookie);
    expect(asked.body).toMatchObject({ awaits: 'secondPerson' });
    const { access } = hub.establishment.world.state;
    const [approval = ''] = Object.keys(access.approvals);
    expect(access.erasures).toEqual([]);
    const agree = (cookie: string, to = approval) =>
      ask('POST', '/api/worlds/live/approvals/give', cookie, { approval: to });
    expect((await agree(ciso.cookie)).code).toBe('not-allowed');
    expect((await agree(second.cookie)).code).toBe('approval-same-person');
    expect((await agree(administrator)).status).toBe(200);
    expect((await agree(administrator)).code).toBe('approval-not-open');
    // The other way round, the first would have made their own second.
    await erase(administrator);
    const [other = ''] = Object.keys(hub.establishment.world.state.access.approvals);
    expect((await agree(second.cookie, other)).code).toBe('approval-own-nominee');
    const after = await hub.establishment.world.until(
      ({ access: now }) => now.audit.some(({ what }) => what === 'privateErased'),
      AbortSignal.timeout(10_000),
    );
    const trail = after.access.audit.map(({ what, person }) => [what, person]);
    expect(trail).toContainEqual(['approvalAsked', `person:${second.id}`]);
    const { person } = (await ask('GET', '/api/session', administrator)).body as { person: { id: string } };
    expect(trail).toContainEqual(['approvalGiven', `person:${person.id}`]);
  });
});

/** Ways in and out, and what a page asks before anyone is known: a route that joins them is looked at here. */
const openToEveryone = [
  'GET /api/break-glass/envelopes',
  'GET /api/health',
  'GET /api/session',
  'GET /api/sign-in/providers',
  'POST /api/break-glass/administrative',
  'POST /api/break-glass/card',
  'POST /api/break-glass/care',
  'POST /api/break-glass/care/again',
  'POST /api/break-glass/close',
  'POST /api/links/look',
  'POST /api/links/passkey',
  'POST /api/links/passkey/options',
  'POST /api/links/password',
  'POST /api/session/here',
  'POST /api/sign-in',
  'POST /api/sign-in/code',
  'POST /api/sign-in/first',
  'POST /api/sign-in/key',
  'POST /api/sign-in/key/options',
  'POST /api/sign-in/passkey',
  'POST /api/sign-in/passkey/options',
  'POST /api/sign-in/providers/begin',
  'POST /api/sign-in/providers/finish',
  'POST /api/sign-in/providers/sign-out',
  'POST /api/sign-in/recovery-code',
  'POST /api/sign-out',
];
