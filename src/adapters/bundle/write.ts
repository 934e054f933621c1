import { createHash, type KeyObject } from 'node:crypto';
import { createReadStream, createWriteStream } from 'node:fs';
import { open, rename, rm } from 'node:fs/promises';
import { dirname, resolve } from 'node:path';
import { Readable } from 'node:stream';
import { pipeline } from 'node:stream/promises';
import { createGzip } from 'node:zlib';
import { syncFolder } from '../sqlite/snapshotFile.ts';
import { type Manifest, manifestName, signatureName, signManifest } from './manifest.ts';
import { type TarFile, writeTar } from './tar.ts';

/** A file to ship: where it lies, or its content made here. */
export type Source = { path: string; mode: 0o644 | 0o755 } & ({ from: string } | { content: Uint8Array });

export type About = Omit<Manifest, 'kind' | 'format' | 'files'>;

async function measured(source: Source): Promise<Manifest['files'][number]> {
  const hash = createHash('sha256');
  let bytes = 0;
  for await (const piece of contentOf(source)) {
    hash.update(piece);
    bytes += piece.length;
  }
  return { path: source.path, bytes, sha256: hash.digest('hex'), mode: source.mode };
}

async function* contentOf(source: Source): AsyncGenerator<Uint8Array> {
  if ('content' in source) yield source.content;
  else yield* createReadStream(source.from);
}

/** Names, sizes and hashes of what will be shipped, in order of path. */
export async function describe(about: About, sources: readonly Source[]): Promise<Manifest> {
  const files: Manifest['files'] = [];
  for (const source of sources) files.push(await measured(source));
  files.sort((one, other) => (one.path < other.path ? -1 : 1));
  return { kind: 'reflexe-bundle', format: 1, ...about, files };
}

/**
 * Writes a bundle: one folder, the manifest and its signature first, so that whoever reads it knows what to expect of each
 * byte that follows. Written beside, then named. Returns the SHA-256 and size of the file.
 */
export async function writeBundle(
  file: string,
  manifest: Manifest,
  sources: readonly Source[],
  privateKey: KeyObject | undefined,
): Promise<{ sha256: string; bytes: number }> {
  const { release, platform, architecture, made } = manifest;
  const top = `reflexe-${release}-${platform}-${architecture}`;
  const text = Buffer.from(`${JSON.stringify(manifest, null, 1)}\n`);
  const signature = Buffer.from(privateKey === undefined ? '' : signManifest(text, privateKey));
  const byPath = new Map(sources.map((source) => [source.path, source]));
  const inTar = (path: string, content: Uint8Array): TarFile => ({
    path: `${top}/${path}`,
    bytes: content.length,
    mode: 0o644,
    content: async function* () {
      yield content;
    },
  });
  const files = [
    inTar(manifestName, text),
    inTar(signatureName, signature),
    ...manifest.files.map(({ path, bytes, mode }): TarFile => {
      const source = byPath.get(path);
      if (source === undefined) throw new Error(`${path} is in the manifest and has no source`);
      return { path: `${top}/${path}`, bytes, mode, content: () => contentOf(source) };
    }),
  ];
  const partial = `${file}.partial`;
  const hash = createHash('sha256');
  let bytes = 0;
  try {
    await pipeline(
      Readable.from(writeTar(files, Math.floor(Date.parse(made) / 1_000)), { objectMode: false }),
      createGzip({ level: 6 }),
      async function* (pieces: AsyncIterable<Uint8Array>) {
        for await (const piece of pieces) {
          hash.update(piece);
          bytes += piece.length;
          yield piece;
        }
      },
      createWriteStream(partial, { mode: 0o644 }),
    );
    const handle = await open(partial, 'r');
    await handle.sync();
    await handle.close();
    await rename(partial, file);
    await syncFolder(dirname(resolve(file)));
    return { sha256: hash.digest('hex'), bytes };
  } finally {
    await rm(partial, { force: true });
  }
}
