import { afterEach, expect, it } from 'vitest';
import { memoryStores } from '../access/memoryStores.ts';
import { AccessJournal } from './accessJournal.ts';
import { memoryWorld } from './fixtures/memoryWorld.ts';
import type { HospitalWorld } from './world.ts';

let world: HospitalWorld;
afterEach(() => world.close());

const ciso = { role: 'ciso', scope: 'establishment' } as const;

it('notes what happens to access, and gives again at start the rights a kill kept from holding', async () => {
  const opened = await memoryWorld(Date.now, { map: null });
  world = opened.world;
  const { people } = memoryStores();
  const journal = new AccessJournal({ world }, people);
  people.add({ id: 'person-1', name: 'paul', displayName: 'Paul Duval', grants: [ciso] });
  journal.note({ type: 'personAdded', person: 'person-1', by: 'person-0' });
  const { access } = await world.until(
    (state) => state.access.grants['person-1'] !== undefined,
    AbortSignal.timeout(5_000),
  );
  expect(access.audit).toMatchObject([
    { what: 'personAdded', person: 'person-1', actor: 'person:person-0', details: { by: 'person-0' } },
    { what: 'grantsChanged', person: 'person-1' },
  ]);
  expect(JSON.stringify(access)).not.toContain('Duval');

  expect((await journal.record('person-1', [], 'person-0')).ok).toBe(true);
  // Killed here: the journal knows, the store does not.
  expect(people.byId('person-1')?.grants).toEqual([ciso]);
  new AccessJournal({ world }, people);
  expect(people.byId('person-1')?.grants).toEqual([]);
  expect(opened.troubles).toEqual([]);
});
