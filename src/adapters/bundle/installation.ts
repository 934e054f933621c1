import { execFile } from 'node:child_process';
import { type KeyObject, randomBytes } from 'node:crypto';
import { existsSync } from 'node:fs';
import { mkdir, readdir, rename, rm } from 'node:fs/promises';
import { join } from 'node:path';
import { promisify } from 'node:util';
import { accept, Refused, type Result, refuse } from '../../journal/result.ts';
import { syncFolder } from '../sqlite/snapshotFile.ts';
import { lockForWriting } from '../sqlite/writerLock.ts';
import { type Installation, linked, manifestOf, point, versionsOf } from './links.ts';
import { manifestName } from './manifest.ts';
import { unpack } from './unpack.ts';

export interface Switched {
  release: string;
  previous: string | null;
}

const incoming = '.incoming-';
const execute = promisify(execFile);

async function alone<Value>(root: string, act: () => Promise<Result<Value>>): Promise<Result<Value>> {
  await mkdir(versionsOf(root), { recursive: true, mode: 0o755 });
  const lock = lockForWriting(versionsOf(root));
  if (!lock.ok) {
    return refuse('update-in-progress', 'Another update is going on.', {
      where: root,
      kept: 'the installed version, which was not touched',
      retryable: true,
    });
  }
  try {
    return await act();
  } catch (error) {
    if (error instanceof Refused) return { ok: false, refusal: error.refusal };
    throw error;
  } finally {
    lock.value.release();
  }
}

/** Verifies a bundle whole while it unpacks it aside, then makes it current in one step. `older` accepts an older release. */
export function update(
  installation: Installation,
  file: string,
  pinned: KeyObject,
  older: boolean,
): Promise<Result<Switched>> {
  const { root, onStep = () => {} } = installation;
  return alone(root, async () => {
    await removeLeftovers(root);
    const staging = join(versionsOf(root), `${incoming}${randomBytes(6).toString('hex')}`);
    try {
      const manifest = await unpack(installation, file, pinned, staging, older);
      if (!manifest.ok) return manifest;
      const { release } = manifest.value;
      const place = join(versionsOf(root), release);
      onStep('unpacked');
      if (!existsSync(place)) {
        // Every byte of it is on the disk before it has a name.
        await execute('sync', ['-f', staging]);
        onStep('synced');
        await rename(staging, place);
        await syncFolder(versionsOf(root));
        onStep('named');
      }
      return accept(await makeCurrent(installation, release));
    } finally {
      await rm(staging, { recursive: true, force: true });
    }
  });
}

async function makeCurrent({ root, onStep = () => {} }: Installation, release: string): Promise<Switched> {
  const current = await linked(root, 'current');
  if (current === release) return { release, previous: (await linked(root, 'previous')) ?? null };
  if (current !== undefined) await point(root, 'previous', current);
  onStep('previous');
  await point(root, 'current', release);
  onStep('current');
  await removeOthers(root, [release, current]);
  onStep('done');
  return { release, previous: current ?? null };
}

/** Back to the former version. Going forward again is another rollback. */
export function rollBack({ root, accepts, onStep = () => {} }: Installation): Promise<Result<Switched>> {
  return alone(root, async () => {
    const [current, previous] = [await linked(root, 'current'), await linked(root, 'previous')];
    if (previous === undefined || previous === current || !existsSync(join(versionsOf(root), previous))) {
      return refuse('rollback-nothing', 'There is no former version to go back to.', {
        where: join(root, 'previous'),
        expected: 'a version installed before the current one',
        kept: `the installed version (${current ?? 'none'})`,
        cure: 'Install the bundle of the version you want: reflexe update FILE --older',
      });
    }
    const accepted = await accepts(await manifestOf(root, previous));
    if (!accepted.ok) return accepted;
    await point(root, 'current', previous);
    onStep('current');
    if (current !== undefined) await point(root, 'previous', current);
    onStep('previous');
    return accept({ release: previous, previous: current ?? null });
  });
}

/** What a killed update left: never a version, for those have a release's name. */
async function removeLeftovers(root: string): Promise<void> {
  for (const name of await readdir(versionsOf(root))) {
    if (name.startsWith(incoming)) await rm(join(versionsOf(root), name), { recursive: true, force: true });
  }
  for (const name of await readdir(root)) {
    if (/^\.(current|previous)-[0-9a-f]{12}$/.test(name)) await rm(join(root, name), { force: true });
  }
}

/** Two versions are kept: the current one, and the one to go back to. */
async function removeOthers(root: string, kept: readonly (string | undefined)[]): Promise<void> {
  for (const name of await readdir(versionsOf(root))) {
    const place = join(versionsOf(root), name);
    if (kept.includes(name) || !existsSync(join(place, manifestName))) continue;
    // Renamed first: half of a version never has a version's name.
    const gone = join(versionsOf(root), `${incoming}gone-${name}`);
    await rename(place, gone);
    await rm(gone, { recursive: true, force: true });
  }
}
