import { shortestCycles } from '../document/cycles.ts';
import { referencesIn } from '../document/reference.ts';
import type { CareFunction, Component, ProposedLink } from '../model.ts';
import { without } from './needs.ts';

/** Links taken back before an import is left as it is: beyond, the source is one knot, and its person must say what is real. */
const ringsMax = 1000;

export interface TakenBack {
  id: string;
  need: string;
  ring: readonly string[];
}

/**
 * Links that a tool tells of may form rings, and a map with a ring is refused. Of each ring one link that the import brings
 * becomes a proposal: a person says whether it is real. `isNew`: the import brings that link.
 */
export function withoutRings<Thing extends CareFunction | Component>(
  things: readonly Thing[],
  isNew: (id: string, need: string) => boolean,
): { things: Thing[]; taken: TakenBack[] } {
  const byId = new Map(things.map((thing) => [thing.id, thing]));
  const order = [...byId.keys()];
  const taken: TakenBack[] = [];
  for (let round = 0; round < ringsMax; round += 1) {
    const next = (id: string): string[] => {
      const needs = byId.get(id)?.needs;
      return needs === undefined ? [] : [...referencesIn(needs)].filter((one) => byId.has(one));
    };
    const edges = new Map(order.map((id) => [id, next(id)]));
    const found = shortestCycles(order, (id) => edges.get(id) ?? []).flatMap((ring) => {
      const at = ring.findLastIndex((id, i) => isNew(id, ring[(i + 1) % ring.length] ?? ''));
      const id = ring[at];
      const need = ring[(at + 1) % ring.length];
      return id === undefined || need === undefined ? [] : [{ id, need, ring }];
    });
    if (found.length === 0) break;
    for (const one of found) {
      const thing = byId.get(one.id);
      if (thing?.needs === undefined) continue;
      const { needs, proposed = [], ...rest } = thing;
      const left = without(needs, one.need);
      const link: ProposedLink = { need: one.need, because: `${one.ring.join(' → ')} → ${one.ring[0]}` };
      const back = { ...rest, ...(left === undefined ? {} : { needs: left }), proposed: [...proposed, link] };
      // The same thing, one link of it moved.
      byId.set(one.id, back as unknown as Thing);
      taken.push(one);
    }
  }
  return { things: [...byId.values()], taken };
}
