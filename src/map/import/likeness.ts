import { referencesIn } from '../document/reference.ts';
import type { Component, ProposedLink } from '../model.ts';
import { sameName } from './names.ts';

/** Kinds that applications stand on, whose names often hold the application's. */
const standing = new Set<Component['kind']>(['virtualMachine', 'server', 'database']);

/** Words that say what a machine is, not what it is for. */
const generic = new Set(
  'app application appli base bdd db data database dev prod production recette serveur server srv test vm web'.split(
    ' ',
  ),
);

/** Applications one machine may be proposed to: a name that means more of them means none. */
const applicationsMax = 3;

/** Applications whose whole name is in the name of a machine new to the map: `srv-dpi-01` for the application DPI. */
export function alike(components: readonly Component[], isNew: (id: string) => boolean): Map<string, ProposedLink[]> {
  const applications = new Map<string, Component[]>();
  for (const one of components) {
    if (one.kind !== 'application') continue;
    const word = wordsOf(one).find((part) => part.length >= 3 && !generic.has(part) && !/^\d+$/.test(part));
    if (word !== undefined) applications.set(word, [...(applications.get(word) ?? []), one]);
  }
  const found = new Map<string, ProposedLink[]>();
  for (const machine of components) {
    if (!standing.has(machine.kind) || !isNew(machine.id)) continue;
    const words = wordsOf(machine);
    const meant = [...new Set(words)]
      .flatMap((word) => applications.get(word) ?? [])
      .filter((application) => wordsOf(application).every((word) => words.includes(word)));
    if (meant.length > applicationsMax) continue;
    for (const { id, needs, proposed = [] } of meant) {
      const known = [...(needs === undefined ? [] : referencesIn(needs)), ...proposed.map(({ need }) => need)];
      if (known.includes(machine.id)) continue;
      const because = `nom semblable : « ${machine.name.fr} »`;
      found.set(id, [...(found.get(id) ?? []), { need: machine.id, because }]);
    }
  }
  return found;
}

const wordsOf = ({ name }: Component): string[] => sameName(name.fr).split(' ');
