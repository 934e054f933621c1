import { Refused } from '../../journal/result.ts';
import { compareReleases, parseManifest } from './manifest.ts';
import { isInside, readTar, writeTar } from './tar.ts';

const bytesMax = 1_048_576;

async function* once(bytes: Uint8Array): AsyncGenerator<Uint8Array> {
  yield bytes;
}

async function seeds(): Promise<Uint8Array[]> {
  const manifest = {
    kind: 'reflexe-bundle',
    format: 1,
    release: '1.2.3-rc.1',
    platform: 'linux',
    architecture: 'x64',
    node: '24.21.0',
    made: '2026-11-22T03:00:00.000Z',
    journalFormat: 1,
    events: { NoteTaken: 2 },
    files: [{ path: 'bin/reflexe', bytes: 3, sha256: 'a'.repeat(64), mode: 0o755 }],
  };
  const files = ['top/manifest.json', `top/${'long/'.repeat(30)}name`].map((path) => ({
    path,
    bytes: 600,
    mode: 0o644,
    content: () => once(Buffer.alloc(600, 'x')),
  }));
  const pieces: Uint8Array[] = [];
  for await (const piece of writeTar(files, 1_700_000_000)) pieces.push(piece);
  return [Buffer.concat(pieces), Buffer.from(JSON.stringify(manifest))];
}

const prepared = await seeds();

/** A tar, or the manifest of a bundle: refused, or what is read of it stays inside its folder and its bytes. */
async function run(input: Uint8Array): Promise<void> {
  try {
    let read = 0;
    for await (const { path, bytes, content } of readTar(once(input))) {
      if (!isInside(path)) throw new Error(`${path} leaves its folder`);
      // As the installer does: a size beyond what is signed is refused before it is read.
      if (bytes > bytesMax) break;
      for await (const piece of content) read += piece.length;
      if (read > input.length) throw new Error('more was read than there is');
    }
  } catch (error) {
    if (!(error instanceof Refused)) throw error;
  }
  try {
    const { release, files } = parseManifest(input);
    compareReleases(release, '1.2.3');
    if (files.some(({ path }) => !isInside(path))) throw new Error('a path of the manifest leaves its folder');
  } catch (error) {
    if (!(error instanceof Refused)) throw error;
  }
}

export const fuzz = { name: 'bundle', seeds: () => prepared, run };
