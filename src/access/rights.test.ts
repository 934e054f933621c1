import { beforeEach, describe, expect, it } from 'vitest';
import { accept, refuse } from '../journal/result.ts';
import { memoryStores } from './memoryStores.ts';
import { createRights, type Rights } from './rights.ts';
import type { Grant } from './roles.ts';

const administrator: Grant = { role: 'administrator', scope: 'establishment' };
const director: Grant = { role: 'crisisDirector', scope: 'establishment' };
let stores: ReturnType<typeof memoryStores>;
let rights: Rights;
let recorded: unknown[];
let ended: string[];
let isFull: boolean;

beforeEach(() => {
  stores = memoryStores();
  recorded = [];
  ended = [];
  isFull = false;
  stores.people.add({ id: 'anne', name: 'anne', displayName: 'Anne', grants: [administrator] });
  stores.people.add({ id: 'paul', name: 'paul', displayName: 'Paul', grants: [director] });
  rights = createRights({
    people: stores.people,
    sessions: { endAll: (person: string) => void ended.push(person) } as never,
    async record(person, grants, by) {
      if (isFull) return refuse('disk-full', 'No room.', { retryable: true });
      recorded.push({ person, grants, by, before: stores.people.byId(person)?.grants });
      return accept(undefined);
    },
  });
});

describe('changing rights', () => {
  it('is journalled before it holds', async () => {
    expect(await rights.change('anne', 'paul', [])).toEqual({ ok: true, value: undefined });
    expect(recorded).toEqual([{ person: 'paul', grants: [], by: 'anne', before: [director] }]);
    expect(stores.people.byId('paul')?.grants).toEqual([]);
  });

  it('that cannot be journalled is not done', async () => {
    isFull = true;
    expect(await rights.change('anne', 'paul', [administrator])).toMatchObject({ refusal: { code: 'disk-full' } });
    expect(stores.people.byId('paul')?.grants).toEqual([director]);
  });

  it('never leaves the house without an administrator', async () => {
    const last = { refusal: { code: 'last-administrator' } };
    expect(await rights.change('anne', 'anne', [])).toMatchObject(last);
    expect(await rights.change('anne', 'anne', [{ role: 'administrator', scope: 'ward', ward: 'icu' }])).toMatchObject(
      last,
    );
    expect(await rights.close('anne', 'anne')).toMatchObject(last);
    await rights.change('anne', 'paul', [administrator]);
    expect((await rights.close('anne', 'anne')).ok).toBe(true);
    expect(stores.people.all().map(({ id }) => id)).toEqual(['paul']);
  });
});

it('closing an account ends its sessions and erases who it was', async () => {
  expect((await rights.close('anne', 'paul')).ok).toBe(true);
  expect(ended).toEqual(['paul']);
  expect(stores.people.byId('paul')).toBeUndefined();
  expect(await rights.close('anne', 'paul')).toMatchObject({ refusal: { code: 'not-found' } });
});
