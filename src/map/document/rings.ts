import type { HospitalMap } from '../model.ts';
import { ringsOf, shortestCycle } from './cycles.ts';
import type { MapProblem } from './problem.ts';
import { referencesIn, shortReference } from './reference.ts';

/** Things that need themselves (but where the map says that they start together), are part of or rely on themselves. */
export function rings(map: HospitalMap): MapProblem[] {
  const short = (reference: string) => shortReference(reference, map.establishment.id);
  const needs: Link[] = (['components', 'careFunctions'] as const).flatMap((list) =>
    map[list].map((thing, i) => ({
      id: short(thing.id),
      to: thing.needs === undefined ? [] : [...referencesIn(thing.needs)].map(short),
      path: [list, i, 'needs'],
    })),
  );
  const parts = map.careFunctions.map(({ id, partOf }, i) => ({
    id: short(id),
    to: partOf === undefined ? [] : [short(partOf)],
    path: ['careFunctions', i, 'partOf'],
  }));
  const relies = map.suppliers.map(({ id, reliesOn = [] }, i) => ({
    id: short(id),
    to: reliesOn.map(short),
    path: ['suppliers', i, 'reliesOn'],
  }));
  const groups = map.startTogether.map(({ members }) => new Set(members.map(short)));
  const isDeclared = (ring: readonly string[]) =>
    ring.length > 1 && groups.some((group) => ring.every((id) => group.has(id)));
  const components = new Set(map.components.map(({ id }) => short(id)));
  return [
    ...ringsOfLinks(needs)
      .filter(({ ring }) => !isDeclared(ring))
      .map(({ ring, said, path }): MapProblem => {
        // A ring that holds care cannot be declared: care is not started.
        const canBe = ring.length > 1 && ring.every((id) => components.has(id));
        const cure = canBe ? `${noLink}, or, if they are started together, declare ${all(ring)}` : noLink;
        return { code: 'needs-itself', severity: 'error', path, message: `${said('needs')}: ${cure}` };
      }),
    ...ringsOfLinks(parts).map(({ said, path }): MapProblem => {
      return { code: 'part-of-itself', severity: 'error', path, message: `${said('is part of')}: ${noLink}` };
    }),
    ...ringsOfLinks(relies).map(({ said, path }): MapProblem => {
      return { code: 'relies-on-itself', severity: 'error', path, message: `${said('relies on')}: ${noLink}` };
    }),
  ];
}

const noLink = 'take out the link that is not real';

interface Link {
  id: string;
  to: readonly string[];
  path: readonly (string | number)[];
}

/** Members named in one message. */
const namedMax = 12;
const all = (ring: readonly string[]) => {
  const more = ring.length > namedMax ? ` and ${ring.length - namedMax} more` : '';
  return `${ring.slice(0, namedMax).join(', ')}${more} in one group of \`startTogether\``;
};

/** Each ring with its shortest cycle, told from the thing written first. */
function ringsOfLinks(links: readonly Link[]) {
  // Of two with the same id, the second is refused for that already.
  const byId = new Map(links.toReversed().map((link) => [link.id, link]));
  const order = links.map(({ id }) => id);
  const next = (id: string) => byId.get(id)?.to.filter((to) => byId.has(to)) ?? [];
  return ringsOf(order, next).map((ring) => {
    const found = shortestCycle(ring, next);
    const start = found.indexOf(order.find((id) => found.includes(id)) ?? '');
    const cycle = [...found.slice(start), ...found.slice(0, start)];
    const said = (verb: string) => [...cycle, cycle[0]].map((id) => `\`${id}\``).join(` ${verb} `);
    return { ring, said, path: byId.get(cycle[0] ?? '')?.path ?? [] };
  });
}
