import { canonical } from '../../journal/canonical.ts';
import { type Section, sections, type Thing } from '../change/change.ts';
import { mapProblems } from '../document/check.ts';
import { withWholeReferences } from '../document/reference.ts';
import type { HospitalMap } from '../model.ts';

/** One owner's map, and the file or folder it was read from. */
export interface OwnersMap {
  file: string;
  map: HospitalMap;
}

/** What cannot be between maps that are right in themselves, or what a person should look at. */
export interface RegionProblem {
  code: string;
  severity: 'error' | 'warning';
  /** Where to look first; the message names the others. */
  file: string;
  message: string;
}

export interface Joined {
  /** Every reference with its owner; absent where a problem is an error. */
  document?: HospitalMap;
  problems: RegionProblem[];
}

/**
 * The maps of several owners as one, in the order given. Each thing has one owner, whose own description counts; what others
 * say of it only stands in where the owner's map is not at hand. `name`: what the whole is called.
 */
export function joinMaps(name: HospitalMap['establishment'], parts: readonly OwnersMap[]): Joined {
  const problems: RegionProblem[] = [];
  const owners = new Map<string, OwnersMap>();
  for (const part of parts) {
    const { id, timeZone } = part.map.establishment;
    const before = owners.get(id);
    if (before !== undefined || id === name.id) {
      problems.push(claimedTwice(part, before));
      continue;
    }
    if (timeZone !== name.timeZone) problems.push(elsewhere(part, name.timeZone));
    owners.set(id, part);
  }
  // What is whose is not known: nothing more can be said.
  if (owners.size < parts.length) return { problems };
  const files = new Map<Thing, string>();
  const document: HospitalMap = {
    version: 1,
    establishment: name,
    ...gathered(owners, problems, files),
  };
  // Each part was checked by itself: what is left is between them.
  for (const { code, severity, path, message } of mapProblems(document)) {
    const [section, index] = path;
    const thing = sections.includes(section as Section) ? document[section as Section][Number(index)] : undefined;
    const file = (thing === undefined ? undefined : files.get(thing)) ?? parts[0]?.file ?? '';
    if (severity === 'error') problems.push({ code, severity, file, message });
  }
  return problems.some(({ severity }) => severity === 'error') ? { problems } : { document, problems };
}

const claimedTwice = ({ file, map }: OwnersMap, before: OwnersMap | undefined): RegionProblem => {
  const { id } = map.establishment;
  const also = before === undefined ? 'the whole is called so' : `so is ${before.file}`;
  const message = `${file} is a map of \`${id}\`, and ${also}: one owner has one map, and each owner its own id`;
  return { code: 'owner-twice', severity: 'error', file, message };
};

const elsewhere = ({ file, map }: OwnersMap, timeZone: string): RegionProblem => ({
  code: 'other-time-zone',
  severity: 'warning',
  file,
  message: `\`${map.establishment.id}\` is in ${map.establishment.timeZone}; hours of need are read in ${timeZone} here`,
});

interface Description {
  thing: Thing;
  /** Who says it. */
  by: string;
}

function gathered(
  owners: ReadonlyMap<string, OwnersMap>,
  problems: RegionProblem[],
  files: Map<Thing, string>,
): Pick<HospitalMap, Section> {
  const lists = new Map<Section, Map<string, Description[]>>(sections.map((section) => [section, new Map()]));
  for (const [owner, { map }] of owners) {
    const whole = withWholeReferences(map);
    for (const section of sections) {
      const things = lists.get(section);
      for (const thing of whole[section]) {
        const said = things?.get(thing.id);
        if (said === undefined) things?.set(thing.id, [{ thing, by: owner }]);
        else said.push({ thing, by: owner });
      }
    }
  }
  const file = (owner: string) => owners.get(owner)?.file ?? owner;
  const chosen = (section: Section): Thing[] =>
    [...(lists.get(section) ?? [])].map(([id, said]) => {
      const owner = id.slice(0, id.indexOf(':'));
      const own = said.find(({ by }) => by === owner);
      const counts = own ?? said[0];
      if (counts === undefined) throw new Error(`region: nobody describes ${id}`);
      files.set(counts.thing, file(counts.by));
      problems.push(
        ...disagreements(id, said, counts, own !== undefined, owners.has(owner) ? file(owner) : null, file),
      );
      return counts.thing;
    });
  // One section at a time: things of a list are of its shape.
  return Object.fromEntries(sections.map((section) => [section, chosen(section)])) as Pick<HospitalMap, Section>;
}

/** `ownersFile`: null where the owner's map is not at hand. */
function disagreements(
  id: string,
  said: readonly Description[],
  counts: Description,
  isOwn: boolean,
  ownersFile: string | null,
  file: (owner: string) => string,
): RegionProblem[] {
  if (!isOwn && ownersFile !== null) {
    const message = `${file(counts.by)} describes \`${id}\`, which its owner's map, ${ownersFile}, does not have`;
    return [{ code: 'unknown-to-owner', severity: 'error', file: file(counts.by), message }];
  }
  return said.flatMap(({ thing, by }): RegionProblem[] => {
    const differing = differences(thing, counts.thing);
    if (by === counts.by || differing.length === 0) return [];
    const what = `${file(by)} and ${file(counts.by)} describe \`${id}\` differently (${differing.join(', ')})`;
    return isOwn
      ? [{ code: 'described-otherwise', severity: 'warning', file: file(by), message: `${what}; its owner's counts` }]
      : [
          {
            code: 'described-twice',
            severity: 'error',
            file: file(by),
            message: `${what}, and neither owns it: make them agree, or add its owner's map`,
          },
        ];
  });
}

/** Fields that say what a thing is and hangs on: two descriptions that both have one must agree. */
const telling = ['kind', 'needs', 'wards', 'tier', 'members'] as const;

function differences(one: Thing, other: Thing): string[] {
  const [mine, theirs] = [one, other].map((thing) => new Map<string, unknown>(Object.entries(thing)));
  return telling.filter((field) => {
    if (mine?.get(field) === undefined || theirs?.get(field) === undefined) return false;
    return canonical({ said: mine.get(field) }) !== canonical({ said: theirs.get(field) });
  });
}
