import { createHash } from 'node:crypto';
import {
  chmodSync,
  lstatSync,
  mkdirSync,
  mkdtempSync,
  readdirSync,
  readFileSync,
  readlinkSync,
  rmSync,
  statSync,
  utimesSync,
  writeFileSync,
} from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterEach, beforeEach, describe, expect, test } from 'vitest';
import type { Result } from '../../journal/result.ts';
import { SourceGround } from '../files/ground.ts';
import { WrittenRepository } from './fixtures/writtenRepository.ts';
import { FolderSource } from './folderSource.ts';
import { openRepository } from './repository/open.ts';
import { readBlobs } from './repository/reading.ts';
import { verify } from './verifying/verify.ts';

const work = { signal: new AbortController().signal, progress: () => undefined };
const root = process.getuid?.() === 0;
let place: string;
let written: WrittenRepository;

beforeEach(() => {
  place = mkdtempSync(join(tmpdir(), 'reflexe-reader-'));
  written = new WrittenRepository(join(place, 'repository'), 'secret');
});
afterEach(() => rmSync(place, { recursive: true, force: true }));

const source = (password = 'secret') =>
  new FolderSource({ repository: written.folder, password: async () => ({ ok: true, value: password }) });
const value = <Value>(result: Result<Value>): Value => {
  if (!result.ok) throw new Error(`${result.refusal.code}: ${result.refusal.message} ${result.refusal.kept ?? ''}`);
  return result.value;
};
const into = (name = 'into') => {
  mkdirSync(join(place, name));
  return join(place, name);
};
/** Ends the repository with one snapshot of these nodes, and restores what can be. */
async function restored(nodes: readonly object[], only?: string) {
  const id = written.snapshot(written.tree(nodes));
  written.endPack();
  written.writeIndex();
  return value(await source().restoreWhatCan(id, into(), work, only));
}
const flip = (file: string, at: number) => {
  const content = readFileSync(file);
  content[at] = (content[at] ?? 0) ^ 1;
  writeFileSync(file, content);
};
const verified = async () => verify(value(await openRepository(written.folder, 'secret')), { ...work, progress() {} });

