import { spawnSync } from 'node:child_process';
import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { constants, deflateRawSync, gzipSync, zstdCompressSync } from 'node:zlib';
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { Scanner } from '../scanner.ts';
import { tarEntry, tarred, zipped } from './fixture.ts';

const planted = 'REFLEXE-PLANTED-SIGN';
const note = Buffer.from(`inside: ${planted}`);
const mebibyte = 1024 * 1024;

/** What a real scanner says of archives made to deceive or to exhaust it; it never has to be started again. */
describe('archives as traps', () => {
  let scanner: Scanner;
  beforeAll(async () => {
    const started = await Scanner.start([
      { file: 'planted.yar', text: `rule planted { strings: $a = "${planted}" condition: $a }` },
    ]);
    if (!started.ok) throw new Error(started.refusal.message);
    scanner = started.value;
  }, 60_000);
  afterAll(async () => {
    expect(scanner.restarts).toBe(0);
    await scanner.end();
  });
  const examine = async (content: Buffer) => {
    const { inside, notExamined } = await scanner.examine(content.length, () => [content]);
    return { inside: inside.map(({ path }) => path), notExamined };
  };

  /** Deflated zeros, of which many in a row are one stream. */
  const zeros = deflateRawSync(Buffer.alloc(64 * mebibyte), { finishFlush: constants.Z_FULL_FLUSH });
  const manyZeros = (times: number) =>
    Buffer.concat([...Array.from({ length: times }, () => zeros), deflateRawSync(Buffer.of())]);

  test('a zip of 10 GB of zeros is given up where the purse ends', async () => {
    const bomb = zipped({ name: 'zeros', packed: manyZeros(160), claimedBytes: 160 * 64 * mebibyte });
    expect(bomb.length).toBeLessThan(16 * mebibyte);
    const { notExamined } = await examine(bomb);
    expect(notExamined).toEqual([
      expect.stringMatching(/^zeros unfolds, .* more than 268435456 bytes: no more is looked at$/),
      expect.stringContaining('zeros unfolds to more than'),
    ]);
  }, 60_000);

  test('so is one of zips of zips of zeros, one whose entries lie over each other, and a gzip', async () => {
    const leaf = zipped({ name: '0', content: Buffer.alloc(16 * mebibyte) });
    const layer = (content: Buffer) =>
      zipped(...Array.from({ length: 16 }, (_one, index) => ({ name: `${index}.zip`, content })));
    expect((await examine(layer(layer(leaf)))).notExamined).toContainEqual(
      expect.stringContaining('no more is looked at'),
    );
    const over = Array.from({ length: 999 }, () => ({ name: 'same', sameAs: 0 }));
    const lying = zipped({ name: 'same', content: Buffer.alloc(16 * mebibyte) }, ...over);
    expect((await examine(lying)).notExamined).toContainEqual(expect.stringContaining('no more is looked at'));
    const packed = gzipSync(Buffer.alloc(64 * mebibyte));
    const gzip = Buffer.concat(Array.from({ length: 16 }, () => packed));
    expect((await examine(gzip)).notExamined).toContainEqual(expect.stringContaining('no more is looked at'));
  }, 120_000);

  test('a member too large to be held is scanned in parts that overlap', async () => {
    const large = Buffer.alloc(70 * mebibyte);
    large.write(planted, 32 * mebibyte - 7);
    const { inside, notExamined } = await examine(gzipSync(large));
    expect(inside).toEqual(['']);
    expect(notExamined).toEqual([expect.stringContaining('scanned in parts, not looked into')]);
  }, 60_000);

  test('archives in archives are looked into five deep, whatever their kinds', async () => {
    const one = tarred(tarEntry('note.txt', note));
    const three = zipped({ name: 'a.tar.gz', content: gzipSync(one) });
    const five = tarred(tarEntry('b.zip', three));
    expect(await examine(five)).toEqual({
      inside: ['b.zip!a.tar.gz', 'b.zip!a.tar.gz!note.txt'],
      notExamined: [],
    });
    let deep: Buffer = note;
    for (let depth = 1; depth <= 6; depth += 1) deep = zipped({ name: `${depth}.zip`, content: deep });
    expect(await examine(deep)).toEqual({
      inside: [],
      notExamined: ['6.zip!5.zip!4.zip!3.zip!2.zip is an archive inside 5 others: not looked into'],
    });
    expect((await examine(zstdCompressSync(one))).inside).toEqual(['', 'note.txt']);
  });

  test('what claims another size than it has is told, and what stands beside it is looked at', async () => {
    const zip = zipped(
      { name: 'short', content: Buffer.alloc(5000), claimedBytes: 10 },
      { name: 'long', content: Buffer.alloc(10), claimedBytes: 5000 },
      { name: 'note.txt', content: note },
    );
    const { inside, notExamined } = await examine(zip);
    expect(inside).toEqual(['note.txt']);
    expect(notExamined.map((reason) => reason.split(' ', 1)[0])).toEqual(['short', 'long']);
    const tar = tarred(tarEntry('note.txt', note), tarEntry('long', Buffer.alloc(10), '0', 2 ** 32));
    expect(await examine(tar)).toEqual({ inside: ['note.txt'], notExamined: ['long its archive ends before it does'] });
    const broken = tarred(tarEntry('note.txt', note), Buffer.alloc(512, 'x'));
    expect((await examine(broken)).notExamined).toEqual([expect.stringContaining('does not have its sum')]);
  });

  test('names are shown, never followed: `..`, bytes that are no UTF-8, links and devices', async () => {
    const name = Buffer.from([0x63, 0x61, 0x66, 0xe9]);
    const zip = zipped(
      { name: '../../etc/cron.d/x', content: note },
      { name, content: note },
      { name: '/etc/x', content: note },
    );
    expect(await examine(zip)).toEqual({ inside: ['../../etc/cron.d/x', 'caf\\xe9', '/etc/x'], notExamined: [] });
    const links = ['1', '2', '3', '4', '6'].map((kind) => tarEntry(`kind ${kind}`, Buffer.of(), kind));
    const tar = tarred(...links, tarEntry('../x', note), tarEntry(name, note));
    expect(await examine(tar)).toEqual({ inside: ['../x', 'caf\\xe9'], notExamined: [] });
  });

  test('what a password protects, and formats that are not unfolded here, are said to be not looked into', async () => {
    const zip = zipped({ name: 'secret', content: note, isEncrypted: true }, { name: 'note.txt', content: note });
    expect(await examine(zip)).toEqual({ inside: ['note.txt'], notExamined: ['secret is protected by a password'] });
    const heads = {
      '7z': '377abcaf271c',
      rar: '526172211a0700',
      xz: 'fd377a585a00',
      bzip2: '425a6839',
      lz4: '04224d18',
    };
    for (const [format, head] of Object.entries(heads)) {
      const content = Buffer.concat([Buffer.from(head, 'hex'), Buffer.alloc(1000, 'a')]);
      expect((await examine(content)).notExamined).toEqual([`it is a ${format} archive: not looked into`]);
      expect((await examine(zipped({ name: `x.${format}`, content }))).notExamined).toEqual([
        `x.${format} is a ${format} archive: not looked into`,
      ]);
    }
  });

  test('documents of Office: closed by a password, or with macros, whose code is compressed', async () => {
    const compound = (stream: string) =>
      Buffer.concat([Buffer.from('d0cf11e0a1b11ae1', 'hex'), Buffer.alloc(504), Buffer.from(`${stream}\0`, 'utf16le')]);
    expect((await examine(compound('EncryptedPackage'))).notExamined).toEqual(['it is protected by a password']);
    const macros = 'holds macros, whose code is compressed: not looked into';
    expect((await examine(compound('_VBA_PROJECT'))).notExamined).toEqual([`it ${macros}`]);
    const docm = zipped({ name: 'word/vbaProject.bin', content: compound('_VBA_PROJECT') });
    expect((await examine(docm)).notExamined).toEqual([`word/vbaProject.bin ${macros}`]);
    expect((await examine(compound('WordDocument'))).notExamined).toEqual([]);
  });

  test('tar as it is written elsewhere, with names longer than its field, of both kinds', async () => {
    const folder = mkdtempSync(join(tmpdir(), 'reflexe-tar-'));
    try {
      writeFileSync(join(folder, 'note.txt'), note);
      const long = `${'folder/'.repeat(30)}note.txt`;
      for (const format of ['gnu', 'pax', 'ustar']) {
        const name = format === 'ustar' ? 'short/note.txt' : long;
        const args = [`--format=${format}`, '-cf', '-', `--transform=s|note.txt|${name}|`, 'note.txt'];
        const { stdout } = spawnSync('tar', args, { cwd: folder });
        expect(await examine(stdout)).toEqual({ inside: [name], notExamined: [] });
      }
    } finally {
      rmSync(folder, { recursive: true });
    }
  });
});
