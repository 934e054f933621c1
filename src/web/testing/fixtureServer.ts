import { Buffer } from 'node:buffer';
import { readFile } from 'node:fs/promises';
import { createServer, type IncomingMessage, type Server, type ServerResponse } from 'node:http';
import type { AddressInfo } from 'node:net';
import { extname, join, normalize } from 'node:path';
import { applyPatch } from 'rfc6902';
import type { Act } from '../../access/policy.ts';
import type { Refusal } from '../../journal/result.ts';
import type { FeedMessage, WorldInfo } from '../../server/protocol.ts';
import type { Views } from '../feed/views.ts';
import { account } from '../fixtures/account.ts';
import { calm } from '../fixtures/board.ts';
import { NOW } from '../fixtures/hospital.ts';
import { noIncidents } from '../fixtures/incidents.ts';
import { map } from '../fixtures/map.ts';
import { noRestoration } from '../fixtures/restoration.ts';
import type { DrillStatus } from '../prepare/drill.ts';

const types: { [extension: string]: string } = {
  '.html': 'text/html',
  '.js': 'text/javascript',
  '.css': 'text/css',
  '.svg': 'image/svg+xml',
  '.woff2': 'font/woff2',
};
/** The hub's own content policy: what it would refuse must already fail here. */
const policy =
  "default-src 'none'; script-src 'self'; style-src 'self'; img-src 'self'; font-src 'self'; connect-src 'self'; worker-src 'self'; manifest-src 'self'; form-action 'self'; base-uri 'none'; frame-ancestors 'none'";

/** The hub's HTTP contract, answered from typed fixtures: what the interface's tests look at and act on. */
export class FixtureServer {
  views: Omit<Views, 'backups' | 'alarms'> & Partial<Pick<Views, 'backups' | 'alarms'>> = {
    board: calm,
    incidents: noIncidents,
    restoration: noRestoration,
    map,
    approvals: { approvals: [] },
  };
  world: WorldInfo = { id: 'live', kind: 'live', now: NOW, speed: 0, readOnly: null };
  others: WorldInfo[] = [];
  lab = false;
  /** Acts open to whoever is signed in. */
  rights: readonly Act[] = [];
  drill: DrillStatus = { running: false, stage: null, detail: '', outcome: null };
  signedIn = true;
  /** One factor, on a hub that demands two. */
  isEnrolling = false;
  /** Nobody has an account yet: the one-time link is of use. */
  isNew = false;
  /** Refusals by path: what the next acts meet. */
  readonly refusals = new Map<string, { status: number; refusal: Refusal }>();
  /** What is answered to a look, by the end of its path. */
  readonly looks = new Map<string, unknown>();
  readonly acts: { path: string; body: unknown }[] = [];
  readonly feedRequests: string[] = [];
  readonly #root: string;
  readonly #server: Server;
  readonly #followers = new Set<ServerResponse>();
  readonly #versions = new Map<string, number>();
  #number = 0;