describe('what the format keeps', () => {
  test('names of any bytes, modes after owners, times before 1970 and to the microsecond, links, holes', async () => {
    const zeros = written.blob(Buffer.alloc(8 * 1024 * 1024));
    const linked = { links: 2, inode: 7, device_id: 1 };
    const report = await restored([
      written.file('caf\\xe9', 'latin'),
      written.file('a\\a\\v', 'bell'),
      { name: 'vide', type: 'file', mode: 0o600 },
      written.file('setuid', 'x', { mode: 2 ** 23 + 0o755, uid: 1234, gid: 4321 }),
      written.dir('partagé', [], { mode: 2 ** 31 + 2 ** 22 + 2 ** 20 + 0o775 }),
      written.file('ancien', 'x', { mtime: '1969-07-20T20:17:40.25Z' }),
      written.file('un', 'shared', linked),
      written.file('deux', 'shared', linked),
      written.file('autre', 'other content', linked),
      { name: 'lien', type: 'symlink', linktarget: '/etc/passwd' },
      {
        name: 'creux',
        type: 'file',
        mode: 0o600,
        size: 3 * 2 ** 23 + 1,
        content: [zeros, zeros, zeros, written.blob(Buffer.from('z'))],
      },
      written.dir('fermé', [written.file('dedans', 'y')], { mode: 2 ** 31 + 0o500 }),
    ]);
    expect(report).toMatchObject({ files: 10, damaged: [], leftOut: [] });
    const at = (name: string) => join(place, 'into', name);
    const names = readdirSync(join(place, 'into'), { encoding: 'buffer' });
    expect(names.map((name) => name.toString('latin1'))).toContain('caf\xe9');
    expect(readFileSync(at('a\x07\v'), 'utf8')).toBe('bell');
    expect(statSync(at('vide')).size).toBe(0);
    const setuid = statSync(at('setuid'));
    expect(setuid.mode & 0o7777).toBe(0o4755);
    expect(statSync(at('partagé')).mode & 0o7777).toBe(0o3775);
    if (root) expect([setuid.uid, setuid.gid]).toEqual([1234, 4321]);
    expect(statSync(at('ancien')).mtimeMs).toBe(Date.parse('1969-07-20T20:17:40.25Z'));
    const nanoseconds = statSync(at('setuid'), { bigint: true }).mtimeNs;
    expect(Number(nanoseconds - BigInt(Date.parse('2026-02-28T09:11:12Z')) * 1_000_000n)).toBeCloseTo(123_456_789, -4);
    expect(statSync(at('un')).ino).toBe(statSync(at('deux')).ino);
    expect(statSync(at('autre')).ino).not.toBe(statSync(at('un')).ino);
    expect(readlinkSync(at('lien'))).toBe('/etc/passwd');
    const sparse = statSync(at('creux'));
    expect(sparse.size).toBe(3 * 2 ** 23 + 1);
    expect(sparse.blocks * 512).toBeLessThan(2 ** 20);
    expect(statSync(at('fermé')).mode & 0o777).toBe(0o500);
    expect(readFileSync(at('fermé/dedans'), 'utf8')).toBe('y');
    chmodSync(at('fermé'), 0o700);
  });

  test('a file of 40 GB that is nearly all holes comes back as such, in the room it takes', async () => {
    const zeros = written.blob(Buffer.alloc(8 * 1024 * 1024));
    const chunks = 5000;
    const end = written.blob(Buffer.from('fin'));
    const content = [...Array.from({ length: chunks }, () => zeros), end];
    const report = await restored([
      { name: 'disque.img', type: 'file', mode: 0o600, size: chunks * 2 ** 23 + 3, content },
    ]);
    expect(report).toMatchObject({ files: 1, bytes: chunks * 2 ** 23 + 3, damaged: [] });
    const { size, blocks } = statSync(join(place, 'into', 'disque.img'));
    expect(size).toBe(chunks * 2 ** 23 + 3);
    expect(blocks * 512).toBeLessThan(2 ** 20);
  });

  test('what cannot be made again here is listed, and does not make the snapshot damaged', async () => {
    const report = await restored([
      { name: 'tube', type: 'fifo' },
      { name: 'null', type: 'chardev', device: 259 },
      { name: 'prise', type: 'socket' },
      written.file('marqué', 'x', { extended_attributes: [{ name: 'user.origine', value: 'QQ==' }] }),
    ]);
    expect(report).toMatchObject({ files: 1, damaged: [] });
    expect(report.leftOut.map(({ path }) => path)).toEqual(['tube', 'null', 'prise', 'marqué']);
    expect(report.leftOut[3]?.reason).toContain('user.origine');
    expect(readdirSync(join(place, 'into'))).toEqual(['marqué']);
  });

  test('format 1 is read, and an index of the first shape; the word of one path is enough', async () => {
    written = new WrittenRepository(join(place, 'first'), 'secret', 1);
    const report = await restored(
      [written.dir('srv', [written.file('a', 'aaa'), written.dir('b', [written.file('c', 'cc')])])],
      '/srv/b',
    );
    expect(report).toMatchObject({ files: 1, bytes: 2, damaged: [] });
    expect(readFileSync(join(place, 'into/srv/b/c'), 'utf8')).toBe('cc');
    expect(await source().restoreWhatCan('latest', into('other'), work, '/srv/none')).toMatchObject({
      refusal: { code: 'path-unknown' },
    });
  });
});

describe('nothing is written outside', () => {
  test('names that climb, a link and a folder of one name, a path of the snapshot that climbs', async () => {
    const outside = join(place, 'outside');
    mkdirSync(outside);
    const inside = [written.file('intrus', 'planted')];
    const tree = written.tree([
      { name: 'x', type: 'symlink', linktarget: outside },
      written.dir('x', inside),
      written.dir('..', inside),
      written.file('../outside/intrus', 'planted'),
      written.file('bon', 'good'),
    ]);
    const id = written.snapshot(tree, { paths: ['/../outside'] });
    written.endPack();
    written.writeIndex();
    const report = value(await source().restoreWhatCan(id, into(), work));
    expect(report.files).toBe(1);
    expect(report.damaged.map(({ path }) => path).toSorted()).toEqual(['..', '../outside/intrus', 'x']);
    expect(readdirSync(outside)).toEqual([]);
    expect(readdirSync(join(place, 'into')).toSorted()).toEqual(['bon', 'x']);
    expect(lstatSync(join(place, 'into', 'x')).isSymbolicLink()).toBe(true);
    expect(await source().restore(id, into('other'), work)).toMatchObject({ refusal: { code: 'backup-damaged' } });
  });

  test('a tree that holds itself a thousand times over is refused before anything is written', async () => {
    let nodes: object[] = [written.file('f', 'x'.repeat(1000))];
    for (let depth = 0; depth < 60; depth += 1) {
      const subtree = written.tree(nodes);
      nodes = ['a', 'b'].map((name) => ({ name, type: 'dir', subtree }));
    }
    const id = written.snapshot(written.tree(nodes));
    written.endPack();
    written.writeIndex();
    expect(await source().restore(id, into(), work)).toMatchObject({ refusal: { code: 'disk-full' } });
    expect(readdirSync(join(place, 'into'))).toEqual([]);
  });
});

