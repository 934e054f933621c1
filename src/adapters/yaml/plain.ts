import { isMap, isScalar, isSeq, type Node } from 'yaml';
import { durationSeconds } from '../../map/document/duration.ts';
import { type Path, type Places, readNeed } from './needs.ts';
import { describe, textOf } from './source.ts';

/** Durations people write (`8h`), and the field of the model that holds them in seconds. */
export const durations: { readonly [field: string]: string } = {
  mtpd: 'mtpdSeconds',
  rto: 'rtoSeconds',
  rpo: 'rpoSeconds',
  hold: 'holdSeconds',
  declared: 'declaredSeconds',
  every: 'everySeconds',
  return: 'returnSeconds',
  repair: 'repairSeconds',
  grace: 'graceSeconds',
  mustAnswerWithin: 'mustAnswerWithinSeconds',
  mustRepairWithin: 'mustRepairWithinSeconds',
};

/** Fields that hold a text, even where YAML would read a number in it (`0199001234`). */
const texts = new Set([
  ...[
    'id',
    'site',
    'supplier',
    'team',
    'partOf',
    'need',
    'because',
    'source',
    'phone',
    'phoneAtNight',
    'who',
    'contact',
  ],
  ...[
    'email',
    'city',
    'number',
    'hours',
    'until',
    'onCall',
    'signedBy',
    'signedOn',
    'by',
    'on',
    'provedOn',
    'from',
    'to',
  ],
  ...['fr', 'en', 'wards', 'accessPoints', 'covers', 'members', 'reliesOn', 'probes', 'toConfirm'],
]);

/** Fields in French and English; French alone may be written plainly. */
const worded = new Set(['name', 'steps', 'title', 'text']);

export interface Reading extends Places {
  /** A name is one plain text here (suppliers), not a text in two languages. */
  plainNames: boolean;
  /** Paths already complained about, so that a later check does not complain again. */
  failed: Set<string>;
}

/** What is written, in the shape of the model: durations in seconds, texts in their languages, needs in their one form. */
export function plainOf(node: Node, path: Path, reading: Reading): unknown {
  const { source } = reading;
  reading.note(path, node);
  const field = path.findLast((part) => typeof part === 'string');
  return source.enter(node, (real): unknown => {
    if (isSeq(real)) {
      return (real.items as (Node | null)[]).map((item, i) =>
        item === null ? null : plainOf(item, [...path, i], reading),
      );
    }
    if (isMap(real)) return Object.fromEntries(entriesOf(real, path, reading));
    if (!isScalar(real) || real.value === null) return null;
    const isText = field !== undefined && texts.has(field);
    const value = isText ? textOf(real) : real.value;
    const isWords = field !== undefined && worded.has(field) && !reading.plainNames;
    return isWords ? { fr: textOf(real) } : value;
  });
}

function* entriesOf(real: Node, path: Path, reading: Reading): Generator<[string, unknown]> {
  const { source } = reading;
  const held = new Set<string>();
  for (const { key, at, value } of source.fields(real)) {
    const name = durations[key] ?? key;
    const inside = [...path, name];
    if (held.has(name)) {
      source.problem(at, 'duplicate-field', `\`${key}\` says again what is already said here`);
      continue;
    }
    held.add(name);
    reading.note(inside, value ?? at);
    if (name !== key) {
      const seconds = isScalar(value) ? durationSeconds(textOf(value)) : undefined;
      if (seconds === undefined) {
        reading.failed.add(inside.join('/'));
        const found = describe(value);
        source.problem(value ?? at, 'bad-duration', `\`${key}\` should be such as 90s, 12m, 8h or 1d; found ${found}`);
      } else yield [name, seconds];
    } else if (key === 'needs') {
      const need = readNeed(value, at, inside, reading);
      if (need === undefined) reading.failed.add(inside.join('/'));
      else yield [name, need];
    } else yield [name, value === null ? null : plainOf(value, inside, reading)];
  }
}
