import { existsSync } from 'node:fs';
import { builtinModules } from 'node:module';
import { join } from 'node:path';
import type { Gate, Problem } from './gate.ts';
import { rooms } from './layers.ts';
import { importsOf, listFiles, type Node, problemAt, readSource, type Source, walk } from './source.ts';

const because =
  'rooms are pure, so that a fold, an exercise and a replay give the same answer everywhere: ' +
  'take the time from the event or from `context.now`, ids from `context.newId`, and do I/O at the edge';

/** Globals that let the outside in. `Date` and `Math` have good parts, and are looked at more closely. */
const outside = new Set([
  'performance',
  'crypto',
  'setTimeout',
  'setInterval',
  'setImmediate',
  'queueMicrotask',
  'fetch',
  'process',
  'console',
  'globalThis',
  'WeakRef',
  'FinalizationRegistry',
]);

/** Methods of a date that answer in the time zone of whatever machine runs them. */
const localTime =
  /^(get(FullYear|Month|Date|Day|Hours|Minutes|Seconds|Milliseconds|TimezoneOffset)|set(FullYear|Month|Date|Hours|Minutes)|to(Date|Time)String)$/;

/**
 * Refuses clock, randomness, timers and I/O in the rooms' events, state, decide and views, and in what they import.
 * tsconfig.pure.json refuses most of it too, by types; this says why, and sees what types cannot: `Date.now()`, `Math.random()`.
 */
export const purity: Gate = {
  name: 'purity',
  run(root) {
    const files = withImports(root, listFiles(root, [`src/{${rooms.join(',')}}/{events,state,decide,views}.ts`]));
    return { examined: files.length, problems: files.flatMap(impurities) };
  },
};

/** The files and everything of ours they run, each once. */
function withImports(root: string, entries: readonly string[]): Source[] {
  const found = new Map<string, Source>();
  const queue = [...entries];
  for (let file = queue.pop(); file !== undefined; file = queue.pop()) {
    if (found.has(file) || !existsSync(join(root, file))) continue;
    const source = readSource(root, file);
    found.set(file, source);
    queue.push(
      ...importsOf(source).flatMap(({ target, typeOnly }) => (target === undefined || typeOnly ? [] : [target])),
    );
  }
  return [...found.values()];
}

export function impurities(source: Source): Problem[] {
  const declared = declaredNames(source);
  const problems: Problem[] = [];
  const refuse = (node: Node, what: string) => problems.push(problemAt(source, node.start, `${what}: ${because}`));
  for (const { specifier, typeOnly, start } of importsOf(source)) {
    if (!typeOnly && (specifier.startsWith('node:') || builtinModules.includes(specifier))) {
      problems.push(problemAt(source, start, `import of ${specifier}: ${because}`));
    }
  }
  walk(source.program, (node, ancestors) => {
    const parent = ancestors.at(-1);
    if (node.type === 'MemberExpression') {
      const property = propertyName(node);
      if (property !== undefined && localTime.test(property)) {
        refuse(node, `.${property}() depends on the machine’s time zone; use its UTC twin or an offset that is data`);
      }
    }
    if (node.type !== 'Identifier' || !('name' in node) || parent === undefined || !isReference(node, parent)) return;
    const name = String(node.name);
    if (declared.has(name)) return;
    if (outside.has(name)) refuse(node, `\`${name}\``);
    if (name === 'Date' && !isPureDate(node, parent))
      refuse(node, 'the clock (`Date.now()`, `new Date()` without arguments)');
    if (name === 'Math' && !isPureMath(parent)) refuse(node, 'randomness (`Math.random`)');
  });
  return problems;
}

/** `new Date(something)`, `Date.parse`, `Date.UTC`, `x instanceof Date`. */
function isPureDate(node: Node, parent: Node): boolean {
  if (parent.type === 'NewExpression')
    return 'arguments' in parent && Array.isArray(parent.arguments) && parent.arguments.length === 1;
  if (parent.type === 'BinaryExpression') return 'right' in parent && parent.right === node;
  return parent.type === 'MemberExpression' && ['parse', 'UTC'].includes(propertyName(parent) ?? '');
}

function isPureMath(parent: Node): boolean {
  const property = parent.type === 'MemberExpression' ? propertyName(parent) : undefined;
  return property !== undefined && property !== 'random';
}

function propertyName(member: Node): string | undefined {
  if (!('property' in member) || typeof member.property !== 'object' || member.property === null) return undefined;
  const { property } = member;
  if (!('computed' in member && member.computed === true) && 'name' in property) return String(property.name);
  return 'value' in property ? String(property.value) : undefined;
}

/** Whether an identifier stands for a value, rather than for a key, a label or a type. */
function isReference(node: Node, parent: Node): boolean {
  if (parent.type.startsWith('TS'))
    return ['TSAsExpression', 'TSNonNullExpression', 'TSSatisfiesExpression'].includes(parent.type);
  if (/^(Import|Export).*Specifier$/.test(parent.type)) return parent.type === 'ExportSpecifier';
  if (parent.type === 'LabeledStatement' || parent.type === 'BreakStatement') return false;
  const computed = 'computed' in parent && parent.computed === true;
  if (parent.type === 'MemberExpression') return computed || !('property' in parent && parent.property === node);
  if ('key' in parent && parent.key === node) return computed || ('shorthand' in parent && parent.shorthand === true);
  return true;
}

/** Names the file declares itself: a parameter called `process` is not Node’s. */
function declaredNames(source: Source): Set<string> {
  const names = new Set<string>();
  const take = (pattern: unknown): void => {
    if (typeof pattern !== 'object' || pattern === null || !('type' in pattern)) return;
    if (pattern.type === 'Identifier' && 'name' in pattern) names.add(String(pattern.name));
    else if (pattern.type === 'AssignmentPattern' && 'left' in pattern) take(pattern.left);
    else if (pattern.type === 'RestElement' && 'argument' in pattern) take(pattern.argument);
    else if (pattern.type === 'ArrayPattern' && 'elements' in pattern && Array.isArray(pattern.elements))
      pattern.elements.forEach(take);
    else if (pattern.type === 'ObjectPattern' && 'properties' in pattern && Array.isArray(pattern.properties)) {
      for (const property of pattern.properties) take(property.type === 'RestElement' ? property : property.value);
    }
  };
  walk(source.program, (node) => {
    if ('id' in node && !node.type.startsWith('TS')) take(node.id);
    if ('params' in node && Array.isArray(node.params)) node.params.forEach(take);
    if ('param' in node && node.type === 'CatchClause') take(node.param);
    if (node.type.startsWith('Import') && 'local' in node) take(node.local);
  });
  return names;
}
