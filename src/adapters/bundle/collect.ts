import { existsSync, globSync, readFileSync, statSync } from 'node:fs';
import { basename, join } from 'node:path';
import { z } from 'zod';
import { accept, type Result, refuse } from '../../journal/result.ts';
import type { Source } from './write.ts';

const LockEntry = z.looseObject({
  version: z.string().optional(),
  dev: z.boolean().optional(),
  optional: z.boolean().optional(),
  integrity: z.string().optional(),
});
const Lock = z.looseObject({ packages: z.record(z.string(), LockEntry) });
const Package = z.looseObject({ version: z.string() });

/** What is beside the code in a version's folder. */
const own = [
  'package.json',
  'package-lock.json',
  'LICENSE',
  'CHANGELOG.md',
  'bin/*.mjs',
  'dist/**',
  'examples/**',
  'scenarios/**',
  'packaging/**',
  'docs/install.md',
];
const neverOwn = /(^|\/)(fixtures|fuzz-crashes)\/|\.tsx?$|^bin\/(setup|.*\.test)\.mjs$/;
/** Node refuses TypeScript under node_modules, and nobody debugs there at three in the morning. */
const neverOfPackages =
  /\.([cm]?ts|map|markdown)$|(^|\/)(README|CHANGELOG|HISTORY)[^/]*\.md$|^(test|tests|__tests__|docs|examples?)\//i;

const isFile = (root: string) => (path: string) => statSync(join(root, path)).isFile();
const modeOf = (path: string): 0o644 | 0o755 => ((statSync(path).mode & 0o111) === 0 ? 0o644 : 0o755);

/**
 * All a version needs on a machine without a network: plain JavaScript, its production packages as package-lock.json names
 * them, its own Node, units and installer. `root` is a checkout that was built, or an installed version.
 */
export function collect(root: string): Result<Source[]> {
  for (const needed of [
    'dist/cli/reflexe.js',
    'dist/web/index.html',
    'dist/sbom.cdx.json',
    'package-lock.json',
    'packaging/install.sh',
  ]) {
    if (!existsSync(join(root, needed))) {
      return refuse('bundle-incomplete', `There is no ${needed} to put into the bundle.`, {
        where: join(root, needed),
        expected: 'a checkout that was built (npm run build), or an installed version',
        kept: 'no file was written',
      });
    }
  }
  const packages = packagesOf(root);
  if (!packages.ok) return packages;
  const node = nodeOf(root);
  if (!node.ok) return node;
  const files = globSync(own, { cwd: root }).filter((path) => !neverOwn.test(path) && isFile(root)(path));
  const sources: Source[] = files.map((path) => ({ path, mode: modeOf(join(root, path)), from: join(root, path) }));
  const standing = Object.entries(atTop).map(([path, from]): Source => ({ path, mode: 0o755, from: join(root, from) }));
  return accept([...sources, ...standing, ...node.value, ...packages.value]);
}

/** The launcher and the installer also stand where people look for them. */
const atTop: { [path: string]: string } = {
  'install.sh': 'packaging/install.sh',
  'bin/reflexe': 'packaging/reflexe.sh',
  'bin/reflexe-helper': 'packaging/reflexe-helper.sh',
};

function packagesOf(root: string): Result<Source[]> {
  const lock = Lock.parse(JSON.parse(readFileSync(join(root, 'package-lock.json'), 'utf8')));
  const found: Source[] = [];
  for (const [path, entry] of Object.entries(lock.packages)) {
    // Node itself is shipped once, at the top.
    if (path === '' || entry.dev === true || basename(path).startsWith('node-linux-')) continue;
    const manifest = join(root, path, 'package.json');
    if (!existsSync(manifest)) {
      if (entry.optional === true) continue;
      return notAsLocked(path, 'it is not installed');
    }
    const { version } = Package.parse(JSON.parse(readFileSync(manifest, 'utf8')));
    if (version !== entry.version)
      return notAsLocked(path, `version ${version} is installed, not ${entry.version ?? 'any'}`);
    if (entry.integrity === undefined) return notAsLocked(path, 'the lock holds no integrity for it');
    const folder = join(root, path);
    for (const inside of globSync('**', { cwd: folder })) {
      // Packages inside have entries of their own.
      if (inside.startsWith('node_modules/') || neverOfPackages.test(inside) || !isFile(folder)(inside)) continue;
      const from = join(folder, inside);
      found.push({ path: `${path}/${inside}`, mode: modeOf(from), from });
    }
  }
  return accept(found);
}

const notAsLocked = (path: string, why: string) =>
  refuse('bundle-not-as-locked', `The packages are not those of package-lock.json: ${path}: ${why}.`, {
    where: path,
    expected: 'what `npm ci` installs',
    kept: 'no file was written',
    cure: 'Run `npm ci --ignore-scripts`, then try again.',
  });

/** The Node that npm brought, or the one of an installed version. */
function nodeOf(root: string): Result<Source[]> {
  const name = `node-${process.platform}-${process.arch}`;
  const places = [join(root, 'node_modules', name), join(root, 'node')];
  const folder = places.find((place) => existsSync(join(place, 'bin', 'node')));
  if (folder === undefined) {
    return refuse('bundle-no-node', 'There is no Node to put into the bundle.', {
      where: places[0] ?? root,
      expected: `the package ${name}`,
      kept: 'no file was written',
      cure: 'Run `npm ci --ignore-scripts`.',
    });
  }
  const licence = join(folder, 'LICENSE');
  return accept([
    { path: 'node/bin/node', mode: 0o755, from: join(folder, 'bin', 'node') },
    ...(existsSync(licence) ? [{ path: 'node/LICENSE', mode: 0o644, from: licence } as const] : []),
  ]);
}

/** `sha256sum -c` reads this on any machine, before anything of the bundle runs. */
export const sumsText = (files: readonly { path: string; sha256: string }[]): string =>
  files.map(({ path, sha256 }) => `${sha256}  ${path}\n`).join('');
