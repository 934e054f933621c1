import type { WardCard, WardCardStore } from './ports.ts';

const byWard = (one: WardCard, other: WardCard): number =>
  one.ward < other.ward ? -1 : one.ward > other.ward ? 1 : one.madeAt - other.madeAt;

/** The in-memory twin: same contract suite, nothing survives the process. */
export function memoryWardCards(): WardCardStore {
  const cards = new Map<string, WardCard>();
  return {
    put: (card) => void cards.set(card.id, card),
    byIndex: (codeIndex) => [...cards.values()].find((card) => card.codeIndex === codeIndex),
    byId: (id) => cards.get(id),
    list: () => [...cards.values()].sort(byWard),
    forget(endedBefore) {
      for (const card of cards.values()) {
        if (Math.min(card.expiresAt, card.ended?.at ?? Number.POSITIVE_INFINITY) < endedBefore) cards.delete(card.id);
      }
    },
  };
}
