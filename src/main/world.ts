import type { Reach } from '../access/person.ts';
import { type Act, isAct } from '../access/policy.ts';
import { approvalsView, auditView } from '../access/views.ts';
import { incidentsView } from '../activate/views.ts';
import { alarmsView } from '../detect/views.ts';
import { codeOf } from '../journal/code.ts';
import type { Json } from '../journal/event.ts';
import { type Journal, openJournal } from '../journal/open.ts';
import type { JournalEngine } from '../journal/ports.ts';
import { accept, type Refusal, type Result } from '../journal/result.ts';
import { boardView } from '../map/board.ts';
import { changesSince, goneFrom } from '../map/change/since.ts';
import { compile } from '../map/compile.ts';
import { readFacts } from '../map/gap/history.ts';
import type { MeasuredPeriods } from '../map/returns/dataLoss.ts';
import { mapGraphView } from '../map/views.ts';
import { within } from '../map/within.ts';
import { backupsView, carriedBy } from '../restore/nights/views.ts';
import { type LiveRestoration, restorationView } from '../restore/views.ts';
import type { Expected, MapNow, ViewSource, World } from '../server/ports.ts';
import type { Acknowledged, PlacesBody, WorldInfo, WorldKind } from '../server/protocol.ts';
import type { WorldClock } from './clock.ts';
import { Due } from './due.ts';
import { hospitalFoldKey } from './foldKey.ts';
import { forecasts } from './forecasts.ts';
import { type HospitalCommand, type HospitalState, hospital, hospitalEvents, sharedMap } from './hospital.ts';
import { measuredIn } from './measured.ts';

/** How often time alone is looked at: what is due, and views in which minutes pass. */
const TICK_MILLISECONDS = 1000;
const MINUTE = 60_000;
/** Views change with time at most this often, in real time. */
const VIEW_MILLISECONDS = 5000;

const nothingSeen: MapNow['seen'] = new Map();

export interface WorldOptions {
  id: string;
  kind: WorldKind;
  establishment: string;
  engine(): Promise<Result<JournalEngine>>;
  clock: WorldClock;
  scenario?: () => { id: string; finished: boolean };
  onTrouble(what: string, error: unknown): void;
}

/** One establishment's facts with their clock, views and ticker: the hospital's own, an exercise's or a drill's. */
export class HospitalWorld implements World {
  readonly journal: Journal<HospitalState, HospitalCommand>;
  readonly options: WorldOptions;
  readonly live: {
    [Part in keyof LiveRestoration]: Map<
      string,
      LiveRestoration[Part] extends ReadonlyMap<string, infer Value> ? Value : never
    >;
  } = {
    progress: new Map(),
    blocked: new Map(),
  };
  readonly views: ViewSource;
  readonly #listeners = new Set<() => void>();
  readonly #tickListeners = new Set<() => void>();
  readonly #readOnlyListeners = new Set<() => void>();
  readonly #due: Due;
  readonly #ticker: NodeJS.Timeout;
  #viewsAt = 0;
  /** Another object each time something was read. */
  #periods: MeasuredPeriods = {};
  /** As listeners last heard. */
  #readOnly: string | undefined;

  static async open(options: WorldOptions): Promise<Result<HospitalWorld>> {
    const journal = await openJournal<HospitalState, HospitalCommand>({
      engine: options.engine,
      establishment: options.establishment,
      events: hospitalEvents,
      world: hospital,
      foldKey: await hospitalFoldKey(),
      clock: () => options.clock.now(),
      onTrouble: options.onTrouble,
    });
    return journal.ok ? accept(new HospitalWorld(options, journal.value)) : journal;
  }

