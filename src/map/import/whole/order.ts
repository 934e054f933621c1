interface Thing {
  id: string;
}

/** What the map has, where it stands, and what is new where the file has it: before the next thing that both have, else last. */
export function withNew<One extends Thing>(here: readonly One[], there: readonly One[]): One[] {
  const known = new Set(here.map(({ id }) => id));
  const before = new Map<string, One[]>();
  let waiting: One[] = [];
  for (const thing of there) {
    if (!known.has(thing.id)) waiting.push(thing);
    else {
      before.set(thing.id, waiting);
      waiting = [];
    }
  }
  return [...here.flatMap((thing) => [...(before.get(thing.id) ?? []), thing]), ...waiting];
}

/** The same things, those that the file has in the order it has them; the others stay where they are. */
export function inOrderOf<One extends Thing>(here: readonly One[], there: readonly Thing[]): One[] {
  const byId = new Map(here.map((thing) => [thing.id, thing]));
  const known = there.flatMap(({ id }) => byId.get(id) ?? []);
  const told = new Set(known.map(({ id }) => id));
  const next = known.values();
  return here.map((thing) => (told.has(thing.id) ? (next.next().value ?? thing) : thing));
}
