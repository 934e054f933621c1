import type { FastifyReply, FastifyRequest } from 'fastify';
import type { Logger } from 'pino';
import type { Access } from '../access/access.ts';
import { may, type Reach, type Right, reachOf, type Subject } from '../access/person.ts';
import { isAct, rightTo } from '../access/policy.ts';
import type { ViewRoute } from '../access/route.ts';
import { type Refusal, Refused, refuse } from '../journal/result.ts';
import { type DeclaredRoute, undeclared } from './declare.ts';
import { SseFollower } from './follower.ts';
import type { ServerLimits } from './limits.ts';
import type { WorldDirectory } from './ports.ts';
import { logged, notFound } from './refusals.ts';
import { encoded } from './viewFeed.ts';
import { WorldFeed } from './worldFeed.ts';

export interface FeedDoorParts {
  worlds: WorldDirectory;
  views: readonly ViewRoute[];
  access: Access;
  log: Logger;
  limits: ServerLimits;
}

interface Open {
  session: string;
  world: string;
  follower: SseFollower;
  /** Why it may no longer look, if so. */
  withdrawn(): Refusal | undefined;
  stop(): void;
}

/** `GET /api/worlds/:world/feed`: who may follow what, for as long as their session and their right last. */
export class FeedDoor {
  readonly #parts: FeedDoorParts;
  readonly #rights: ReadonlyMap<string, Right>;
  /** By world, then by how far one sees. */
  readonly #feeds = new Map<string, Map<string, WorldFeed>>();
  readonly #open = new Set<Open>();
  readonly #stops: (() => void)[];

