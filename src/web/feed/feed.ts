import { replaceEqualDeep } from '@tanstack/react-query';
import { applyPatch } from 'rfc6902';
import type { Refusal } from '../../journal/result.ts';
import type { FeedMessage, RefusedBody, WorldInfo } from '../../server/protocol.ts';
import type { Views } from './views.ts';

/** Followed by every screen; others while theirs is open. */
export const viewNames = ['board', 'incidents', 'restoration', 'map', 'approvals'] as const satisfies (keyof Views)[];

export interface FeedState {
  /** `heardAt` and `lostSince`: milliseconds of the device's monotonic clock. */
  connection: 'connecting' | 'live' | 'lost' | 'cut';
  heardAt: number | null;
  lostSince: number | null;
  world: { info: WorldInfo; receivedAt: number } | null;
  views: { readonly [Name in keyof Views]?: Views[Name] };
  stale: { readonly [Name in keyof Views]?: { since: string; refusal: Refusal } };
  /** Views that this person's rights do not show. */
  withheld: { readonly [Name in keyof Views]?: Refusal };
  cut: Refusal | null;
}

const SILENCE_MS = 20_000;
const PROBE_TIMEOUT_MS = 5_000;
/** A screen repaints at most this often, however fast an exercise runs. */
const PAINT_MS = 40;

