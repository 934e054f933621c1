import { isAlias, isMap, isScalar, isSeq, type Node, type Pair, parseDocument, type Scalar } from 'yaml';
import { plainErrors } from './duplicateKeys.ts';

/** Largest file read: some thirty thousand components. The parser reads about a megabyte a second; beyond, split the map. */
export const fileBytesMax = 4 * 1024 * 1024;
/** Nodes visited in one file, aliases expanded: a few lines of aliases can stand for billions. */
const nodesMax = 500_000;
/** Deepest nesting followed. */
const depthMax = 40;

export interface Position {
  line: number;
  column: number;
}

/** Something wrong in a file, at its place. */
export interface FileProblem extends Position {
  file: string;
  code: string;
  severity: 'error' | 'warning';
  message: string;
}

/** One YAML file, parsed with positions, ready to be walked. `problems` grows while it is read. */
export class YamlSource {
  readonly file: string;
  readonly root: Node | null;
  readonly problems: FileProblem[] = [];
  /** The text could not be understood everywhere: what is missing may be in the part that was not. */
  readonly isBroken: boolean;
  /** Offset of each line's first character; the parser's own counter loses its way in broken texts. */
  #lines: number[] = [0];
  readonly #anchors = new Map<string, Node>();
  readonly #open = new Set<Node>();
  #nodes = 0;
  #depth = 0;

  constructor(file: string, bytes: Uint8Array) {
    this.file = file;
    this.root = this.#parse(bytes);
    this.isBroken = this.problems.length > 0;
  }

  problem(at: Position | Node | null | undefined, code: string, message: string): void {
    const place = at === null || at === undefined ? { line: 1, column: 1 } : 'line' in at ? at : this.position(at);
    this.problems.push({ file: this.file, ...place, code, severity: 'error', message });
  }

  position(node: Node): Position {
    return this.#place(node.range?.[0] ?? 0);
  }

  #place(offset: number): Position {
    let left = 0;
    let right = this.#lines.length - 1;
    while (left < right) {
      const middle = (left + right + 1) >> 1;
      if ((this.#lines[middle] ?? 0) <= offset) left = middle;
      else right = middle - 1;
    }
    return { line: left + 1, column: offset - (this.#lines[left] ?? 0) + 1 };
  }

  /**
   * Gives `visit` the node itself, or what an alias stands for; undefined past the bounds, once said. Walk in the order of the
   * file, children inside `visit`: an alias means the last anchor of its name before it.
   */
  enter<Value>(node: Node, visit: (node: Node) => Value): Value | undefined {
    this.#nodes += 1;
    if (this.#nodes > nodesMax) {
      if (this.#nodes === nodesMax + 1)
        this.problem(node, 'yaml-too-large', `more than ${nodesMax} values, aliases expanded`);
      return undefined;
    }
    if (this.#depth >= depthMax) {
      this.problem(node, 'yaml-too-deep', `nested more than ${depthMax} deep`);
      return undefined;
    }
    const real = isAlias(node) ? this.#anchors.get(node.source) : node;
    if (real === undefined || this.#open.has(real)) {
      const why = real === undefined ? 'names no anchor before it' : 'stands for something that contains it';
      this.problem(node, 'yaml-alias', `the alias \`*${isAlias(node) ? node.source : ''}\` ${why}`);
      return undefined;
    }
    if ('anchor' in real && typeof real.anchor === 'string') this.#anchors.set(real.anchor, real);
    this.#open.add(real);
    this.#depth += 1;
    try {
      return visit(real);
    } finally {
      this.#depth -= 1;
      this.#open.delete(real);
    }
  }

  /** The fields of a mapping, in order; keys that are no text, or come twice, are said and left out. */
  *fields(node: Node): Generator<{ key: string; at: Node; value: Node | null }> {
    if (!isMap(node)) return;
    const seen = new Set<string>();
    for (const { key, value } of node.items as Pair<Node, Node | null>[]) {
      if (!isScalar(key) || key.value === null || typeof key.value === 'object') {
        this.problem(key ?? node, 'yaml-key', 'a field needs a name in plain text');
        continue;
      }
      const name = textOf(key);
      if (seen.has(name)) {
        this.problem(key, 'duplicate-field', `\`${name}\` is written twice here; the first is kept`);
        continue;
      }
      seen.add(name);
      yield { key: name, at: key, value };
    }
  }

  #parse(bytes: Uint8Array): Node | null {
    if (bytes.byteLength > fileBytesMax) {
      this.problem(
        null,
        'file-too-large',
        `${bytes.byteLength} bytes; at most ${fileBytesMax} are read: split it into several files`,
      );
      return null;
    }
    let text: string;
    try {
      text = new TextDecoder('utf-8', { fatal: true }).decode(bytes);
    } catch {
      this.problem(null, 'not-text', 'not a UTF-8 text; save it as UTF-8');
      return null;
    }
    if (text.includes('\0')) {
      this.problem(null, 'not-text', 'holds binary data, not YAML');
      return null;
    }
    for (let at = text.indexOf('\n'); at >= 0; at = text.indexOf('\n', at + 1)) this.#lines.push(at + 1);
    try {
      // Duplicate keys are looked for while walking: the parser's own search takes quadratic time.
      const document = parseDocument(text, { ...plainErrors, logLevel: 'silent', version: '1.2' });
      for (const { pos, message } of [...document.errors, ...document.warnings]) {
        this.problem(this.#place(pos[0]), 'yaml-syntax', (message.split('\n')[0] ?? '').replace(/ at line \d+.*$/, ''));
      }
      return document.contents as Node | null;
    } catch (error) {
      // The parser recurses: nesting without end exhausts the stack.
      this.problem(null, 'yaml-syntax', error instanceof RangeError ? 'nested too deep to be read' : String(error));
      return null;
    }
  }
}

/** A scalar as it was written: `0199001234` and `08:00` are texts where a text is expected. */
export function textOf(scalar: Scalar): string {
  return typeof scalar.value === 'string' ? scalar.value : (scalar.source ?? String(scalar.value));
}

/** What a person would call it. */
export function describe(node: Node | null): string {
  if (node === null) return 'nothing';
  if (isMap(node)) return 'a group of fields';
  if (isSeq(node)) return 'a list';
  if (!isScalar(node) || node.value === null) return 'nothing';
  const text = textOf(node);
  return `\`${text.length > 40 ? `${text.slice(0, 40)}…` : text}\``;
}
