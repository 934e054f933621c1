import type { Json } from '../../journal/event.ts';

/**
 * A state as lines, so that a large one is written and read back piece by piece: no second and third copy of it in memory,
 * no half second in which nothing else runs, and one piece is parsed while the next comes from the disk.
 *
 * `+[…]` items and `+{…}` fields of what is open, as JSON; `[` and `{` open an item too large for one line, `]` and `}` close
 * it; `:"…"` names the field that the next line opens. The state itself is the one item of an array that is always open.
 */

/** About what one line holds. From some 100 kB on V8 puts what it parses where it is dear to collect. */
const lineCharacters = 32_768;

type Named = readonly [name: string, value: Json];

const isTree = (value: Json | undefined): value is Json[] | { [key: string]: Json } =>
  typeof value === 'object' && value !== null;

/** What is left of `room` characters once the value is in it; looks no further once there is none. */
function roomAfter(value: Json | undefined, room: number): number {
  if (typeof value === 'string') return room - value.length - 3;
  if (!isTree(value)) return room - 6;
  let left = room - 3;
  if (Array.isArray(value)) {
    for (let index = 0; index < value.length && left > 0; index++) left = roomAfter(value[index], left);
    return left;
  }
  for (const name in value) {
    if (left <= 0) break;
    left = roomAfter(value[name], left - name.length - 3);
  }
  return left;
}

function* linesOfItems(items: Iterable<Named>, named: boolean): Generator<string> {
  const [open, close] = named ? ['+{', '}'] : ['+[', ']'];
  let line = '';
  let left = lineCharacters;
  for (const [name, value] of items) {
    const room = roomAfter(value, lineCharacters);
    const own = room <= 0 && isTree(value);
    if (line !== '' && (own || lineCharacters - room > left)) {
      yield `${open}${line}${close}`;
      line = '';
      left = lineCharacters;
    }
    if (own) {
      if (named) yield `:${JSON.stringify(name)}`;
      yield* linesOfTree(value);
      continue;
    }
    line += `${line === '' ? '' : ','}${named ? `${JSON.stringify(name)}:` : ''}${JSON.stringify(value) ?? 'null'}`;
    left -= lineCharacters - room + name.length;
  }
  if (line !== '') yield `${open}${line}${close}`;
}

function* fieldsOf(value: { [key: string]: Json }): Generator<Named> {
  for (const [name, field] of Object.entries(value)) if (field !== undefined) yield [name, field];
}

function* itemsOf(values: readonly Json[]): Generator<Named> {
  for (const value of values) yield ['', value];
}

function* linesOfTree(value: Json[] | { [key: string]: Json }): Generator<string> {
  const list = Array.isArray(value);
  yield list ? '[' : '{';
  yield* linesOfItems(list ? itemsOf(value) : fieldsOf(value), !list);
  yield list ? ']' : '}';
}

/** The lines of a state. It is immutable: commands may go on meanwhile. */
export const linesOf = (state: Json): Generator<string> => linesOfItems([['', state]], false);

/** Something open: its items so far; a field's name goes before its value. */
interface Open {
  items: Json[];
  fields: Named[];
  /** As JSON: what is opened next; empty where it is an item. */
  name: string;
}

export interface LineReader {
  /** Throws where the line does not continue those before. */
  add(line: string): void;
  /** The state, once all its lines were given; throws where some are missing. */
  state(): Json;
}

export function createLineReader(): LineReader {
  const fresh = (): Open => ({ items: [], fields: [], name: '' });
  const around: Open[] = [];
  let open = fresh();

  function close(value: Json): void {
    const outer = around.pop();
    if (outer === undefined) throw new Error('closed more than was opened');
    open = outer;
    if (open.name === '') open.items.push(value);
    else open.fields.push([JSON.parse(open.name), value]);
    open.name = '';
  }

  return {
    add(line) {
      switch (line[0]) {
        case '+': {
          const parsed: Json = JSON.parse(line.slice(1));
          if (Array.isArray(parsed)) for (const item of parsed) open.items.push(item);
          else if (isTree(parsed)) for (const field of Object.entries(parsed)) open.fields.push(field);
          return;
        }
        case ':':
          open.name = line.slice(1);
          return;
        case '[':
        case '{':
          around.push(open);
          open = fresh();
          return;
        case ']':
          return close(open.items);
        case '}':
          // Each field its own, whatever its name: assigned, `__proto__` would be no field.
          return close(Object.fromEntries(open.fields));
        default:
          throw new Error('not a line of a snapshot');
      }
    },
    state() {
      const [state] = open.items;
      if (around.length > 0 || state === undefined) throw new Error('ends too early');
      return state;
    },
  };
}
