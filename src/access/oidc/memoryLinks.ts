import type { ExpectedStore, LinkStore, ProviderLink, WaitingStore, WaitingSubject } from './ports.ts';

const keyOf = (provider: string, name: string): string => JSON.stringify([provider, name]);

/** The in-memory twins: same contract suite, nothing survives the process. */
export function memoryLinks(): { links: LinkStore; waiting: WaitingStore; expected: ExpectedStore } {
  const links = new Map<string, ProviderLink>();
  const waiting = new Map<string, WaitingSubject>();
  const expected = new Map<string, string>();
  return {
    links: {
      put: (link) => void links.set(keyOf(link.provider, link.subject), link),
      find: (provider, subject) => links.get(keyOf(provider, subject)),
      list: () => [...links.values()].sort((one, other) => one.linkedAt - other.linkedAt),
      remove: (provider, subject) => links.delete(keyOf(provider, subject)),
    },
    waiting: {
      put(one, keep) {
        const known = [...waiting.values()].find(
          ({ provider, subject }) => provider === one.provider && subject === one.subject,
        );
        const kept = { ...one, id: known?.id ?? one.id };
        waiting.delete(kept.id);
        waiting.set(kept.id, kept);
        for (const id of [...waiting.keys()].slice(0, Math.max(0, waiting.size - keep))) waiting.delete(id);
        return kept;
      },
      byId: (id) => waiting.get(id),
      list: () => [...waiting.values()].sort((one, other) => one.askedAt - other.askedAt),
      remove: (id) => void waiting.delete(id),
    },
    expected: {
      put: (provider, identifier, person) => void expected.set(keyOf(provider, identifier), person),
      take(provider, identifier) {
        const person = expected.get(keyOf(provider, identifier));
        expected.delete(keyOf(provider, identifier));
        return person;
      },
    },
  };
}
