import { createHash, type KeyObject } from 'node:crypto';
import { createReadStream, existsSync } from 'node:fs';
import { mkdir, open, readFile, statfs } from 'node:fs/promises';
import { dirname, join } from 'node:path';
import { createGunzip } from 'node:zlib';
import { accept, Refused, type Result, refuse } from '../../journal/result.ts';
import { type Installation, linked, versionsOf } from './links.ts';
import {
  compareReleases,
  type Manifest,
  manifestBytesMax,
  manifestName,
  readManifest,
  signatureName,
} from './manifest.ts';
import { readTar, tarRefused } from './tar.ts';

/** Unpacks a bundle into `staging`, each byte checked against its signed manifest before it counts. Throws Refused, or refuses. */
export async function unpack(
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
