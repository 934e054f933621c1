import { zstdCompressSync } from 'node:zlib';
import { joined, shown } from '../../backupTree/name.ts';
import { openBlob } from './blob.ts';
import { BlobTable } from './blobTable.ts';
import { Damaged } from './damaged.ts';
import { document, indexFile, lockFile, snapshotFile } from './documents.ts';
import { addPack } from './loadIndex.ts';
import { parseHeader } from './packHeader.ts';
import { spansOfEntries } from './spans.ts';
import { parseTree } from './treeNode.ts';

const id = '0123456789abcdef'.repeat(4);
const snapshot = `{"time":"2026-03-01T02:00:00.123456789+01:00","tree":"${id}","paths":["/srv/ehr"],"hostname":"ehr"}`;
const node = `{"name":"caf\\\\xe9","type":"file","mode":420,"mtime":"1969-12-31T23:59:59.5+01:00","uid":1,"size":3,"links":2,"inode":9007199254740993,"content":["${id}"]}`;
const index = `{"supersedes":[],"packs":[{"id":"${id}","blobs":[{"id":"${id}","type":"tree","offset":0,"length":40,"uncompressed_length":9}]}]}`;

/** The first byte says what the rest is: an opened tree, snapshot, index, lock, header or blob of a repository. */
const readers: readonly ((bytes: Buffer) => void)[] = [
  tree,
  (bytes) => {
    if (Number.isNaN(Date.parse(document(snapshotFile, bytes, 'it').time)))
      throw new Error('a snapshot without its time');
  },
  table,
  (bytes) => document(lockFile, bytes, 'it'),
  (bytes) => {
    const held = parseHeader(bytes, 80, 'it').reduce((sum, { length }) => sum + length, 0);
    if (held !== 80) throw new Error('a header that does not add up');
  },
  (bytes) => {
    const opener = { open: (sealed: Buffer) => sealed };
    if (openBlob(opener, bytes, id, { length: bytes.length, plainLength: 1 << 16, compressed: true }).length > 1 << 16)
      throw new Error('a blob longer than its index says');
  },
];

/** What stands in a repository once its seals are opened: whoever knows the password wrote it. */
export const fuzz = {
  name: 'restic repository',
  seeds: (): Uint8Array[] => [
    ...[
      `{"nodes":[${node},{"name":"..","type":"dir"},{"name":"l","type":"symlink","linktarget":"x"}]}`,
      snapshot,
      index,
      snapshot,
    ].map((text, kind) => Buffer.concat([Buffer.of(kind), Buffer.from(text)])),
    Buffer.concat([Buffer.of(1, 2), zstdCompressSync(Buffer.from(snapshot))]),
    Buffer.concat([
      Buffer.of(4, 0, 40, 0, 0, 0),
      Buffer.from(id, 'hex'),
      Buffer.of(3, 40, 0, 0, 0, 9, 0, 0, 0),
      Buffer.from(id, 'hex'),
    ]),
    Buffer.concat([Buffer.of(5), zstdCompressSync(Buffer.alloc(1 << 20))]),
    // Two blocks that did not compress.
    Buffer.from('0528b52ffda00400000010000061621100006364', 'hex'),
  ],
  run(input: Uint8Array): void {
    const read = readers[(input[0] ?? 0) % readers.length];
    try {
      read?.(Buffer.from(input.subarray(1)));
    } catch (error) {
      if (!(error instanceof Damaged)) throw error;
    }
  },
};

function tree(bytes: Buffer): void {
  const read = parseTree(bytes);
  const names = new Set<string>();
  for (const { name, kind, mode, modifiedAt, subtree } of read?.nodes ?? []) {
    const path = shown(joined('above', name));
    if (name.length === 0 || name.includes('/') || name.includes('\0') || ['.', '..'].includes(shown(name)))
      throw new Error(`a name that leads out: ${path}`);
    if (names.has(path)) throw new Error('one name twice in a folder');
    names.add(path);
    if (!(mode >= 0 && mode <= 0o7777)) throw new Error('a mode chmod does not take');
    if (!Number.isFinite(modifiedAt.seconds)) throw new Error('a time that is none');
    if (kind === 'folder' && subtree === undefined) throw new Error('a folder without content');
  }
}

function table(bytes: Buffer): void {
  const blobs = new BlobTable();
  for (const pack of document(indexFile, bytes, 'it')) addPack(blobs, pack);
  for (const entries of blobs.byPack()) {
    const wanted = spansOfEntries(blobs, entries).flatMap((span) => span.blobs);
    if (wanted.length !== entries.length) throw new Error('a blob that no span reads');
  }
  for (let entry = 0; entry < blobs.size; entry += 1)
    if (!blobs.find(blobs.id(entry), blobs.kind(entry)).includes(entry)) throw new Error('a blob that cannot be found');
}
