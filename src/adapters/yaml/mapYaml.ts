import { Document, isCollection, isMap, isSeq, visit, type YAMLMap } from 'yaml';
import { type Section, sections } from '../../map/change/change.ts';
import { withShortReferences } from '../../map/document/reference.ts';
import type { HospitalMap, Need } from '../../map/model.ts';
import { durationText } from './durationText.ts';
import { durations } from './plain.ts';

/** The fields of each thing, in the order a person reads them; any other comes after, by name. */
const order: readonly string[] = [
  ...['id', 'kind', 'name', 'title', 'text', 'city', 'position', 'timeZone', 'site', 'beds', 'phone', 'accessPoints'],
  ...[
    'contact',
    'phoneAtNight',
    'email',
    'supplier',
    'team',
    'number',
    'covers',
    'days',
    'from',
    'to',
    'until',
    'hours',
  ],
  ...['mustAnswerWithin', 'mustRepairWithin', 'reliesOn', 'clauses', 'onCall'],
  ...['tier', 'weight', 'signedBy', 'signedOn', 'calendar', 'mtpd', 'rto', 'rpo', 'wards', 'partOf', 'members'],
  ...['need', 'grace', 'needs', 'proposed', 'because', 'who', 'call', 'hold', 'runsOutFirst', 'provedOn', 'steps'],
  ...[
    'degradedMode',
    'source',
    'driver',
    'declared',
    'every',
    'probes',
    'restore',
    'return',
    'failuresPerYear',
    'repair',
  ],
  ...['reliability', 'toConfirm', 'by', 'on', 'confirmed', 'fr', 'en', 'origin'],
];
const rank = new Map(order.map((field, index) => [field, index]));
const said = new Map(Object.entries(durations).map(([written, held]) => [held, written]));

/** Lists that say nothing when they are empty: that is what is held where they are not written. */
const lists = new Set(['accessPoints', 'covers', 'clauses', 'steps', 'probes']);

/** Longest group written on one line: beyond, each of its parts has its own. */
const lineLettersMax = 100;

/**
 * The map as a person writes it, in one file: the same map is always the same bytes, whatever order its fields came in, and
 * reads back as itself. Things stand in the map's own order, which is clinical order.
 */
export function mapYaml(map: HospitalMap): string {
  const short = withShortReferences(map);
  return [headYaml(short), ...sections.map((section) => sectionYaml(section, short[section]))]
    .filter((part) => part !== '')
    .join('\n');
}

/** `version`, and whose map it is. */
export function headYaml({ establishment }: HospitalMap): string {
  const { kind, ...named } = establishment;
  return yaml({ version: 1, [kind ?? 'establishment']: asWritten(named) });
}

/** One section with its things; empty where it has none. */
export function sectionYaml(section: Section, things: readonly object[]): string {
  return things.length === 0 ? '' : yaml({ [section]: things.map((thing) => asWritten(thing)) });
}

function yaml(top: object): string {
  const document = new Document(top, { version: '1.2' });
  visit(document, {
    Collection(_, node, path) {
      const around = path.filter(isCollection);
      // The file itself, its sections, and the things in them stand one below the other.
      const isList = around.length === 1 && isSeq(node);
      const isThing = around.length === 2 && isSeq(around[1]);
      node.flow = around.length > 0 && !isList && !isThing && isShort(node.toJSON());
    },
  });
  return document.toString(style);
}

/** Nothing is folded, and texts of several lines are quoted: what a line looks like depends on what it holds alone. */
export const style = { lineWidth: 0, blockQuote: false } as const;

/** One thing, to be put in the list of a file that people wrote. */
export function thingNode(document: Document, thing: object): YAMLMap {
  const node = document.createNode(asWritten(thing));
  if (!isMap(node)) throw new Error('a thing of a map has fields');
  visit(node, {
    Collection(_, inside) {
      if (inside !== node) inside.flow = isShort(inside.toJSON());
    },
  });
  return node;
}

const isShort = (value: unknown): boolean => JSON.stringify(value).length <= lineLettersMax;

/** A value of the model in the words of its file: durations as people write them, texts in one language plainly, short needs. */
function asWritten(value: unknown, field = ''): unknown {
  if (Array.isArray(value)) return value.map((one) => asWritten(one));
  if (typeof value !== 'object' || value === null) return value;
  if (field === 'needs') return shortest(value as Need);
  const fields = Object.entries(value).filter(([, inside]) => inside !== undefined);
  const [[only, word] = []] = fields;
  if (fields.length === 1 && only === 'fr') return word;
  const written = fields.flatMap(([name, inside]): [string, unknown][] => {
    if (lists.has(name) && Array.isArray(inside) && inside.length === 0) return [];
    const short = said.get(name);
    const duration = short !== undefined && typeof inside === 'number' ? durationText(inside) : undefined;
    if (short !== undefined && duration !== undefined) return [[short, duration]];
    return [[name, asWritten(inside, name)]];
  });
  const at = (name: string) => rank.get(name) ?? rank.get(said.get(name) ?? '') ?? order.length;
  return Object.fromEntries(written.sort(([one], [other]) => at(one) - at(other) || (one < other ? -1 : 1)));
}

/** `db`; `[a, b]`; `{any: […]}`; `{atLeast: 2, of: […]}`; `{need: ups-a, grace: 12m}`. */
function shortest(need: Need): unknown {
  if ('all' in need) return need.all.map(shortest);
  if ('any' in need) return { any: need.any.map(shortest) };
  if ('of' in need) return { atLeast: need.atLeast, of: need.of.map(shortest) };
  const { graceSeconds, confirmed } = need;
  return graceSeconds === undefined && confirmed === undefined ? need.need : asWritten(need);
}
