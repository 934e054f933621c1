import { afterEach, describe, expect, it } from 'vitest';
import { memoryEngine } from '../journal/memory.ts';
import type { JournalEngine } from '../journal/ports.ts';
import { memoryWorld } from './fixtures/memoryWorld.ts';
import type { HospitalCommand } from './hospital.ts';
import type { HospitalWorld } from './world.ts';
import { Worlds } from './worlds.ts';

/** A store that keeps what it is given and then fails: what it holds is no longer what was acknowledged. */
function breaking(): { engine: JournalEngine; breakNow(): void } {
  const engine = memoryEngine();
  let broken = false;
  const append = engine.store.append.bind(engine.store);
  engine.store.append = async (...batch) => {
    await append(...batch);
    if (broken) throw new Error('torn');
  };
  return {
    engine,
    breakNow: () => {
      broken = true;
    },
  };
}

let opened: HospitalWorld | undefined;
afterEach(() => opened?.close());

async function open(engine: JournalEngine): Promise<HospitalWorld> {
  const now = () => Date.parse('2026-01-05T08:00:00Z');
  opened = (await memoryWorld(now, { map: null, establishment: 'h', engine })).world;
  return opened;
}

const evidence = { kind: 'person', by: 'x', code: 'ok', detail: '' } as const;
const seen: HospitalCommand = {
  type: 'ChangeComponentState',
  component: 'db',
  to: 'up',
  since: '2026-01-05T08:00:00.000Z',
  evidence,
};
const down: HospitalCommand = { ...seen, to: 'down' };

describe('the worlds of a process', () => {
  it('tell whoever follows them when one is added, becomes read-only, and ends', async () => {
    const { engine, breakNow } = breaking();
    const world = await open(engine);
    const worlds = new Worlds();
    const heard: [string, string | null][] = [];
    worlds.onChange((id) => heard.push([id, worlds.get(id)?.info().readOnly?.code ?? null]));
    worlds.add(world);
    expect(await world.submit(seen, { actor: 'person:a' })).toMatchObject({ ok: true });
    expect(heard).toEqual([['live', null]]);
    breakNow();
    const torn = await world.submit(down, { actor: 'person:a' });
    expect(torn).toMatchObject({ ok: false });
    await expect
      .poll(() => heard, { timeout: 20_000 })
      .toEqual([
        ['live', null],
        ['live', 'journal-diverged'],
      ]);
    worlds.remove('live');
    expect(heard).toHaveLength(3);
    await world.journal.close();
    expect(heard).toHaveLength(3);
  });
});