  constructor(root: string) {
    this.#root = root;
    this.#server = createServer((request, response) => {
      this.#answer(request, response).catch((error: unknown) => {
        response.statusCode = 500;
        response.end(String(error));
      });
    });
  }

  async listen(): Promise<string> {
    await new Promise<void>((ready) => this.#server.listen(0, '127.0.0.1', ready));
    const { port } = this.#server.address() as AddressInfo;
    return `http://127.0.0.1:${port}`;
  }

  async close(): Promise<void> {
    this.dropFollowers();
    this.#server.closeAllConnections();
    await new Promise((done) => this.#server.close(done));
  }

  get followers(): number {
    return this.#followers.size;
  }

  /** The line breaks: feeds end without a word. */
  dropFollowers(): void {
    for (const follower of this.#followers) follower.destroy();
    this.#followers.clear();
  }

  send(message: FeedMessage): void {
    this.#number += 1;
    for (const follower of this.#followers)
      follower.write(`id: feed.${this.#number}\ndata: ${JSON.stringify(message)}\n\n`);
  }

  version(view: keyof Views): number {
    return this.#versions.get(view) ?? 1;
  }

  /** A patch under the next number, or under a wrong one to make a hole. */
  patch(view: keyof Views, patch: Extract<FeedMessage, { kind: 'patch' }>['patch'], skipped = 0): void {
    const version = this.version(view) + 1 + skipped;
    this.#versions.set(view, version);
    if (skipped === 0) {
      // Who asks from now on, as a screen that opens does, is told what came of it.
      this.views = structuredClone(this.views);
      applyPatch(this.views[view], patch);
    }
    this.send({ kind: 'patch', view, version, patch });
  }

  async #answer(request: IncomingMessage, response: ServerResponse): Promise<void> {
    const { pathname } = new URL(request.url ?? '/', 'http://hub');
    if (!pathname.startsWith('/api/')) return this.#file(pathname, response);
    const json = (body: unknown, status = 200) => {
      response.writeHead(status, { 'content-type': 'application/json', 'cache-control': 'no-store' });
      response.end(JSON.stringify(body));
    };
    const body = request.method === 'POST' ? await bodyOf(request) : undefined;
    // What a page asks of itself, before anyone acts, is no act.
    const isAsked = pathname.endsWith('/options') || pathname.endsWith('/look');
    if (request.method === 'POST' && !isAsked) this.acts.push({ path: pathname, body });
    const refused = this.refusals.get(pathname);
    if (refused !== undefined) return json({ error: refused.refusal }, refused.status);
    if (request.method === 'POST' && request.headers['x-reflexe'] !== '1')
      return json({ error: { code: 'act-forged', message: 'no x-reflexe', retryable: false } }, 403);
    if (pathname === '/api/sign-in' || pathname === '/api/sign-in/first') this.signedIn = true;
    if (pathname.endsWith('/sign-out')) this.signedIn = false;
    if (pathname === '/api/links/look')
      return this.isNew
        ? json({ kind: 'first' })
        : json({ error: { code: 'invitation-not-valid', message: 'used', retryable: false } }, 403);
    if (!this.signedIn && this.isNew)
      return json({ error: { code: 'first-sign-in', message: 'Nobody can sign in yet.', retryable: false } }, 401);
    if (!this.signedIn)
      return json({ error: { code: 'signed-out', message: 'Nobody is signed in.', retryable: false } }, 401);
    for (const [end, told] of this.looks) if (pathname.endsWith(end)) return json(told);
    if (pathname.endsWith('/feed')) return this.#follow(request, response);
    if (pathname.endsWith('/seal')) return json({ code: '1-66-7QHD-K2M4-ZX9T-00AB-CDEF-GH12-3456' });
    switch (pathname) {
      case '/api/session':
        return json({
          person: {
            id: 'me',
            name: 'jdurand',
            displayName: 'J. Durand, DSI d’astreinte',
            roles: ['administrator', 'crisisDirector'],
          },
          session: { strength: this.isEnrolling ? 1 : 2, enrolling: this.isEnrolling, proved: NOW },
        });
      case '/api/account':
        return json(account);
      case '/api/rights':
        return json({ acts: this.rights, grants: [] });
      case '/api/worlds':
        return json({
          worlds: [{ id: 'live', kind: 'live', now: NOW, speed: 1, readOnly: null }, ...this.others],
          lab: this.lab,
        });
      case '/api/scenarios':
        return json({
          scenarios: [
            {
              id: 'power-cut',
              title: { fr: 'La coupure du 3 août', en: 'The cut of 3 August' },
              story: {
                fr: 'Un centre d’hébergement perd son alimentation un samedi à 11 h. Le courant revient trois heures plus tard ; les systèmes, bien après.',
                en: 'A hosting centre loses power on a Saturday at 11:00. The power comes back three hours later; the systems, long after.',
              },
            },
          ],
        });
      case '/api/sessions':
        return json({
          sessions: [
            { id: 's1', since: NOW, seen: NOW, here: true, device: 'Firefox, Linux', strength: 2 },
            { id: 's2', since: NOW, seen: NOW, here: false, device: 'Safari, iPhone', strength: 1 },
          ],
        });
      case '/api/exercises':
        return json({ world: 'exercise-1' });
      case '/api/account/recovery-codes':
        return json({ codes: ['0-ABCD-EFGH-JKMN'] });
      case '/api/drill':
        return json(request.method === 'POST' ? { world: 'drill' } : this.drill);
      default:
        return request.method === 'POST'
          ? json({ sequence: 1, durable: 'here' })
          : json({ error: { code: 'not-found', message: 'nothing here', retryable: false } }, 404);
    }
  }

  #follow(request: IncomingMessage, response: ServerResponse): void {
    this.feedRequests.push(String(request.headers['last-event-id'] ?? ''));
    response.writeHead(200, { 'content-type': 'text/event-stream', 'cache-control': 'no-store' });
    response.write('retry: 200\n\n');
    this.#followers.add(response);
    response.on('close', () => this.#followers.delete(response));
    const write = (message: FeedMessage) =>
      response.write(`id: feed.${this.#number}\ndata: ${JSON.stringify(message)}\n\n`);
    write({ kind: 'world', world: this.world });
    for (const [view, value] of Object.entries(this.views)) {
      this.#versions.set(view, this.#versions.get(view) ?? 1);
      write({ kind: 'snapshot', view, version: this.#versions.get(view) ?? 1, value });
    }
  }

  async #file(pathname: string, response: ServerResponse): Promise<void> {
    const path = extname(pathname) === '' ? 'index.html' : normalize(pathname).replace(/^\/+/, '');
    const content = await readFile(join(this.#root, path)).catch(() => null);
    if (content === null) {
      response.writeHead(404);
      response.end();
      return;
    }
    response.writeHead(200, {
      'content-type': types[extname(path)] ?? 'application/octet-stream',
      'content-security-policy': policy,
      'x-content-type-options': 'nosniff',
    });
    response.end(content);
  }
}

async function bodyOf(request: IncomingMessage): Promise<unknown> {
  const chunks: Buffer[] = [];
  for await (const chunk of request) chunks.push(Buffer.from(chunk));
  const text = Buffer.concat(chunks).toString();
  return text === '' ? undefined : JSON.parse(text);
}
