import type { Reach } from '../access/person.ts';
import type { Expected } from '../journal/queue.ts';
import { accept, type Result, refuse } from '../journal/result.ts';
import { noFacts } from '../map/facts.ts';
import { nothingMeasured } from '../map/returns/view.ts';
import { initialMapState } from '../map/state.ts';
import type { World, WorldDirectory } from './ports.ts';
import type { Acknowledged, WorldInfo } from './protocol.ts';

export interface Line {
  sequence: number;
  actor: string;
  text: string;
}

/**
 * A world in memory, for tests of the server: a list of lines anyone may add to, which is versioned as the thing `lines`.
 * Views: `lines` (all of them), `count`, and whatever a test adds; `breakView` makes one fail to fold.
 */
export interface TestWorld extends World {
  write(text: string): void;
  breakView(name: string, broken: boolean): void;
  /** How many times each view was computed. */
  readonly computed: ReadonlyMap<string, number>;
}

export function testWorld(
  id: string,
  kind: WorldInfo['kind'] = 'live',
  more: { [view: string]: (reach: Reach) => unknown } = {},
): TestWorld {
  const lines: Line[] = [];
  const listeners = new Set<() => void>();
  const broken = new Set<string>();
  const computed = new Map<string, number>();
  const views: { [view: string]: (reach: Reach) => unknown } = {
    lines: () => ({ lines: [...lines] }),
    count: () => ({ count: lines.length }),
    ...more,
  };

  function append(actor: string, text: string): Acknowledged {
    lines.push({ sequence: lines.length + 1, actor, text });
    for (const listener of listeners) listener();
    return { sequence: lines.length, durable: 'here' };
  }

  async function submit(
    command: { type: string; text?: unknown },
    { actor, expected }: { actor: string; expected?: Expected | undefined },
  ): Promise<Result<Acknowledged>> {
    if (expected && (expected.thing !== 'lines' || expected.version !== lines.length)) {
      return refuse('changed-since-you-looked', `${expected.thing} changed since you looked.`, {
        where: expected.thing,
        expected: `version ${expected.version}`,
      });
    }
    if (command.type !== 'WriteLine' || typeof command.text !== 'string') {
      return refuse('line-refused', 'Only lines can be written here.');
    }
    if (command.text === 'boom') throw new Error(`a defect that speaks of ${command.text} and of a patient`);
    return accept(append(actor, command.text));
  }

  return {
    info: () => ({ id, kind, now: new Date().toISOString(), speed: 1, readOnly: null }),
    views: {
      names: Object.keys(views),
      compute(name, reach = 'everywhere') {
        computed.set(name, (computed.get(name) ?? 0) + 1);
        const view = views[name];
        if (!view || broken.has(name)) throw new Error(`view ${name} is broken on purpose`);
        return view(reach);
      },
      onDurable(listener) {
        listeners.add(listener);
        return () => listeners.delete(listener);
      },
    },
    sealCode: () => '1-0-',
    places: () => ({ wards: [], sites: [] }),
    map: () => ({
      ...initialMapState,
      compiled: null,
      seen: new Map(),
      facts: noFacts,
      measured: nothingMeasured,
      now: Date.now(),
    }),
    document: async () => undefined,
    siteOf: (ward) => ({ cardiology: 'north', surgery: 'north', maternity: 'south' })[ward],
    awaiting: () => undefined,
    submit,
    write: (text) => void append('worker:test', text),
    breakView(name, isBroken) {
      if (isBroken) broken.add(name);
      else broken.delete(name);
      for (const listener of listeners) listener();
    },
    computed,
  };
}

export interface TestDirectory extends WorldDirectory {
  add(world: World): void;
  remove(id: string): void;
}

export function testDirectory(...worlds: World[]): TestDirectory {
  const known = new Map(worlds.map((world) => [world.info().id, world]));
  const listeners = new Set<(id: string) => void>();
  const tell = (id: string) => {
    for (const listener of listeners) listener(id);
  };
  return {
    get: (id) => known.get(id),
    list: () => [...known.values()],
    onChange(listener) {
      listeners.add(listener);
      return () => listeners.delete(listener);
    },
    add(world) {
      known.set(world.info().id, world);
      tell(world.info().id);
    },
    remove(id) {
      known.delete(id);
      tell(id);
    },
  };
}
