import { execFile } from 'node:child_process';
import { createHash, type KeyObject, randomBytes } from 'node:crypto';
import { createReadStream, existsSync } from 'node:fs';
import { mkdir, open, readdir, readFile, readlink, rename, rm, statfs, symlink } from 'node:fs/promises';
import { dirname, join } from 'node:path';
import { promisify } from 'node:util';
import { createGunzip } from 'node:zlib';
import { accept, Refused, type Result, refuse } from '../../journal/result.ts';
import { syncFolder } from '../sqlite/snapshotFile.ts';
import { lockForWriting } from '../sqlite/writerLock.ts';
import {
  compareReleases,
  type Manifest,
  manifestBytesMax,
  manifestName,
  parseManifest,
  readManifest,
  signatureName,
} from './manifest.ts';
import { readTar, tarRefused } from './tar.ts';

/**
 * Where versions are installed: `versions/X` each whole, `current` a link to one of them, `previous` to the one before.
 * Whatever moment this process is killed, `current` names one whole version.
 */
export interface Installation {
  /** `/opt/reflexe`. */
  root: string;
  /** Whether that version may take over this installation's data; asked before anything is written. */
  accepts(manifest: Manifest): Promise<Result<void>>;
  /** Tests kill the process between two of these. */
  onStep?(step: string): void;
}

export interface Switched {
  release: string;
  previous: string | null;
}

const versionsOf = (root: string): string => join(root, 'versions');
const incoming = '.incoming-';
const execute = promisify(execFile);