  private constructor(options: WorldOptions, journal: Journal<HospitalState, HospitalCommand>) {
    this.options = options;
    this.journal = journal;
    this.#readOnly = journal.queue.readOnly?.code;
    this.#due = new Due(
      journal.queue,
      () => options.clock.now(),
      (command, refusal) => options.onTrouble(`due ${command.type}: ${refusal.code}`, refusal.message),
    );
    journal.queue.onDurable(() => {
      this.#due.tick();
      this.changed();
    });
    this.#ticker = setInterval(() => this.#tick(), TICK_MILLISECONDS);
    this.views = {
      names: ['board', 'incidents', 'alarms', 'restoration', 'backups', 'map', 'approvals', 'audit'],
      compute: (name, reach = 'everywhere') => this.#compute(name, reach),
      onDurable: (listener) => {
        this.#listeners.add(listener);
        return () => this.#listeners.delete(listener);
      },
    };
  }

  get state(): HospitalState {
    return this.journal.queue.durable.state;
  }

  info(): WorldInfo {
    const { id, kind, clock, scenario } = this.options;
    const readOnly: Refusal | null = this.journal.queue.readOnly ?? null;
    const info: WorldInfo = { id, kind, now: new Date(clock.now()).toISOString(), speed: clock.speed, readOnly };
    return scenario === undefined ? info : { ...info, scenario: scenario() };
  }

  async submit(command: { type: string }, by: { actor: string; expected?: Expected }): Promise<Result<Acknowledged>> {
    // The server passes only what a room's route made of a validated body.
    const answer = await this.journal.queue.submit(command as HospitalCommand, by);
    return answer.ok ? accept({ sequence: answer.value.sequence, durable: answer.value.durable }) : answer;
  }

  sealCode(): string {
    return codeOf(this.journal.queue.durable.head);
  }

  places(): PlacesBody {
    const { document } = sharedMap(this.state);
    if (document === null) return { wards: [], sites: [] };
    const { wards, sites } = compile(document);
    return {
      wards: [...wards.values()].map(({ id, name, site }) => ({ id, name, site })),
      sites: [...sites.values()].map(({ id, name }) => ({ id, name })),
    };
  }

  map(): MapNow {
    const { kept: _kept, care: facts, ...map } = this.state.map;
    const compiled = map.document === null ? null : compile(map.document);
    const seen = compiled === null ? nothingSeen : readFacts(compiled, facts).last;
    const measured = measuredIn(this.state.restore, this.#periods, this.options.kind !== 'live');
    return { ...map, compiled, seen, facts, measured, now: this.options.clock.now() };
  }

  /** How far apart the backups of a component are, as read in them at `now` (ms); null: there is none. */
  measuredPeriod(component: string, seconds: number | null, now: number): void {
    const { [component]: _before, ...others } = this.#periods;
    const read = seconds === null ? {} : { [component]: { seconds, at: new Date(now).toISOString() } };
    this.#periods = { ...others, ...read };
  }

  document(hash: string): Promise<Json | undefined> {
    return this.journal.store.document(hash);
  }

  siteOf(ward: string): string | undefined {
    const { document } = sharedMap(this.state);
    return document === null ? undefined : compile(document).wards.get(ward)?.site;
  }

  awaiting(id: string): { act: Act; askedBy: string } | undefined {
    const approval = this.state.access.approvals[id];
    if (approval === undefined || !isAct(approval.act)) return undefined;
    return { act: approval.act, askedBy: approval.askedBy };
  }

  /** Views may say something else now: progress moved, or the clock was changed. */
  changed(): void {
    this.#viewsAt = performance.now();
    for (const listener of this.#listeners) listener();
  }

  /** Resolves with the first durable state in which it holds; rejects when aborted. */
  until(holds: (state: HospitalState) => boolean, signal: AbortSignal): Promise<HospitalState> {
    const { promise, resolve, reject } = Promise.withResolvers<HospitalState>();
    const look = () => {
      if (holds(this.state)) resolve(this.state);
    };
    const aborted = () => reject(signal.reason);
    const unsubscribe = this.journal.queue.onDurable(look);
    signal.addEventListener('abort', aborted, { once: true });
    if (signal.aborted) aborted();
    look();
    return promise.finally(() => {
      unsubscribe();
      signal.removeEventListener('abort', aborted);
    });
  }

  async close(): Promise<void> {
    clearInterval(this.#ticker);
    await this.journal.close();
  }

  /** Calls once a second. */
  onTick(listener: () => void): () => void {
    this.#tickListeners.add(listener);
    return () => this.#tickListeners.delete(listener);
  }

  /** Calls within a second when the journal can only be read, or can be written again. */
  onReadOnly(listener: () => void): () => void {
    this.#readOnlyListeners.add(listener);
    return () => this.#readOnlyListeners.delete(listener);
  }

  #lookAtReadOnly(): void {
    const code = this.journal.queue.readOnly?.code;
    if (code === this.#readOnly) return;
    this.#readOnly = code;
    for (const listener of this.#readOnlyListeners) listener();
  }

  /** A drill lasts minutes: its Board shows minutes. A hospital's chooses its own hours. */
  #window(state: HospitalState, now: number): { window?: { from: number; to: number } } {
    if (this.options.kind !== 'drill') return {};
    const losses = Object.values(state.activate.incidents).map((incident) => Date.parse(incident.lossSince));
    return { window: { from: Math.min(now - 2 * MINUTE, ...losses.map((at) => at - MINUTE)), to: now + 5 * MINUTE } };
  }

  #tick(): void {
    this.#lookAtReadOnly();
    this.#due.tick();
    for (const listener of this.#tickListeners) listener();
    if (performance.now() - this.#viewsAt >= VIEW_MILLISECONDS / Math.min(this.options.clock.speed, 10)) this.changed();
  }

  #compute(name: string, reach: Reach): unknown {
    const { state } = this;
    const { document, care } = sharedMap(state);
    const map = document === null ? null : compile(document);
    const now = this.options.clock.now();
    switch (name) {
      case 'board': {
        const seen = reach === 'everywhere' || map === null ? map : compile(within(map.document, reach));
        if (seen === null) return null;
        return boardView({
          now,
          map: seen,
          facts: care,
          forecasts: forecasts(state, now),
          ...this.#window(state, now),
        });
      }
      case 'approvals':
        return approvalsView(state.access);
      case 'audit':
        return auditView(state.access);
      case 'incidents':
        return incidentsView(state.activate, { changes: changesSince(state.map), gone: goneFrom(state.map, document) });
      case 'alarms':
        return alarmsView(state.detect, map === null ? undefined : carriedBy(map));
      case 'restoration':
        return restorationView(state.restore, map, this.live);
      case 'backups':
        return backupsView(state.restore, map, now, this.live.progress);
      case 'map':
        return mapGraphView(state.map.document === null ? null : compile(state.map.document), care, {
          now,
          document: state.map.hash,
        });
      default:
        throw new Error(`no view ${name}`);
    }
  }
}
