import { createHash } from 'node:crypto';
import { existsSync, globSync, readdirSync, readFileSync } from 'node:fs';
import { dirname, join } from 'node:path';
import { pathToFileURL } from 'node:url';

/**
 * What a `*.fuzz.ts` file exports as `fuzz`. A parser joins with this one file.
 * `run` must return for every input whatsoever: an expected refusal is a value, or is caught inside. What it throws is a crash.
 */
export interface FuzzTarget {
  name: string;
  /** Valid and nearly valid inputs to start from. */
  seeds(): Uint8Array[];
  run(input: Uint8Array): void | Promise<void>;
}

export function targetFiles(root: string): string[] {
  const found = globSync('{src,lab,scripts}/**/*.fuzz.ts', {
    cwd: root,
    exclude: ['**/node_modules/**', '**/fixtures/**'],
  });
  return found.sort().map((file) => join(root, file));
}

export async function loadTarget(file: string): Promise<FuzzTarget> {
  const module: unknown = await import(pathToFileURL(file).href);
  if (typeof module === 'object' && module !== null && 'fuzz' in module && isTarget(module.fuzz)) return module.fuzz;
  throw new Error(`${file} must export \`fuzz\` with name, seeds() and run(input): see scripts/fuzz/target.ts`);
}

function isTarget(value: unknown): value is FuzzTarget {
  if (typeof value !== 'object' || value === null || !('name' in value && 'seeds' in value && 'run' in value))
    return false;
  return typeof value.name === 'string' && typeof value.seeds === 'function' && typeof value.run === 'function';
}

/** Where the inputs that broke a target are kept, beside it, to be run again by every test from then on. */
export const crashFolder = (file: string): string => join(dirname(file), 'fuzz-crashes');

/** A name that says whose input it is, and is the same for the same input. */
export const inputName = (target: string, input: Uint8Array): string =>
  `${target}-${createHash('sha256').update(input).digest('hex').slice(0, 12)}`;

export function savedCrashes(file: string, target: string): { path: string; input: Uint8Array }[] {
  const folder = crashFolder(file);
  if (!existsSync(folder)) return [];
  const names = readdirSync(folder).filter(
    (name) => name.startsWith(`${target}-`) && /^[0-9a-f]{12}$/.test(name.slice(target.length + 1)),
  );
  return names
    .sort()
    .map((name) => ({ path: join(folder, name), input: new Uint8Array(readFileSync(join(folder, name))) }));
}
