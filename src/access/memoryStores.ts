import { memoryFactorStores } from './memoryFactorStores.ts';
import type { Person } from './person.ts';
import type { AccessStores, Session } from './ports.ts';

/** The in-memory twin of the access stores: same contract suite, nothing survives the process. */
export function memoryStores(): AccessStores {
  const people = new Map<string, { person: Person; passwordHash: string }>();
  const sessions = new Map<string, Session>();
  const devices = new Map<string, { person: string; at: number }>();
  let link: { tokenHash: string; expiresAt: number; used: boolean } | undefined;
  const { forget, ...factors } = memoryFactorStores();
  const byName = (name: string) => [...people.values()].find(({ person }) => person.name === name);
  const isValid = (tokenHash: string, now: number): boolean =>
    link !== undefined && link.tokenHash === tokenHash && !link.used && now < link.expiresAt;

  return {
    ...factors,
    people: {
      isEmpty: () => people.size === 0,
      byName,
      byId: (id) => people.get(id)?.person,
      setPasswordHash(id, passwordHash) {
        const found = people.get(id);
        if (found) people.set(id, { ...found, passwordHash });
      },
      add(person) {
        if (byName(person.name)) return false;
        people.set(person.id, { person, passwordHash: '' });
        return true;
      },
      all: () =>
        [...people.values()]
          .map(({ person }) => person)
          .sort((one, other) => one.displayName.localeCompare(other.displayName)),
      setGrants(id, grants) {
        const found = people.get(id);
        if (found) people.set(id, { ...found, person: { ...found.person, grants } });
      },
      remove(id) {
        forget(id);
        for (const session of sessions.values()) if (session.person === id) sessions.delete(session.id);
        for (const [hash, device] of devices) if (device.person === id) devices.delete(hash);
        return people.delete(id);
      },
    },
    links: {
      replace(tokenHash, expiresAt) {
        link = { tokenHash, expiresAt, used: false };
      },
      isValid,
      // Nobody else has this memory.
      takeMadeHere: () => [],
      redeem(tokenHash, now, person, passwordHash) {
        if (!link || !isValid(tokenHash, now)) return 'link-not-valid';
        if (byName(person.name)) return 'name-taken';
        link = { ...link, used: true };
        people.set(person.id, { person, passwordHash });
        return 'redeemed';
      },
    },
    sessions: {
      put: (session) => void sessions.set(session.id, session),
      find: (hash) =>
        [...sessions.values()].find(({ tokenHash, nextTokenHash, formerTokenHash }) =>
          [tokenHash, nextTokenHash, formerTokenHash].includes(hash),
        ),
      byId: (id) => sessions.get(id),
      of: (person) =>
        [...sessions.values()]
          .filter((session) => session.person === person)
          .sort((one, other) => one.createdAt - other.createdAt),
      end: (id) => sessions.delete(id),
      forget(createdBefore) {
        for (const { id, createdAt } of sessions.values()) if (createdAt < createdBefore) sessions.delete(id);
      },
    },
    devices: {
      add(tokenHash, person, at, keep) {
        devices.set(tokenHash, { person, at });
        const own = [...devices].filter(([, device]) => device.person === person);
        const newestFirst = own.reverse().sort(([, one], [, other]) => other.at - one.at);
        for (const [surplus] of newestFirst.slice(keep)) devices.delete(surplus);
      },
      knows: (tokenHash, person) => devices.get(tokenHash)?.person === person,
    },
  };
}
