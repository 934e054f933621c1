import fc from 'fast-check';
import { expect, test } from 'vitest';
import { joined, shown } from '../../backupTree/name.ts';
import { BlobTable } from './blobTable.ts';
import { unquoted } from './quoted.ts';
import { spansOf } from './spans.ts';
import { instantOf, modeOf, parseTree } from './treeNode.ts';

test('names are unquoted as Go quotes them, bytes that are no UTF-8 kept', () => {
  expect(unquoted('compte rendu é.txt')).toBe('compte rendu é.txt');
  expect(unquoted('a\\a\\b\\f\\n\\r\\t\\v\\\\\\"z')).toBe('a\x07\b\f\n\r\t\v\\"z');
  expect(unquoted('\\u00e9\\U0001f600')).toBe('é😀');
  expect(unquoted('caf\\xe9')).toEqual(Buffer.from([0x63, 0x61, 0x66, 0xe9]));
  // Bytes that together are UTF-8 are text.
  expect(unquoted('\\xc3\\xa9')).toBe('é');
  for (const wrong of ['\\', '\\q', '\\x1', '\\xzz', '\\ud800', '\\U00110000', 'a"b', '\\\\"'])
    expect(unquoted(wrong), wrong).toBeUndefined();
});

test('any bytes, quoted, are read back the same', () => {
  fc.assert(
    fc.property(fc.uint8Array({ maxLength: 40 }), (bytes) => {
      const quoted = [...bytes].map((byte) => `\\x${byte.toString(16).padStart(2, '0')}`).join('');
      expect(Buffer.from(unquoted(quoted) ?? 'none')).toEqual(Buffer.from(bytes));
    }),
  );
});

test('paths of bytes stay bytes, and are shown with what is no text escaped', () => {
  const name = Buffer.from([0xff, 0x61, 0xc3, 0xa9]);
  expect(joined('a', 'b')).toBe('a/b');
  expect(joined('', 'b')).toBe('b');
  expect(joined('é', name)).toEqual(Buffer.concat([Buffer.from('é/'), name]));
  expect(shown(name)).toBe('\\xffaé');
});

test("modes are Go's bits: permissions, setuid, setgid, sticky, and nothing of the type", () => {
  expect(modeOf(0o644)).toBe(0o644);
  expect(modeOf(2 ** 31 + 0o755)).toBe(0o755);
  expect(modeOf(2 ** 23 + 0o755)).toBe(0o4755);
  expect(modeOf(2 ** 31 + 2 ** 22 + 2 ** 20 + 0o777)).toBe(0o3777);
  expect(modeOf(2 ** 27 + 0o777)).toBe(0o777);
});

test('times keep their nanoseconds, before 1970 too, whatever their zone', () => {
  expect(instantOf('2026-03-01T02:00:00.123456789+01:00')).toEqual({ seconds: 1772326800, nanoseconds: 123456789 });
  expect(instantOf('1969-12-31T23:59:59.5Z')).toEqual({ seconds: -1, nanoseconds: 500000000 });
  expect(instantOf('0001-01-01T00:00:00Z')).toEqual({ seconds: -62135596800, nanoseconds: 0 });
  expect(instantOf('yesterday')).toEqual({ seconds: 0, nanoseconds: 0 });
});

test('a tree: an omitted size is 0; names that lead out, or stand twice, are refused and told', () => {
  const tree = parseTree(
    Buffer.from(
      JSON.stringify({
        nodes: [
          { name: 'vide', type: 'file' },
          { name: '..', type: 'dir', subtree: '0'.repeat(64) },
          { name: 'a/b', type: 'file' },
          { name: 'a\\x00', type: 'file' },
          { name: '', type: 'file' },
          { name: 'vide', type: 'symlink', linktarget: '/etc' },
          { name: 'folder', type: 'dir' },
          { name: 'lien', type: 'symlink', linktarget: '\ufffd', linktarget_raw: '/w==' },
        ],
      }),
    ),
  );
  expect(tree?.nodes.map(({ name, bytes, target }) => [name, bytes, target])).toEqual([
    ['vide', 0, undefined],
    ['lien', 0, Buffer.from([0xff])],
  ]);
  expect(tree?.refused.map(({ name }) => name)).toEqual(['..', 'a/b', 'a\\x00', '', 'vide', 'folder']);
  expect(parseTree(Buffer.from('{"nodes":null}'))).toEqual({ nodes: [], refused: [] });
  expect(parseTree(Buffer.from('[]'))).toBeUndefined();
});

test('inodes past 2^53 stay apart', () => {
  const node = (inode: string) => `{"name":"n${inode}","type":"file","links":2,"inode":${inode},"device_id":64768}`;
  const tree = parseTree(Buffer.from(`{"nodes":[${node('9007199254740993')},${node('9007199254740992')}]}`));
  expect(tree?.nodes.map(({ linkedAs }) => linkedAs)).toEqual(['64768:9007199254740993', '64768:9007199254740992']);
});

test('the table finds every place of every blob, however many there are', () => {
  fc.assert(
    fc.property(fc.array(fc.tuple(fc.nat(300), fc.nat(4), fc.nat(5)), { maxLength: 3000 }), (added) => {
      const table = new BlobTable();
      const known = new Map<string, Set<string>>();
      for (const [blob, pack, offset] of added) {
        const id = blob.toString(16).padStart(8, '0').repeat(8);
        table.add(id, 'data', { pack: `p${pack}`, offset, length: 40, plainLength: 8, compressed: false });
        known.set(id, (known.get(id) ?? new Set()).add(`p${pack}/${offset}`));
      }
      for (const [id, places] of known) {
        const found = table.find(id, 'data').map((entry) => table.place(entry));
        expect(new Set(found.map(({ pack, offset }) => `${pack}/${offset}`))).toEqual(places);
        expect(found.length).toBe(places.size);
        expect(table.find(id, 'tree')).toEqual([]);
      }
      expect(table.byPack().flat().length).toBe(table.size);
    }),
    { numRuns: 30 },
  );
});

test('spans hold every blob once, in order, and skip what nobody wants', () => {
  const blob = (offset: number, length: number) => ({
    id: `${offset}`,
    offset,
    length,
    plainLength: length,
    compressed: false,
  });
  const far = 64 * 1024 * 1024;
  const spans = spansOf('pack', [
    blob(0, 100),
    blob(100, 5_000_000),
    blob(5_000_100, 50),
    blob(far, 10),
    blob(far + 20, 10),
  ]);
  expect(spans.flatMap(({ blobs }) => blobs.map(({ offset }) => offset))).toEqual([0, 100, 5_000_100, far, far + 20]);
  for (const { offset, length, blobs } of spans)
    for (const one of blobs) expect(one.offset + one.length).toBeLessThanOrEqual(offset + length);
  expect(spans.at(-1)).toMatchObject({ offset: far, length: 30 });
});
