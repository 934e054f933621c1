import { existsSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { z } from 'zod';
import type { Gate, Problem } from './gate.ts';

const Entry = z.looseObject({
  version: z.string().optional(),
  resolved: z.string().optional(),
  integrity: z.string().optional(),
  dev: z.boolean().optional(),
  optional: z.boolean().optional(),
  link: z.boolean().optional(),
  os: z.union([z.string(), z.array(z.string())]).optional(),
  cpu: z.union([z.string(), z.array(z.string())]).optional(),
  hasInstallScript: z.boolean().optional(),
});
type Entry = z.infer<typeof Entry>;
const Lock = z.object({ lockfileVersion: z.literal(3), packages: z.record(z.string(), Entry) });
const file = 'package-lock.json';

/**
 * Packages in production that have an install script, which nobody runs: `npm ci --ignore-scripts` is how we install, and a
 * bundle holds files only. Each with what its script would do, as reviewed.
 */
const reviewed: { readonly [name: string]: string } = {
  'core-js-pure': 'node -e "try{require(\'./postinstall\')}catch(e){}"',
};

/** What the lock promises of each package: one content, from the registry in use and nowhere else, and no code at install. */
export const lock: Gate = {
  name: 'lockfile integrity',
  unit: 'packages',
  run(root) {
    if (!existsSync(join(root, file))) return { examined: 0, problems: [] };
    const text = readFileSync(join(root, file), 'utf8');
    const lines = text.split('\n');
    const packages = Object.entries(Lock.parse(JSON.parse(text)).packages).filter(([path]) => path !== '');
    const problems = packages.flatMap(([path, entry]): Problem[] => {
      const line = lines.findIndex((one) => one.trim().startsWith(`${JSON.stringify(path)}:`)) + 1;
      return faults(root, path, entry).map((message) => ({ file, line, message: `${path}: ${message}` }));
    });
    return { examined: packages.length, problems };
  },
};

function faults(root: string, path: string, entry: Entry): string[] {
  const found: string[] = [];
  if (entry.link === true) found.push('is a link to a folder: what it holds is not in the lock');
  if (entry.integrity === undefined) {
    if (!isAbsentBinary(root, path, entry)) found.push('has no integrity: any content would be installed');
  } else if (!/^sha512-[A-Za-z0-9+/]{86}==$/.test(entry.integrity)) {
    found.push('has an integrity that is not one SHA-512');
  }
  if (entry.resolved !== undefined) found.push(`names a place of its own (${entry.resolved}): run \`npm run lock\``);
  if (entry.version !== undefined && !/^\d+\.\d+\.\d+(-[\w.-]+)?(\+[\w.-]+)?$/.test(entry.version)) {
    found.push(`has no exact version (${entry.version})`);
  }
  if (entry.hasInstallScript === true && entry.dev !== true && !isReviewed(root, path)) {
    found.push('runs a script at install: choose another, or review it here');
  }
  return found;
}

/**
 * A binary of another platform, which the registry in use does not hold (`npm run lock` names it, so that the others can be
 * installed there). It can be installed nowhere from this lock's word alone: no bundle takes it, and none is installed here.
 */
const isAbsentBinary = (root: string, path: string, { optional, os, cpu, version }: Entry): boolean =>
  optional === true && version !== undefined && os !== undefined && cpu !== undefined && !existsSync(join(root, path));

function isReviewed(root: string, path: string): boolean {
  const expected = reviewed[path.slice(path.lastIndexOf('node_modules/') + 'node_modules/'.length)];
  const manifest = join(root, path, 'package.json');
  if (expected === undefined || !existsSync(manifest)) return false;
  const { scripts = {} } = z
    .looseObject({ scripts: z.record(z.string(), z.string()).optional() })
    .parse(JSON.parse(readFileSync(manifest, 'utf8')));
  const atInstall = ['preinstall', 'install', 'postinstall'].flatMap((name) => scripts[name] ?? []);
  return atInstall.length === 1 && atInstall[0] === expected;
}