/** The release a link names; undefined where there is none. */
export async function linked(root: string, link: 'current' | 'previous'): Promise<string | undefined> {
  try {
    return (await readlink(join(root, link))).replace(/^versions\//, '');
  } catch {
    return undefined;
  }
}

export const manifestOf = async (root: string, release: string): Promise<Manifest> =>
  parseManifest(await readFile(join(versionsOf(root), release, manifestName)));

/** A link changes in one step: the new one is made beside, then takes the name. */
async function point(root: string, link: 'current' | 'previous', release: string): Promise<void> {
  const made = join(root, `.${link}-${randomBytes(6).toString('hex')}`);
  await symlink(`versions/${release}`, made);
  await rename(made, join(root, link));
  await syncFolder(root);
}

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

async function unpack(
  { root, accepts, onStep = () => {} }: Installation,
  file: string,
  pinned: KeyObject,
  staging: string,
  older: boolean,
): Promise<Result<Manifest>> {
  const compressed = createReadStream(file);
  const plain = createGunzip();
  compressed.on('error', (error) => plain.destroy(error));
  try {
    const entries = readTar(compressed.pipe(plain))[Symbol.asyncIterator]();
    const top: string[] = [];
    const next = async () => {
      const read = await entries.next();
      if (read.done === true) return undefined;
      const [folder = '', ...rest] = read.value.path.split('/');
      if (top.length === 0) top.push(folder);
      if (folder !== top[0] || rest.length === 0) throw tarRefused('it holds more than one folder', read.value.path);
      return { ...read.value, path: rest.join('/') };
    };
    const small = async (name: string, bytesMax: number): Promise<Buffer> => {
      const entry = await next();
      if (entry?.path !== name || entry.bytes > bytesMax)
        throw tarRefused(`it does not begin with its ${name}`, entry?.path);
      const pieces: Uint8Array[] = [];
      for await (const piece of entry.content) pieces.push(piece);
      return Buffer.concat(pieces);
    };
    const manifestBytes = await small(manifestName, manifestBytesMax);
    const signature = await small(signatureName, 1_024);
    const manifest = readManifest(manifestBytes, signature, pinned);
    const mayCome = await judge(root, manifest, manifestBytes, older);
    if (!mayCome.ok) return mayCome;
    const accepted = await accepts(manifest);
    if (!accepted.ok) return accepted;
    onStep('judged');
    await mkdir(staging, { mode: 0o755 });
    await put(join(staging, manifestName), [manifestBytes], 0o644);
    await put(join(staging, signatureName), [signature], 0o644);
    const expected = new Map(manifest.files.map((one) => [one.path, one]));
    for (let entry = await next(); entry !== undefined; entry = await next()) {
      const known = expected.get(entry.path);
      if (known === undefined) throw tarRefused('it holds a file its manifest does not name', entry.path);
      expected.delete(entry.path);
      if (entry.bytes !== known.bytes || entry.mode !== known.mode) {
        throw tarRefused('a file in it has another size or mode than its manifest says', entry.path);
      }
      const hash = createHash('sha256');
      await put(join(staging, entry.path), hashed(entry.content, hash), known.mode);
      if (hash.digest('hex') !== known.sha256) throw tarRefused('a file in it was altered', entry.path);
      onStep('file');
    }
    const [missing] = expected.keys();
    if (missing !== undefined) throw tarRefused('a file of its manifest is missing', missing);
    return accept(manifest);
  } catch (error) {
    if (error instanceof Refused) throw error;
    // The decompressor's words, or the disk's.
    throw isOfDisk(error)
      ? error
      : tarRefused(`it cannot be read: ${error instanceof Error ? error.message : error}`, file);
  } finally {
    compressed.destroy();
    plain.destroy();
  }
}

const isOfDisk = (error: unknown): boolean =>
  error instanceof Error &&
  'code' in error &&
  ['ENOSPC', 'EACCES', 'EROFS', 'EIO', 'EDQUOT'].includes(String(error.code));

async function* hashed(content: AsyncIterable<Uint8Array>, hash: ReturnType<typeof createHash>) {
  for await (const piece of content) {
    hash.update(piece);
    yield piece;
  }
}

/** A new file, never one that is there: two entries cannot write the same place, nor follow a link. */
async function put(
  path: string,
  content: Iterable<Uint8Array> | AsyncIterable<Uint8Array>,
  mode: number,
): Promise<void> {
  await mkdir(dirname(path), { recursive: true, mode: 0o755 });
  const handle = await open(path, 'wx', mode);
  try {
    for await (const piece of content) await handle.writeFile(piece);
    await handle.chmod(mode);
  } finally {
    await handle.close();
  }
}

async function judge(root: string, manifest: Manifest, bytes: Buffer, older: boolean): Promise<Result<void>> {
  const { release, platform, architecture, files } = manifest;
  const kept = 'the installed version, which was not touched';
  if (platform !== process.platform || architecture !== process.arch) {
    return refuse('update-other-platform', `This bundle is for ${platform}-${architecture}.`, {
      where: release,
      expected: `a bundle for ${process.platform}-${process.arch}`,
      kept,
    });
  }
  const current = await linked(root, 'current');
  if (current !== undefined && compareReleases(release, current) < 0 && !older) {
    return refuse('update-older', `This bundle (${release}) is older than what is installed (${current}).`, {
      where: release,
      expected: `a release after ${current}`,
      kept,
      cure: 'An old version may have known holes. If you want it all the same: --older',
    });
  }
  const place = join(versionsOf(root), release);
  if (existsSync(place)) {
    const there = await readFile(join(place, manifestName)).catch(() => Buffer.alloc(0));
    if (!there.equals(bytes)) {
      return refuse('version-exists', `Version ${release} is already installed, with another content.`, {
        where: place,
        expected: 'a release of its own for each content',
        kept,
      });
    }
    return wholeOnDisk(place, manifest);
  }
  const { bavail, bsize } = await statfs(root);
  const needed = files.reduce((sum, { bytes: size }) => sum + Math.ceil((size + 1) / bsize) * bsize, 0);
  if (bavail * bsize > needed) return accept(undefined);
  return refuse('update-no-space', `There is no room for this version: it needs ${needed} bytes.`, {
    where: root,
    expected: `${needed} free bytes; there are ${bavail * bsize}`,
    kept,
    cure: 'Free some space, then try again.',
    retryable: true,
  });
}

/** A version that is there already is used again only if every byte of it still is what was signed. */
export async function wholeOnDisk(place: string, manifest: Manifest): Promise<Result<void>> {
  for (const { path, sha256 } of manifest.files) {
    const hash = createHash('sha256');
    try {
      for await (const piece of createReadStream(join(place, path))) hash.update(piece);
    } catch {
      // Missing or unreadable: its hash will not be the right one.
    }
    if (hash.digest('hex') !== sha256) {
      return refuse('version-damaged', `The installed version ${manifest.release} is not what was signed.`, {
        where: join(place, path),
        expected: `SHA-256 ${sha256}`,
        kept: 'the installation as it is',
        cure: 'Somebody or something changed it: find out. Then remove that folder, and install the bundle again.',
      });
    }
  }
  return accept(undefined);
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