/** One live feed: folds snapshots and numbered patches, notices silence and holes, and says how old what it shows is. */
export class Feed {
  readonly #world: string;
  /** How many screens want each view. */
  readonly #wanted = new Map<keyof Views, number>(viewNames.map((name) => [name, 1]));
  readonly #listeners = new Set<() => void>();
  readonly #versions = new Map<string, number>();
  #state: FeedState = {
    connection: 'connecting',
    heardAt: null,
    lostSince: null,
    world: null,
    views: {},
    stale: {},
    withheld: {},
    cut: null,
  };
  #source: EventSource | null = null;
  #silence: ReturnType<typeof setTimeout> | undefined;
  #again: ReturnType<typeof setTimeout> | undefined;
  #paint: ReturnType<typeof setTimeout> | undefined;
  #attempts = 0;
  #probing = false;

  constructor(world: string) {
    this.#world = world;
  }

  get #url(): string {
    return `/api/worlds/${encodeURIComponent(this.#world)}/feed?views=${[...this.#wanted.keys()].join(',')}`;
  }

  /** One more view, until told that it is no longer wanted: what is shown stays while the feed begins anew with it. */
  readonly follow = (view: keyof Views): (() => void) => {
    const others = this.#wanted.get(view) ?? 0;
    this.#wanted.set(view, others + 1);
    if (others === 0 && this.#source !== null) this.#open();
    return () => {
      const left = (this.#wanted.get(view) ?? 1) - 1;
      if (left > 0) this.#wanted.set(view, left);
      else this.#wanted.delete(view);
    };
  };

  readonly subscribe = (listener: () => void): (() => void) => {
    this.#listeners.add(listener);
    if (this.#listeners.size === 1) this.#open();
    return () => {
      this.#listeners.delete(listener);
      if (this.#listeners.size === 0) this.#close();
    };
  };

  readonly state = (): FeedState => this.#state;

  #open() {
    this.#source?.close();
    const source = new EventSource(this.#url);
    this.#source = source;
    source.onmessage = ({ data }) => this.#receive(JSON.parse(data));
    source.onopen = () => {
      this.#attempts = 0;
      this.#heard();
    };
    source.onerror = () => {
      this.#lose();
      // The browser resumes by itself with Last-Event-ID unless the server refused: then we ask anew, less and less often.
      if (source.readyState === EventSource.CLOSED) this.#askWhy();
    };
    addEventListener('offline', this.#probe);
    addEventListener('online', this.#probe);
    this.#listen();
  }

  #close() {
    this.#source?.close();
    this.#source = null;
    for (const timer of [this.#silence, this.#again]) clearTimeout(timer);
    removeEventListener('offline', this.#probe);
    removeEventListener('online', this.#probe);
  }

  /** The browser does not say what the server answered to a feed it closed. */
  #askWhy() {
    const stop = new AbortController();
    fetch(this.#url, { cache: 'no-store', signal: stop.signal, headers: { accept: 'text/event-stream' } })
      .then(async (response) => {
        const refused: RefusedBody | null = response.ok ? null : await response.json();
        stop.abort();
        if (refused === null || refused.error.retryable) this.#openLater();
        else this.#receive({ kind: 'cut', refusal: refused.error });
      })
      .catch(() => this.#openLater());
  }

  #openLater() {
    clearTimeout(this.#again);
    this.#attempts += 1;
    this.#again = setTimeout(() => this.#open(), Math.min(10_000, 500 * 2 ** this.#attempts));
  }

  #receive(message: FeedMessage) {
    this.#heard();
    switch (message.kind) {
      case 'snapshot':
        this.#versions.set(message.view, message.version);
        this.#show(message.view, message.value);
        break;
      case 'patch': {
        const version = this.#versions.get(message.view);
        if (version === undefined || message.version > version + 1) {
          // A hole: what we hold cannot be brought forward. A new feed starts with fresh snapshots.
          this.#open();
          return;
        }
        if (message.version <= version) return;
        const value = structuredClone(this.#state.views[message.view as keyof Views]);
        if (applyPatch(value, message.patch).some((failure) => failure !== null)) {
          this.#open();
          return;
        }
        this.#versions.set(message.view, message.version);
        this.#show(message.view, value);
        break;
      }
      case 'stale':
        this.#set({
          stale: { ...this.#state.stale, [message.view]: { since: message.since, refusal: message.refusal } },
        });
        break;
      case 'withheld':
        this.#set({ withheld: { ...this.#state.withheld, [message.view]: message.refusal } });
        break;
      case 'world':
        this.#set({ world: { info: message.world, receivedAt: performance.now() } });
        break;
      case 'cut':
        this.#set({ connection: 'cut', cut: message.refusal });
        this.#close();
        break;
    }
  }

  /** Equal parts keep their identity, so that only the bands that changed are drawn again. */
  #show(view: string, value: unknown) {
    const name = view as keyof Views;
    const { [name]: _fresh, ...stale } = this.#state.stale;
    this.#set({ views: { ...this.#state.views, [name]: replaceEqualDeep(this.#state.views[name], value) }, stale });
    if (name === 'board') this.#setClock();
  }

  /** A story's clock waits for its players where the machine is busy: each Board says how far it has really come. */
  #setClock() {
    const { world, views } = this.#state;
    if (world === null || world.info.kind !== 'exercise' || views.board === undefined) return;
    this.#set({ world: { info: { ...world.info, now: views.board.now }, receivedAt: performance.now() } });
  }

  #heard() {
    if (this.#state.connection === 'cut') return;
    this.#set({ connection: 'live', heardAt: performance.now(), lostSince: null });
    this.#listen();
  }

  #lose() {
    if (this.#state.connection === 'cut') return;
    this.#set({ connection: 'lost', lostSince: this.#state.lostSince ?? performance.now() });
  }

  #listen() {
    clearTimeout(this.#silence);
    this.#silence = setTimeout(this.#probe, SILENCE_MS);
  }

  /** A pulled cable says nothing: after a silence we ask, and a quiet hospital is told from a dead line. */
  readonly #probe = () => {
    if (this.#probing || this.#source === null) return;
    this.#probing = true;
    fetch('/api/worlds', { cache: 'no-store', signal: AbortSignal.timeout(PROBE_TIMEOUT_MS) })
      .then(() => {
        if (this.#state.connection === 'lost') this.#open();
        else this.#heard();
      })
      .catch(() => {
        this.#lose();
        this.#listen();
      })
      .finally(() => {
        this.#probing = false;
      });
  };

  #set(change: Partial<FeedState>) {
    this.#state = { ...this.#state, ...change };
    this.#paint ??= setTimeout(() => {
      this.#paint = undefined;
      for (const listener of this.#listeners) listener();
    }, PAINT_MS);
  }
}
