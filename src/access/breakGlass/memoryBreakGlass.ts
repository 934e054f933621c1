import type { BreakGlassStore, BreakGlassUse, Envelope, EnvelopeStore } from './ports.ts';

/** The in-memory twins: same contract suites, nothing survives the process. */
export function memoryBreakGlass(): BreakGlassStore {
  const uses = new Map<string, BreakGlassUse>();
  return {
    put: (use) => void uses.set(use.id, use),
    byId: (id) => uses.get(id),
    byPerson: (person) => [...uses.values()].find((use) => use.person === person),
    current: (since) =>
      [...uses.values()]
        .filter((use) => use.endedAt === null || use.review === null || use.openedAt >= since)
        .sort((one, other) => one.openedAt - other.openedAt),
    forget(openedBefore) {
      const old = [...uses.values()].filter(
        (use) => use.endedAt !== null && use.review !== null && use.openedAt < openedBefore,
      );
      for (const { id } of old) uses.delete(id);
      return old.map(({ person }) => person);
    },
  };
}

export function memoryEnvelopes(): EnvelopeStore {
  let envelopes: Envelope[] = [];
  return {
    replace(fresh) {
      envelopes = [...fresh].sort((one, other) => one.number - other.number);
    },
    list: () => [...envelopes],
    opened(set, number, at) {
      envelopes = envelopes.map((one) =>
        one.set === set && one.number === number ? { ...one, openedAt: one.openedAt ?? at } : one,
      );
    },
  };
}