describe('a repository that is damaged', () => {
  /** Two nights in packs of their own, sharing a file. */
  function nights() {
    const shared = written.file('commun', 'shared'.repeat(100));
    const packs: string[] = [];
    const ids = ['lundi', 'mardi'].map((night) => {
      const own = written.file(night, night.repeat(100));
      const tree = written.tree([shared, own]);
      packs.push(written.endPack());
      return written.snapshot(tree, { time: `2026-03-0${packs.length}T02:00:00Z` });
    });
    const index = written.writeIndex();
    return { ids, packs, index };
  }

  test('a flipped byte of a pack costs the files of that blob; the others come back; verify says the same', async () => {
    const { ids, packs } = nights();
    expect(await verified()).toMatchObject({ ok: true, packs: 2, problems: [] });
    const table = await value(await openRepository(written.folder, 'secret')).blobs();
    const blob = createHash('sha256').update('mardi'.repeat(100)).digest('hex');
    const [entry = -1] = table.find(blob, 'data');
    flip(packs[1] ?? '', table.place(entry).offset + 20);
    const report = value(await source().restoreWhatCan(ids[1] ?? '', into(), work));
    expect(report).toMatchObject({ files: 1, damaged: [{ path: 'mardi' }] });
    expect(readdirSync(join(place, 'into'))).toEqual(['commun']);
    expect(await source().restore(ids[1] ?? '', into('b'), work)).toMatchObject({
      refusal: { code: 'backup-damaged' },
    });
    expect(value(await source().restore(ids[0] ?? '', into('c'), work)).files).toBe(2);
    const seen = await verified();
    expect(seen.ok).toBe(false);
    expect(seen.snapshots.map(({ lost }) => lost)).toEqual([[], ['mardi']]);
  });

  test('every flipped byte of a pack is seen, header and its length too', async () => {
    const { packs } = nights();
    const [pack = ''] = packs;
    const size = statSync(pack).size;
    for (const at of [0, 15, 17, Math.floor(size / 2), size - 40, size - 5, size - 4, size - 1]) {
      flip(pack, at);
      expect((await verified()).ok, `byte ${at} of ${size}`).toBe(false);
      flip(pack, at);
    }
    expect((await verified()).ok).toBe(true);
  });

  test('a missing pack, a truncated index, a cut snapshot: each told, what does not rest on it is read', async () => {
    const { ids, packs, index } = nights();
    const pack = readFileSync(packs[1] ?? '');
    rmSync(packs[1] ?? '');
    expect(value(await source().restore(ids[0] ?? '', into(), work)).files).toBe(2);
    expect(await source().restore(ids[1] ?? '', into('b'), work)).toMatchObject({
      refusal: { code: 'backup-damaged' },
    });
    expect((await verified()).problems).toContainEqual(expect.objectContaining({ reason: 'is missing' }));
    writeFileSync(packs[1] ?? '', pack);

    const file = join(written.folder, 'index', index);
    const whole = readFileSync(file);
    writeFileSync(file, whole.subarray(0, 50));
    expect(await source().restore(ids[0] ?? '', into('d'), work)).toMatchObject({
      refusal: { code: 'backup-damaged' },
    });
    expect((await verified()).problems[0]?.what).toBe(`index ${index}`);
    writeFileSync(file, whole);

    const snapshot = join(written.folder, 'snapshots', ids[1] ?? '');
    writeFileSync(snapshot, readFileSync(snapshot).subarray(0, 40));
    const listed = value(await source().snapshots(work));
    expect(listed.map(({ id, damaged }) => [id, damaged ?? false])).toEqual([
      [ids[0], false],
      [ids[1], true],
    ]);
  });

  test('a blob that two packs hold is taken from the one that is whole', async () => {
    const file = written.file('deux fois', 'content'.repeat(50));
    const id = written.snapshot(written.tree([file]));
    written.endPack();
    written.file('deux fois', 'content'.repeat(50));
    const second = written.endPack();
    written.writeIndex();
    flip(second, 30);
    expect(value(await source().restore(id, into(), work))).toMatchObject({ files: 1 });
  });

  test('an index that lies of a blob’s length, or a blob that bursts when it is unpacked, costs that blob only', async () => {
    const bomb = written.blob(Buffer.alloc(50_000_000));
    const nodes = [written.file('bon', 'good'), { name: 'bombe', type: 'file', size: 10, content: [bomb] }];
    const id = written.snapshot(written.tree(nodes));
    written.endPack();
    const packs = value(await openRepository(written.folder, 'secret'));
    written.writeIndex();
    const table = await packs.blobs();
    const listed = table.byPack().map((entries, number) => ({
      id: table.packs[number],
      blobs: entries.map((entry) => {
        const { offset, length, plainLength } = table.place(entry);
        const lied = table.id(entry) === bomb ? 10 : plainLength;
        return { id: table.id(entry), type: table.kind(entry), offset, length, uncompressed_length: lied };
      }),
    }));
    rmSync(join(written.folder, 'index'), { recursive: true });
    mkdirSync(join(written.folder, 'index'));
    written.writeIndex(listed);
    const report = value(await source().restoreWhatCan(id, into(), work));
    expect(report).toMatchObject({ files: 1, damaged: [{ path: 'bombe' }] });
  });
});

