import { createHash, randomBytes } from 'node:crypto';
import type { Reach } from '../access/person.ts';
import type { Refusal } from '../journal/result.ts';
import type { ServerLimits } from './limits.ts';
import type { World } from './ports.ts';
import { encoded, type Kept, ViewFeed } from './viewFeed.ts';

/** One connection that follows some views. */
export interface Follower {
  /** Everything it lacks at (re)connection; `id` goes with the last: a connection lost before it must start this again. */
  begin(batch: readonly Buffer[], id: string): void;
  /** Something new; `id` is null where there is nothing to resume from. */
  push(id: string | null, data: Buffer): void;
  /** Says why, and ends. */
  cut(refusal: Refusal): void;
}

export interface WorldFeedParts {
  world: World;
  /** How far those who follow it see. */
  reach: Reach;
  onFailure(view: string, error: unknown): string;
  now(): number;
  limits: ServerLimits;
}

/** The views of one world, as far as its followers see; numbers count the messages of all its views together. */
export class WorldFeed {
  readonly world: World;
  /** Tells the ids of this life of the feed from those of another: numbers start anew with each. */
  readonly #life = randomBytes(6).toString('hex');
  readonly #views: ReadonlyMap<string, ViewFeed>;
  readonly #following = new Map<Follower, { names: ReadonlySet<string>; feed: string }>();
  readonly #stopListening: () => void;
  #number = 0;

  constructor({ world, reach, onFailure, now, limits }: WorldFeedParts) {
    this.world = world;
    this.#views = new Map(
      world.views.names.map((name) => [
        name,
        new ViewFeed({
          name,
          compute: () => world.views.compute(name, reach),
          isFollowed: () => this.#isFollowed(name),
          nextNumber: () => {
            this.#number += 1;
            return this.#number;
          },
          deliver: (kept) => this.#deliver(name, kept),
          onFailure: (error) => onFailure(name, error),
          now,
          limits,
        }),
      ]),
    );
    this.#stopListening = world.views.onDurable(() => {
      for (const view of this.#views.values()) view.changed();
    });
  }

  /**
   * From now on `follower` gets these views, all known to the world: what it missed after `after` (the last id it saw),
   * or the views whole. Returns how to stop.
   */
  follow(names: readonly string[], after: string | undefined, follower: Follower): () => void {
    const feed = `${this.#life}${createHash('sha256')
      .update([...names].sort().join())
      .digest('hex')
      .slice(0, 8)}`;
    const views = names.flatMap((name) => this.#views.get(name) ?? []);
    for (const view of views) view.refresh();
    const number = after === undefined ? undefined : this.#numberIn(after, feed);
    const missed = views.map((view) => ({ view, kept: number === undefined ? undefined : view.since(number) }));
    const batch = [
      ...missed.flatMap(({ view, kept }) => (kept ? [] : view.whole())),
      ...missed
        .flatMap(({ kept }) => kept ?? [])
        .sort((one, other) => one.number - other.number)
        .map(({ data }) => data),
    ];
    follower.push(null, this.#worldMessage());
    follower.begin(batch, `${feed}.${this.#number}`);
    this.#following.set(follower, { names: new Set(names), feed });
    return () => this.#following.delete(follower);
  }

  /** Says how the world stands: when that changed, and as a heartbeat. */
  tell(): void {
    if (this.#following.size === 0) return;
    const data = this.#worldMessage();
    for (const follower of this.#following.keys()) follower.push(null, data);
  }

  get isFollowed(): boolean {
    return this.#following.size > 0;
  }

  close(why: Refusal | undefined): void {
    this.#stopListening();
    for (const view of this.#views.values()) view.close();
    for (const follower of this.#following.keys()) if (why) follower.cut(why);
    this.#following.clear();
  }

  #deliver(name: string, { number, data }: Kept): void {
    for (const [follower, { names, feed }] of this.#following) {
      if (names.has(name)) follower.push(`${feed}.${number}`, data);
    }
  }

  /** An id this very feed may have given; anything else starts anew. */
  #numberIn(id: string, feed: string): number | undefined {
    const [ofFeed, digits = ''] = id.split('.');
    const number = ofFeed === feed && /^\d{1,15}$/.test(digits) ? Number(digits) : undefined;
    return number !== undefined && number <= this.#number ? number : undefined;
  }

  #isFollowed(name: string): boolean {
    for (const { names } of this.#following.values()) if (names.has(name)) return true;
    return false;
  }

  #worldMessage(): Buffer {
    return encoded({ kind: 'world', world: this.world.info() });
  }
}
