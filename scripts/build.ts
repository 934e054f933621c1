import {
  copyFileSync,
  existsSync,
  globSync,
  mkdirSync,
  readdirSync,
  readFileSync,
  rmSync,
  statSync,
  writeFileSync,
} from 'node:fs';
import { dirname, join, posix } from 'node:path';
import process from 'node:process';
import { pathToFileURL } from 'node:url';
import { z } from 'zod';
import { bundleVerifier } from './bundle-verifier.ts';
import { runTool } from './gates/run-tool.ts';
import { importsOf, type Node, readSource, type Source, walk } from './gates/source.ts';
import { writeSbom } from './sbom.ts';

/**
 * What the package ships in dist/: plain JavaScript of what `reflexe` runs (Node refuses TypeScript under node_modules),
 * files beside it that it reads, and the interface that vite built into dist/web.
 */
const root = join(import.meta.dirname, '..');
const entry = 'src/cli/reflexe.ts';

/** The files the program runs: imports, and modules named by path (`new URL('./worker.ts', import.meta.url)`) for threads and children. */
export function shippedFiles(from: string): string[] {
  const found = new Map<string, Source>();
  const queue = [from];
  for (let file = queue.pop(); file !== undefined; file = queue.pop()) {
    if (found.has(file)) continue;
    const source = readSource(root, file);
    found.set(file, source);
    const imported = importsOf(source).flatMap(({ target, typeOnly }) =>
      target === undefined || typeOnly ? [] : [target],
    );
    queue.push(...imported, ...namedModules(source).map(({ target }) => target));
  }
  return [...found.keys()].sort();
}

interface NamedModule {
  target: string;
  /** Where the path stands as text to rename; absent where it takes the extension of the module that names it. */
  literal?: { start: number; end: number; value: string };
}

/** Paths of other modules of ours, relative to this one: `'./worker.ts'`, or `\`./worker${extname(import.meta.url)}\``. */
function namedModules(source: Source): NamedModule[] {
  const named: NamedModule[] = [];
  walk(source.program, (node, ancestors) => {
    if (ancestors.at(-1)?.type.match(/^(Import|Export)/)) return;
    const value = stringOf(node);
    const own = extensionless(node);
    const path = value ?? (own === undefined ? undefined : `${own}.ts`);
    if (path === undefined || !/^[\w./-]+\.ts$/.test(path)) return;
    const target = posix.join(dirname(source.file), path);
    // The lab is reached only where there is one: in a checkout.
    if (target.startsWith('lab/') || existsSync(join(root, 'lab', path))) return;
    if (!target.startsWith('src/') || !existsSync(join(root, target))) {
      // Built, the file would have another extension: a path the build cannot follow would only break once installed.
      throw new Error(`${source.file} names ${path}: write it as new URL('<path from this file>', import.meta.url)`);
    }
    named.push(value === undefined ? { target } : { target, literal: { start: node.start, end: node.end, value } });
  });
  return named;
}

function stringOf(node: Node): string | undefined {
  return node.type === 'Literal' && 'value' in node && typeof node.value === 'string' ? node.value : undefined;
}

const Template = z.object({
  quasis: z.tuple([
    z.object({ value: z.object({ raw: z.string() }) }),
    z.object({ value: z.object({ raw: z.literal('') }) }),
  ]),
  expressions: z.tuple([z.object({ callee: z.object({ name: z.literal('extname') }) })]),
});

function extensionless(node: Node): string | undefined {
  const read = node.type === 'TemplateLiteral' ? Template.safeParse(node) : undefined;
  return read?.data?.quasis[0].value.raw;
}

async function emit(files: readonly string[]): Promise<void> {
  const settings = join(root, '.cache', 'tsconfig.build.json');
  mkdirSync(dirname(settings), { recursive: true });
  const compilerOptions = { noEmit: false, rootDir: '../src', outDir: '../dist', allowJs: false, sourceMap: false };
  const content = {
    extends: '../tsconfig.json',
    compilerOptions,
    include: [],
    exclude: [],
    // Shapes written for libraries that bring none.
    files: [...files, ...globSync('src/**/*.d.ts', { cwd: root, exclude: ['src/web/**'] })].map((file) => `../${file}`),
  };
  writeFileSync(settings, JSON.stringify(content));
  const { status, stdout } = await runTool(root, 'tsc', ['-p', settings, '--pretty', 'false']);
  if (status !== 0) throw new Error(`the compiler refused:\n${stdout}`);
}

/** tsc renames imports; a path given to a thread or a child is a string it leaves as it is. */
function renameNamedModules(files: readonly string[]): void {
  for (const file of files) {
    const built = join(root, inDist(file));
    const text = readFileSync(built, 'utf8');
    const emitted = readSource(root, inDist(file));
    const literals = namedModules({ ...emitted, file }).flatMap(({ literal }) => literal ?? []);
    if (literals.length === 0) continue;
    const changed = literals
      .sort((one, other) => other.start - one.start)
      .reduce((code, literal) => {
        const renamed = `'${literal.value.replace(/\.ts$/, '.js')}'`;
        return code.slice(0, literal.start) + renamed + code.slice(literal.end);
      }, text);
    writeFileSync(built, changed);
  }
}

const inDist = (file: string): string => file.replace(/^src\//, 'dist/').replace(/\.ts$/, '.js');

/** Templates and other files that modules read from beside themselves. */
function copyOtherFiles(): string[] {
  const others = globSync('src/**/*', {
    cwd: root,
    exclude: ['src/web/**', '**/fixtures/**', '**/fuzz-crashes/**'],
  }).filter((file) => !/\.(ts|tsx|md)$/.test(file) && statSync(join(root, file)).isFile());
  for (const file of others) {
    const to = join(root, inDist(file));
    mkdirSync(dirname(to), { recursive: true });
    copyFileSync(join(root, file), to);
  }
  return others;
}

function clean(): void {
  const dist = join(root, 'dist');
  for (const name of existsSync(dist) ? readdirSync(dist) : []) {
    if (name !== 'web') rmSync(join(dist, name), { recursive: true });
  }
}

if (import.meta.url === pathToFileURL(process.argv[1] ?? '').href) {
  const files = shippedFiles(entry);
  clean();
  await emit(files);
  renameNamedModules(files);
  const others = copyOtherFiles();
  await bundleVerifier(join(root, 'dist', 'reflexe-verify.mjs'));
  writeSbom(root, join(root, 'dist', 'sbom.cdx.json'));
  process.stderr.write(`dist: ${files.length} modules, ${others.length} other files\n`);
}
