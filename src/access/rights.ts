import { accept, type Result, refuse } from '../journal/result.ts';
import type { Person } from './person.ts';
import type { AccessStores } from './ports.ts';
import type { Grant } from './roles.ts';
import type { Sessions } from './sessions.ts';

export interface RightsParts {
  people: AccessStores['people'];
  sessions: Sessions;
  /** Journalled and durable before anything changes: what an auditor reads is never behind. */
  record(person: string, grants: Grant[], by: string): Promise<Result<unknown>>;
}

export interface Rights {
  /** What they hold from now on; open sessions go on, under the new rights. */
  change(by: string, person: string, grants: Grant[]): Promise<Result<void>>;
  /** Ends their sessions and erases them: the journal keeps their id, nothing tells whose it was. */
  close(by: string, person: string): Promise<Result<void>>;
}

export function createRights({ people, sessions, record }: RightsParts): Rights {
  const isKeeper = (grants: readonly Grant[]): boolean =>
    grants.some(({ role, scope }) => role === 'administrator' && scope === 'establishment');

  function known(id: string, grants: readonly Grant[]): Result<Person> {
    const person = people.byId(id);
    if (!person) return unknownPerson;
    const others = people.all().filter((one) => one.id !== id);
    const staysOpen = isKeeper(grants) || !isKeeper(person.grants) || others.some((one) => isKeeper(one.grants));
    return staysOpen ? accept(person) : lastAdministrator;
  }

  return {
    async change(by, id, grants) {
      const person = known(id, grants);
      if (!person.ok) return person;
      const recorded = await record(id, grants, by);
      if (!recorded.ok) return recorded;
      people.setGrants(id, grants);
      return accept(undefined);
    },

    async close(by, id) {
      const person = known(id, []);
      if (!person.ok) return person;
      const recorded = await record(id, [], by);
      if (!recorded.ok) return recorded;
      sessions.endAll(id, 'revoked');
      people.remove(id);
      return accept(undefined);
    },
  };
}

const unknownPerson = refuse('not-found', 'Nobody here has this account.', { where: 'person' });

const lastAdministrator = refuse('last-administrator', 'Nobody could administer Reflexe any more.', {
  expected: 'somebody else who administers the whole establishment',
  kept: 'Nothing was changed.',
  cure: 'Give the right to a colleague first.',
});
