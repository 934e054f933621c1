import { readFileSync } from 'node:fs';
import { posix } from 'node:path';
import type { Gate, Problem } from './gate.ts';
import { isTest, listFiles, type Node, problemAt, readSource, type Source, walk } from './source.ts';

const because =
  'a program is started by its path and a list of arguments, so that no text of anyone is read as a command';
/** What `node:child_process` may be asked for: nothing that hands a line to a shell. */
const launchers = new Set(['spawn', 'spawnSync', 'execFile', 'execFileSync', 'fork']);
const shells = new Set(['sh', 'bash', 'dash', 'ash', 'zsh', 'ksh', 'fish', 'busybox', 'cmd', 'cmd.exe', 'powershell']);

/** Refuses, in everything that is packaged, whatever would run a shell or text as code. Tests may: nobody else's words reach them. */
export const shell: Gate = {
  name: 'no shell',
  run(root) {
    const files = listFiles(root, ['{src,bin}/**/*.{ts,tsx,mjs}']).filter((file) => !isTest(file));
    const scripts = listFiles(root, ['src/**/*.pl']);
    return {
      examined: files.length + scripts.length,
      problems: [
        ...files.flatMap((file) => inSource(readSource(root, file))),
        ...scripts.flatMap((file) => inPerl(file, readFileSync(posix.join(root, file), 'utf8'))),
      ],
    };
  },
};

function inSource(source: Source): Problem[] {
  const problems: Problem[] = [];
  const launches = source.text.includes('child_process');
  walk(source.program, (node) => {
    const what = refused(node, launches);
    if (what !== undefined) problems.push(problemAt(source, node.start, `${what}: ${because}`));
  });
  return problems;
}

function refused(node: Node, launches: boolean): string | undefined {
  switch (node.type) {
    case 'ImportDeclaration':
    case 'ExportNamedDeclaration':
    case 'ExportAllDeclaration':
    case 'ImportExpression':
      return importRefused(node);
    case 'Property':
      if (!launches || textOf(part(node, 'key')) !== 'shell' || isFalse(part(node, 'value'))) return undefined;
      return isPattern(part(node, 'value')) ? undefined : 'the option `shell`';
    case 'CallExpression':
    case 'NewExpression':
      return callRefused(node);
    default:
      return undefined;
  }
}

function importRefused(node: Node): string | undefined {
  const specifier = textOf(part(node, 'source'))?.replace(/^node:/, '');
  if (specifier === 'vm') return 'node:vm runs text as code';
  if (specifier !== 'child_process' || part(node, 'importKind') === 'type') return undefined;
  const specifiers = part(node, 'specifiers');
  if (!Array.isArray(specifiers)) return 'child_process as a whole, which cannot be followed';
  for (const one of specifiers) {
    if (part(one, 'importKind') === 'type') continue;
    const name = textOf(part(one, 'imported'));
    if (name === undefined) return 'child_process as a whole, which cannot be followed';
    if (/^[a-z]/.test(name) && !launchers.has(name)) return `${name} hands a line to a shell`;
  }
  return undefined;
}

function callRefused(node: Node): string | undefined {
  const callee = textOf(part(node, 'callee'));
  if (callee === 'eval' || callee === 'Function') return `${callee} runs text as code`;
  const given = part(node, 'arguments');
  if (callee === undefined || !launchers.has(callee) || !Array.isArray(given)) return undefined;
  const words: unknown[] = given.flatMap((argument) => {
    const elements = part(argument, 'elements');
    return Array.isArray(elements) ? elements : [argument];
  });
  const named = words.map(literalOf).find((word) => word !== undefined && shells.has(posix.basename(word)));
  return named === undefined ? undefined : `${named} is a shell`;
}

/** Backquotes, `qx`, `eval` of text, a pipe opened from a line, and `system` or `exec` without `{ program }`. */
const perl = [
  [/^[^#'"]*(`|\bqx\b)/, 'backquotes'],
  [/^[^#]*\beval\b(?!\s*\{)/, '`eval` of text'],
  [/^[^#]*\bopen\b[^#]*,\s*(['"])(\||[^'"]*\|\s*\1)/, 'a pipe opened from a line'],
  [/^[^#]*\b(system|exec)\b(?!\s*\{)/, '`system` or `exec` of a line'],
] as const;

function inPerl(file: string, text: string): Problem[] {
  return text
    .split('\n')
    .flatMap((line, index) =>
      perl.flatMap(([pattern, what]) =>
        pattern.test(line) ? [{ file, line: index + 1, message: `${what}: ${because}` }] : [],
      ),
    );
}

function part(node: unknown, name: string): unknown {
  return typeof node === 'object' && node !== null && name in node
    ? (node as Record<string, unknown>)[name]
    : undefined;
}

/** The word of an identifier, of a text, or of the last step of `a.b`. */
function textOf(node: unknown): string | undefined {
  const property = part(node, 'property');
  if (property !== undefined) return textOf(property);
  const name = part(node, 'name') ?? part(node, 'value');
  return typeof name === 'string' ? name : undefined;
}

const literalOf = (node: unknown): string | undefined => (part(node, 'type') === 'Literal' ? textOf(node) : undefined);
const isFalse = (node: unknown): boolean => part(node, 'value') === false;
/** A name in `const { shell } = …`: read, not set. */
const isPattern = (node: unknown): boolean => /Pattern$/.test(String(part(node, 'type')));
