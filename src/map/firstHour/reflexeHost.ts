import { referencesIn, shortReference } from '../document/reference.ts';
import type { CareFunction, Component, HospitalMap } from '../model.ts';

/** What Reflexe runs on, as components of a map: its links are proposed, a person of the house confirms them. */
export function reflexeHost(machine: string, hasDirectory: boolean): { reflexe: string; components: Component[] } {
  const because = 'Reflexe';
  const proposed = (...ids: string[]) => ids.map((need) => ({ need, because }));
  const part = (id: string, kind: Component['kind'], fr: string, en: string): Component => ({
    id,
    kind,
    name: { fr, en },
  });
  return {
    reflexe: 'reflexe',
    components: [
      {
        ...part('reflexe', 'server', `Reflexe (machine ${machine})`, `Reflexe (machine ${machine})`),
        proposed: proposed('reflexe-power', 'reflexe-storage', ...(hasDirectory ? ['reflexe-directory'] : [])),
      },
      part('reflexe-power', 'powerFeed', 'Alimentation de la machine de Reflexe', 'Power of Reflexe’s machine'),
      part('reflexe-storage', 'storage', 'Disque des données de Reflexe', 'Disk of Reflexe’s data'),
      ...(hasDirectory
        ? [
            part(
              'reflexe-directory',
              'directory',
              'Annuaire des connexions à Reflexe',
              'Directory people sign in to Reflexe with',
            ),
          ]
        : []),
    ],
  };
}

/** Something that stops Reflexe when it stops, and that Reflexe watches for others. */
export interface SharedWithReflexe {
  component: string;
  /** Care functions that rest on it too. */
  careFunctions: string[];
  /** Reflexe rests on it through a link that nobody has confirmed. */
  isOnlyProposed: boolean;
}

/**
 * What Reflexe shares with what it watches: where one of these fails, the care functions and the eye on them fail together.
 * Links not yet confirmed count: here, forgetting a danger is worse than naming one too many.
 */
export function sharedWithReflexe(map: HospitalMap): SharedWithReflexe[] {
  const own = map.establishment.id;
  const short = (reference: string) => shortReference(reference, own);
  const { reflexe } = map.establishment;
  if (reflexe === undefined) return [];
  const things = new Map<string, Component | CareFunction>(
    [...map.components, ...map.careFunctions].map((thing) => [short(thing.id), thing]),
  );
  const below = (from: string, alsoProposed: boolean): Set<string> => {
    const found = new Set<string>([short(from)]);
    for (const id of found) {
      const thing = things.get(id);
      if (thing?.needs !== undefined) for (const need of referencesIn(thing.needs)) found.add(short(need));
      if (alsoProposed) for (const { need } of thing?.proposed ?? []) found.add(short(need));
    }
    return found;
  };
  const all = below(reflexe, true);
  const sure = below(reflexe, false);
  const users = new Map<string, string[]>();
  for (const { id } of map.careFunctions)
    for (const used of below(id, true)) if (all.has(used)) users.set(used, [...(users.get(used) ?? []), short(id)]);
  return [...all].flatMap((component) => {
    const careFunctions = users.get(component);
    return careFunctions === undefined ? [] : [{ component, careFunctions, isOnlyProposed: !sure.has(component) }];
  });
}