describe('a repository that others use', () => {
  test('a wrong password opens nothing', async () => {
    written.snapshot(written.tree([]));
    expect(await source('wrong').snapshots(work)).toMatchObject({ refusal: { code: 'backup-wrong-password' } });
  });

  test('locked by a host that died: said, and read all the same; not a byte changes', async () => {
    const id = written.snapshot(written.tree([written.file('a', 'a')]));
    written.endPack();
    written.writeIndex();
    written.document('locks', { time: '2026-01-01T00:00:00Z', exclusive: true, hostname: 'mort', pid: 12 });
    const ground = new SourceGround();
    const before = await ground.fingerprint(written.folder);
    const repository = value(await openRepository(written.folder, 'secret'));
    expect(await repository.locks()).toEqual([
      { time: '2026-01-01T00:00:00.000Z', host: 'mort', pid: 12, exclusive: true },
    ]);
    expect(value(await source().restore(id, into(), work)).files).toBe(1);
    await verified();
    expect(await ground.fingerprint(written.folder)).toBe(before);
    ground.remove();
  });

  test('what is read is not marked as read', async () => {
    const id = written.snapshot(written.tree([written.file('a', 'a')]));
    written.endPack();
    written.writeIndex();
    const files = readdirSync(written.folder, { recursive: true, withFileTypes: true })
      .filter((entry) => entry.isFile())
      .map(({ parentPath, name }) => join(parentPath, name));
    const longAgo = new Date('2001-01-01T00:00:00Z');
    for (const file of files) utimesSync(file, longAgo, statSync(file).mtime);
    expect(value(await source().restore(id, into(), work)).files).toBe(1);
    expect((await verified()).ok).toBe(true);
    expect(files.filter((file) => statSync(file).atimeMs !== longAgo.getTime())).toEqual([]);
  });

  test('a snapshot says its time; the storage says when it was written', async () => {
    const tree = written.tree([]);
    written.snapshot(tree, { time: '2199-12-31T00:00:00Z' });
    written.snapshot(tree, { time: '1970-01-01T00:00:00+14:00' });
    written.snapshot(tree, { time: 'demain' });
    const listed = value(await source().snapshots(work));
    expect(listed.filter(({ damaged }) => damaged !== true).map(({ time }) => time)).toEqual([
      '1969-12-31T10:00:00.000Z',
      '2199-12-31T00:00:00.000Z',
    ]);
    expect(listed.filter(({ damaged }) => damaged === true).length).toBe(1);
    for (const { storedAt = '' } of listed) expect(Date.now() - Date.parse(storedAt)).toBeLessThan(600_000);
  });

  test('prune moves a blob while it is read: it is found where the new index says', async () => {
    const file = written.file('déplacé', 'content'.repeat(50));
    const id = written.snapshot(written.tree([file]));
    const old = written.endPack();
    const index = written.writeIndex();
    const repository = value(await openRepository(written.folder, 'secret'));
    await repository.index();
    written.file('déplacé', 'content'.repeat(50));
    written.tree([file]);
    written.endPack();
    written.writeIndex();
    rmSync(old);
    rmSync(join(written.folder, 'index', index));
    const [snapshot] = (await repository.snapshots()).whole;
    expect(snapshot?.id).toBe(id);
    const { nodes } = await repository.tree(snapshot?.tree ?? '');
    const content: Buffer[] = [];
    for await (const part of repository.content({ content: nodes[0]?.content ?? [] })) content.push(part);
    expect(Buffer.concat(content).toString()).toBe('content'.repeat(50));
  });

  test('each different blob is read once, from one of its packs', async () => {
    written.snapshot(written.tree([written.file('a', 'one'), written.file('b', 'one'), written.file('c', 'two')]));
    written.endPack();
    written.file('again', 'one');
    written.endPack();
    written.writeIndex();
    const read: string[] = [];
    for await (const blob of readBlobs(value(await openRepository(written.folder, 'secret'))))
      read.push('plain' in blob ? blob.plain.toString() : blob.damaged);
    expect(read.toSorted()).toEqual(['one', 'two']);
  });
});