  /** Refuses (`view-undeclared`) where a view of a world there is says nothing of role and scope. */
  constructor(parts: FeedDoorParts) {
    this.#parts = parts;
    const { worlds, views, access, limits } = parts;
    for (const { view, act } of views) if (!isAct(act)) throw new Refused(undeclared('view', view));
    this.#rights = new Map(views.map(({ view, act }) => [view, rightTo(act)]));
    for (const world of worlds.list()) {
      const unknown = world.views.names.find((name) => !this.#rights.has(name));
      if (unknown !== undefined) throw new Refused(undeclared('view', unknown));
    }
    const beat = setInterval(() => this.#beat(), limits.heartbeatMilliseconds).unref();
    this.#stops = [
      () => clearInterval(beat),
      access.sessions.onEnded((session) => this.#cutWhere((open) => open.session === session, sessionEnded)),
      worlds.onChange((id) => this.#worldChanged(id)),
    ];
  }

  readonly route: DeclaredRoute = {
    method: 'GET',
    url: '/api/worlds/:world/feed',
    act: 'worlds.see',
    handler: (request, reply) => this.#follow(request, reply),
  };

  close(): void {
    for (const stop of this.#stops) stop();
    for (const feed of this.#all()) feed.close(undefined);
    for (const { stop } of this.#open) stop();
  }

  #follow(request: FastifyRequest, reply: FastifyReply): void {
    const { access, limits, log, worlds } = this.#parts;
    const { signedIn } = request;
    if (!signedIn) throw new Refused(sessionEnded);
    const { world: worldId = '' } = request.params as { world?: string };
    const { views = '', after } = request.query as { views?: unknown; after?: unknown };
    const names = [...new Set(String(views).split(','))];
    const world = worlds.get(worldId);
    if (!world || names.length > limits.viewsPerFeed || names.some((name) => !world.views.names.includes(name))) {
      throw new Refused(notFound);
    }
    const withheld = new Map(names.flatMap((name) => this.#withheld(signedIn, name)));
    const [first] = withheld.values();
    if (first && withheld.size === names.length) throw new Refused(first);
    const shown = names.filter((name) => !withheld.has(name));
    const reach = this.#reachOf(signedIn, shown);
    const ofSession = [...this.#open].filter(({ session }) => session === signedIn.session.id).length;
    if (ofSession >= limits.feedsPerSession || this.#open.size >= limits.feeds) throw new Refused(tooManyFeeds);

    const lastId = request.headers['last-event-id'] ?? after;
    reply.hijack();
    const response = reply.raw;
    for (const [name, value] of Object.entries(reply.getHeaders()))
      if (value !== undefined) response.setHeader(name, value);
    response.writeHead(200, {
      'content-type': 'text/event-stream; charset=utf-8',
      'cache-control': 'no-store',
      // nginx would hold messages back otherwise.
      'x-accel-buffering': 'no',
    });
    // Spread, so that a restart does not bring everyone back in the same instant.
    response.write(`retry: ${1_000 + Math.floor(Math.random() * 2_000)}\n\n`);
    const follower = new SseFollower(response, limits, () => log.info({ world: worldId }, 'slow follower cut'));
    for (const [view, refusal] of withheld) follower.push(null, encoded({ kind: 'withheld', view, refusal }));
    const feed = this.#feedOf(worldId, world, reach);
    const unfollow = feed.follow(shown, typeof lastId === 'string' ? lastId.slice(0, 100) : undefined, follower);
    const open: Open = {
      session: signedIn.session.id,
      world: worldId,
      follower,
      withdrawn: () => {
        const { id, method, person } = signedIn.session;
        const now = method === 'apiToken' ? access.apiTokens.look(person, id) : access.sessions.look(id, 'screen');
        if (!now) return sessionEnded;
        if (JSON.stringify(this.#reachOf(now, shown)) !== JSON.stringify(reach)) return rightsChanged;
        return shown.flatMap((name) => this.#withheld(now, name))[0]?.[1];
      },
      stop: () => response.destroy(),
    };
    this.#open.add(open);
    response.on('close', () => {
      unfollow();
      this.#open.delete(open);
    });
  }

  #withheld(subject: Subject, name: string): [string, Refusal][] {
    const right = this.#rights.get(name);
    // A world that came later with a view nobody declared: nobody may see it.
    const verdict = right ? may(subject, right) : { ok: false as const, refusal: notFound };
    return verdict.ok ? [] : [[name, verdict.refusal]];
  }

  /** As far as the narrowest of these views reaches for this person. */
  #reachOf(subject: Subject, names: readonly string[]): Reach {
    const reaches = names.flatMap((name) => {
      const right = this.#rights.get(name);
      return right && right.scope !== 'establishment' ? [reachOf(subject, right)] : [];
    });
    return reaches.find((reach) => reach !== 'everywhere') ?? 'everywhere';
  }

  #feedOf(id: string, world: WorldFeed['world'], reach: Reach): WorldFeed {
    const ofWorld = this.#feeds.get(id) ?? new Map<string, WorldFeed>();
    const key = JSON.stringify(reach);
    const known = ofWorld.get(key);
    if (known?.world === world) return known;
    known?.close(worldEnded);
    const { log, limits } = this.#parts;
    const onFailure = (view: string, error: unknown) => logged(error, log, { world: id, view }).where ?? '';
    const feed = new WorldFeed({ world, reach, onFailure, now: Date.now, limits });
    this.#feeds.set(id, ofWorld.set(key, feed));
    return feed;
  }

  #worldChanged(id: string): void {
    const world = this.#parts.worlds.get(id);
    const ofWorld = this.#feeds.get(id) ?? new Map<string, WorldFeed>();
    for (const [key, feed] of ofWorld) {
      if (feed.world === world) feed.tell();
      else {
        ofWorld.delete(key);
        feed.close(worldEnded);
      }
    }
  }

  #all(): WorldFeed[] {
    return [...this.#feeds.values()].flatMap((ofWorld) => [...ofWorld.values()]);
  }

  /** Each open feed is asked again whether it may look: a session that expired, or ended elsewhere, is seen here. */
  #beat(): void {
    for (const open of this.#open) {
      const withdrawn = open.withdrawn();
      if (withdrawn) open.follower.cut(withdrawn);
      else open.follower.checkReading();
    }
    for (const feed of this.#all()) feed.tell();
    // A ward nobody looks at any more costs nothing.
    for (const ofWorld of this.#feeds.values())
      for (const [key, feed] of ofWorld) {
        if (feed.isFollowed || key === everywhere) continue;
        ofWorld.delete(key);
        feed.close(undefined);
      }
  }

  #cutWhere(isConcerned: (open: Open) => boolean, why: Refusal): void {
    for (const open of this.#open) if (isConcerned(open)) open.follower.cut(why);
  }
}

const sessionEnded = refuse('signed-out', 'This session has ended.', { cure: 'Sign in again.' }).refusal;

const everywhere = JSON.stringify('everywhere' satisfies Reach);

const rightsChanged = refuse('rights-changed', 'Your rights have changed since this screen was opened.', {
  cure: 'Load the page again: it shows what you may see now.',
}).refusal;

const worldEnded = refuse('not-found', 'What you were looking at has ended.', {
  cure: 'Go back to the Board.',
}).refusal;

const tooManyFeeds = refuse('too-many-feeds', 'Too many screens follow at once.', {
  kept: 'The screens that follow already go on.',
  cure: 'Close some of them, then load this one again.',
  retryable: true,
}).refusal;
