import { readFileSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import process from 'node:process';
import { z } from 'zod';

/**
 * Names in package-lock.json the prebuilt binaries of platforms that the registry in use did not have when the lock was made
 * (a mirror may hold one platform's only). npm leaves those out, and `npm ci` then refuses the lock everywhere.
 * Run it after changing dependencies. An entry made here has no integrity: npm notes it where the platform is installed.
 */
const path = join(import.meta.dirname, '..', 'package-lock.json');
const Entry = z.looseObject({
  dev: z.boolean().optional(),
  optionalDependencies: z.record(z.string(), z.string()).optional(),
});
/** Read for what is needed, written back as it was: npm keeps its fields in an order of its own. */
const Lock = z.custom<{ packages: { [path: string]: unknown } }>(
  (value) => z.object({ packages: z.record(z.string(), Entry) }).safeParse(value).success,
);

const systems = ['android', 'darwin', 'freebsd', 'linux', 'openharmony', 'win32'];
const processors = ['arm64', 'arm', 'ia32', 'loong64', 'ppc64', 'riscv64', 's390x', 'x64'];

const lock = Lock.parse(JSON.parse(readFileSync(path, 'utf8')));
const present = new Set(Object.keys(lock.packages).map((key) => key.replace(/^.*node_modules\//, '')));
const added: [string, unknown][] = [];
for (const entry of Object.values(lock.packages)) {
  const { dev, optionalDependencies } = Entry.parse(entry);
  for (const [name, version] of Object.entries(optionalDependencies ?? {})) {
    if (present.has(name)) continue;
    const words = name.split(/[-/]/);
    const [os, cpu] = [systems, processors].map((known) => known.filter((word) => words.includes(word)));
    if (!/^\d+\.\d+\.\d+$/.test(version) || os?.length !== 1 || cpu?.length !== 1) {
      throw new Error(
        `${name}@${version} is missing from the lock and is not the exact version of one platform's binary`,
      );
    }
    added.push([`node_modules/${name}`, { version, cpu, ...(dev === true ? { dev } : {}), optional: true, os }]);
    present.add(name);
  }
}
const [own, ...others] = Object.entries({ ...lock.packages, ...Object.fromEntries(added) });
const sorted = others.sort(([one], [other]) => one.localeCompare(other, 'en'));
const packages = Object.fromEntries([...(own === undefined ? [] : [own]), ...sorted]);
writeFileSync(path, `${JSON.stringify({ ...lock, packages }, null, 2)}\n`);
process.stderr.write(`package-lock.json: ${added.length} platforms added\n`);
