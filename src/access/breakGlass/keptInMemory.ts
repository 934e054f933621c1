import type { BreakGlassStore, BreakGlassUse } from './ports.ts';

/**
 * Every screen asks every few seconds what is open: answered from memory between two writes, so that nothing is read and
 * unsealed for it. All writes of this store come through here.
 */
export function keptInMemory(store: BreakGlassStore): BreakGlassStore {
  let kept: { since: number; uses: BreakGlassUse[] } | undefined;
  return {
    ...store,
    put(use) {
      kept = undefined;
      store.put(use);
    },
    forget(openedBefore) {
      kept = undefined;
      return store.forget(openedBefore);
    },
    current(since) {
      if (kept === undefined || since < kept.since) kept = { since, uses: store.current(since) };
      return kept.uses.filter((use) => use.endedAt === null || use.review === null || use.openedAt >= since);
    },
  };
}
