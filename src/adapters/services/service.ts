import { mkdir, realpath, rm, writeFile } from 'node:fs/promises';
import { dirname, join, normalize } from 'node:path';
import { accept, type Result } from '../../journal/result.ts';
import type { ServiceSection } from '../../restore/configuration.ts';
import type { RestorableService } from '../../restore/ports.ts';

/** A service as its configuration section describes it: what to remove, write and keep secret before it starts. */
export function configuredService(
  section: ServiceSection,
  secret: (name: string) => Promise<Result<string>>,
): RestorableService {
  const { component, program, listens, reaches, settings, prepare, canaries } = section;
  return {
    canaries,
    member: program === undefined ? null : { id: component, program, listens, reaches, settings },
    async prepare(dataDirectory) {
      for (const path of prepare.remove) await rm(await inside(dataDirectory, path), { recursive: true, force: true });
      for (const [path, text] of Object.entries(prepare.write))
        await put(await inside(dataDirectory, path), text, 0o640);
      for (const [path, name] of Object.entries(prepare.secrets)) {
        const value = await secret(name);
        if (!value.ok) return value;
        await put(await inside(dataDirectory, path), value.value, 0o600);
      }
      return accept(undefined);
    },
  };
}

async function put(path: string, text: string, mode: number): Promise<void> {
  await rm(path, { force: true });
  await writeFile(path, text, { mode, flag: 'wx' });
}

/** A path of the configuration names something inside the data folder, also when the restored data holds links that lead out. */
async function inside(folder: string, path: string): Promise<string> {
  const whole = normalize(join(folder, path));
  const parent = dirname(whole);
  if (!whole.startsWith(`${folder}/`)) throw new Error(`${path} leads outside the restored data`);
  await mkdir(parent, { recursive: true });
  const [real, root] = await Promise.all([realpath(parent), realpath(folder)]);
  if (real !== root && !real.startsWith(`${root}/`))
    throw new Error(`${path} leads outside the restored data through a link`);
  return whole;
}
