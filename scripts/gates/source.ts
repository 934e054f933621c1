import { globSync, readFileSync } from 'node:fs';
import { dirname, join, posix, relative } from 'node:path';
import { type ESTree, parseSync } from 'vite';
import type { Problem } from './gate.ts';

/** A node of the syntax tree, seen without its kind. */
export interface Node {
  type: string;
  start: number;
  end: number;
}

export interface Source {
  /** Relative to the root, with `/`. */
  file: string;
  text: string;
  program: ESTree.Program;
}

export interface Import {
  /** As written: `../map/model.ts`, `node:fs`, `zod`. */
  specifier: string;
  /** The file it names, relative to the root; undefined for a package. */
  target: string | undefined;
  /** Erased before running: `import type`, or a type taken by `import('…')`. */
  typeOnly: boolean;
  start: number;
}

export function listFiles(root: string, patterns: readonly string[]): string[] {
  const found = globSync([...patterns], { cwd: root, exclude: ['**/node_modules/**', '**/dist/**', '**/fixtures/**'] });
  return found.map((file) => file.replaceAll('\\', '/')).sort();
}

export function readSource(root: string, file: string): Source {
  const text = readFileSync(join(root, file), 'utf8');
  const { program, errors } = parseSync(file, text);
  const [first] = errors;
  if (first !== undefined) throw new Error(`${file} cannot be parsed: ${first.message}`);
  return { file, text, program };
}

/** A problem at an offset of a source. */
export function problemAt(source: Source, offset: number, message: string): Problem {
  const before = source.text.slice(0, offset).split('\n');
  return { file: source.file, line: before.length, column: (before.at(-1)?.length ?? 0) + 1, message };
}

/** Visits every node, each with its ancestors, nearest last. */
export function walk(
  node: object,
  visit: (node: Node, ancestors: readonly Node[]) => void,
  ancestors: Node[] = [],
): void {
  const self = isNode(node) ? node : undefined;
  if (self !== undefined) {
    visit(self, ancestors);
    ancestors.push(self);
  }
  for (const child of Object.values(node)) {
    if (typeof child === 'object' && child !== null) walk(child, visit, ancestors);
  }
  if (self !== undefined) ancestors.pop();
}

function isNode(value: object): value is Node {
  return 'type' in value && typeof value.type === 'string' && 'start' in value && typeof value.start === 'number';
}

export function importsOf(source: Source): Import[] {
  const found: Import[] = [];
  walk(source.program, (node) => {
    const specifier = specifierOf(node);
    if (specifier === undefined) return;
    const target = specifier.startsWith('.') ? posix.join(dirname(source.file), specifier) : undefined;
    found.push({ specifier, target, typeOnly: isTypeOnly(node), start: node.start });
  });
  return found;
}

const importing = new Set([
  'ImportDeclaration',
  'ExportNamedDeclaration',
  'ExportAllDeclaration',
  'ImportExpression',
  'TSImportType',
]);

function specifierOf(node: Node): string | undefined {
  if (!importing.has(node.type) || !('source' in node)) return undefined;
  const { source } = node;
  if (typeof source !== 'object' || source === null || !('value' in source)) return undefined;
  return typeof source.value === 'string' ? source.value : undefined;
}

function isTypeOnly(node: Node): boolean {
  if (node.type === 'TSImportType') return true;
  if ('importKind' in node && node.importKind === 'type') return true;
  if ('exportKind' in node && node.exportKind === 'type') return true;
  if (!('specifiers' in node) || !Array.isArray(node.specifiers) || node.specifiers.length === 0) return false;
  const specifiers: unknown[] = node.specifiers;
  return specifiers.every(
    (one) => typeof one === 'object' && one !== null && 'importKind' in one && one.importKind === 'type',
  );
}

export const isTest = (file: string): boolean =>
  /\.(test|fuzz|contract)\.tsx?$/.test(file) || /(^|\/)contract\.ts$/.test(file) || /\/(fixtures|testing)\//.test(file);

export const inRoot = (root: string, path: string): string => relative(root, path).replaceAll('\\', '/');
