import {
  chmodSync,
  closeSync,
  copyFileSync,
  existsSync,
  ftruncateSync,
  linkSync,
  lstatSync,
  mkdirSync,
  openSync,
  readdirSync,
  readFileSync,
  readlinkSync,
  renameSync,
  statSync,
  symlinkSync,
  truncateSync,
  utimesSync,
  writeFileSync,
} from 'node:fs';
import { join } from 'node:path';
import { gunzipSync } from 'node:zlib';
import { afterAll, describe, expect, it } from 'vitest';
import type { Work } from '../../restore/ports.ts';
import { SourceGround } from '../files/ground.ts';
import { converted, ext, laidOut, missing, partitioned, put, run } from './fixtures/images.ts';
import { timeIn } from './nights.ts';
import { DisksSource } from './source.ts';

const work: Work = { signal: new AbortController().signal, progress: () => undefined };
const ground = new SourceGround();
afterAll(() => ground.remove());

let made = 0;
/** A folder for the images of one test, and one for a tree to put in them. */
function place(): { exports: string; tree: string; source: DisksSource; night: string } {
  made += 1;
  const exports = join(ground.folder, `exports-${made}`);
  const tree = join(ground.folder, `tree-${made}`);
  mkdirSync(exports);
  mkdirSync(tree);
  return { exports, tree, source: new DisksSource({ folder: exports }), night: '2026-03-01' };
}

const lacking = missing('mke2fs', 'qemu-img', 'sfdisk', 'debugfs');
const secret = 'root:$6$never to be seen\n';

describe('what a night is', () => {
  it.each([
    ['dpi-2026-03-01.qcow2', '2026-03-01T00:00:00.000Z'],
    ['2026-03-01T0230', '2026-03-01T02:30:00.000Z'],
    ['DPI2026-03-01T023005_4F2A.vmdk', '2026-03-01T02:30:05.000Z'],
    ['20260301_0230.raw', '2026-03-01T02:30:00.000Z'],
    ['x 2026-03-01 02-30-00+01:00.img', '2026-03-01T01:30:00.000Z'],
    ['dpi-2026-13-41.qcow2', undefined],
    ['120260301999.raw', undefined],
    ['disk.vmdk', undefined],
  ])('%s', (name, time) => expect(timeIn(name)).toBe(time));

  it.skipIf(lacking)('a time of the name, else of the file; extents, links and other files are no nights', async () => {
    const { exports, source } = place();
    writeFileSync(join(exports, 'dpi-2026-03-02.raw'), '');
    writeFileSync(join(exports, 'export.raw'), '');
    utimesSync(join(exports, 'export.raw'), 1_772_323_200, 1_772_323_200);
    writeFileSync(join(exports, 'export.log'), '');
    symlinkSync('/dev/zero', join(exports, '2026-03-03.raw'));
    mkdirSync(join(exports, '2026-03-04'));
    run('qemu-img', [
      'create',
      '-q',
      '-f',
      'vmdk',
      '-o',
      'subformat=monolithicFlat',
      join(exports, '2026-03-05.vmdk'),
      '1M',
    ]);
    const listed = await source.snapshots();
    expect(listed.ok && listed.value.map(({ id, time }) => [id, time])).toEqual([
      ['export.raw', '2026-03-01T00:00:00.000Z'],
      ['dpi-2026-03-02.raw', '2026-03-02T00:00:00.000Z'],
      ['2026-03-05.vmdk', '2026-03-05T00:00:00.000Z'],
    ]);
  });
});

describe.skipIf(lacking)('images that lead elsewhere', () => {
  const leads = async (prepare: (exports: string, elsewhere: string) => void) => {
    const { exports, tree, source, night } = place();
    laidOut(tree, { 'shadow.txt': Buffer.from(secret) });
    ext(join(tree, '..', `elsewhere-${made}.img`), tree);
    prepare(exports, join(ground.folder, `elsewhere-${made}.img`));
    const name = readdirSync(exports).find((one) => one.startsWith(night)) ?? '';
    const into = await ground.into();
    const answer = await source.restore(name, into, work);
    expect(readdirSync(into)).toEqual([]);
    return answer;
  };
  const outside = {
    ok: false,
    refusal: { code: 'backup-damaged', kept: expect.stringMatching(/outside the folder|no file beside it/) },
  };

  it.each(['absolute', 'relative', 'through a linked folder', 'json:', 'nbd:'])(
    'a qcow2 backed by a file outside: %s',
    async (how) => {
      expect(
        await leads((exports, elsewhere) => {
          const image = join(exports, '2026-03-01.qcow2');
          run('qemu-img', ['create', '-q', '-f', 'qcow2', '-b', elsewhere, '-F', 'raw', image]);
          symlinkSync(ground.folder, join(exports, 'linked'));
          const names: { [how: string]: string } = {
            absolute: elsewhere,
            relative: `../elsewhere-${made}.img`,
            'through a linked folder': `linked/elsewhere-${made}.img`,
            'json:': `json:{"driver":"raw","file":{"filename":"${elsewhere}"}}`,
            'nbd:': 'nbd:unix:/run/x',
          };
          rebase(image, names[how] ?? '');
        }),
      ).toMatchObject(outside);
    },
  );

  it.each(['/etc/passwd', '../../../../../../etc/passwd', '..\\..\\secret.img'])(
    'a VMDK with an extent %s',
    async (name) => {
      expect(
        await leads((exports) => {
          writeFileSync(
            join(exports, '2026-03-01.vmdk'),
            `# Disk DescriptorFile\nversion=1\nCID=1\nparentCID=ffffffff\ncreateType="monolithicFlat"\nRW 1 FLAT "${name}" 0\n`,
          );
        }),
      ).toMatchObject(outside);
    },
  );

  it('a file beside it that is a link, or a device', async () => {
    const answer = await leads((exports) => {
      symlinkSync('/etc/passwd', join(exports, 'extent'));
      writeFileSync(
        join(exports, '2026-03-01.vmdk'),
        '# Disk DescriptorFile\nparentCID=ffffffff\nRW 1 FLAT "extent" 0\n',
      );
    });
    expect(answer).toMatchObject({
      ok: false,
      refusal: { code: 'backup-damaged', kept: expect.stringContaining('ELOOP') },
    });
  });

  it('increments that rest on each other in a ring', async () => {
    const answer = await leads((exports) => {
      const [one, other] = [join(exports, '2026-03-01.qcow2'), join(exports, 'b.qcow2')];
      for (const image of [one, other])
        run('qemu-img', ['create', '-q', '-f', 'qcow2', '-b', '/dev/null', '-F', 'raw', '-u', image, '16M']);
      rebase(one, 'b.qcow2');
      rebase(other, '2026-03-01.qcow2');
    });
    expect(answer).toMatchObject({
      ok: false,
      refusal: { code: 'backup-damaged', kept: expect.stringContaining('rests on itself') },
    });
  });

  it('a raw disk whose guest wrote the head of a qcow2 at its start stays raw', async () => {
    const answer = await leads((exports, elsewhere) => {
      const image = join(exports, '2026-03-01.raw');
      run('qemu-img', ['create', '-q', '-f', 'qcow2', '-b', elsewhere, '-F', 'raw', image]);
    });
    expect(answer).toMatchObject({ ok: false, refusal: { code: 'volume-unsupported' } });
  });
});

/** Writes another name of the backing file into a qcow2, as an attacker would. */
function rebase(image: string, name: string): void {
  const header = readFileSync(image).subarray(0, 32);
  const length = Buffer.alloc(4);
  length.writeUInt32BE(Buffer.byteLength(name));
  put(image, Number(header.readBigUInt64BE(8)), Buffer.from(name));
  put(image, 16, length);
}

describe.skipIf(lacking)('increments and several volumes', () => {
  it('an increment is read with the images below it, in the folder', async () => {
    const { exports, tree, source } = place();
    laidOut(tree, { 'a.txt': Buffer.from('one\n') });
    ext(join(exports, 'scratch'), tree);
    converted(join(exports, 'scratch'), join(exports, '2026-03-01', 'disk.qcow2'), 'qcow2');
    mkdirSync(join(exports, '2026-03-02'));
    run('qemu-img', [
      'create',
      '-q',
      '-f',
      'qcow2',
      '-b',
      '../2026-03-01/disk.qcow2',
      '-F',
      'qcow2',
      join(exports, '2026-03-02', 'disk.qcow2'),
    ]);
    expect(await source.restore('2026-03-02', await ground.into(), work)).toMatchObject({
      ok: true,
      value: { files: 1, unverified: 1 },
    });
  });

  it('two file systems stand beside each other; one is the top when it is named; a folder of it is', async () => {
    const { exports, tree } = place();
    laidOut(tree, { 'srv/a.txt': Buffer.from('one\n') });
    ext(`${tree}-1`, tree, ['-t', 'ext4', '-L', 'systeme']);
    ext(`${tree}-2`, tree, ['-t', 'ext2', '-L', 'donnees']);
    writeFileSync(`${tree}-3`, Buffer.alloc(1 << 20));
    const night = '2026-03-01.raw';
    partitioned(join(exports, night), 'gpt', [`${tree}-1`, `${tree}-2`, `${tree}-3`]);
    const names = async (source: DisksSource, folder = '') => {
      const told = await source.entries(night, folder, work);
      return told.ok ? told.value.entries.map(({ name }) => name) : told.refusal.code;
    };
    expect(await names(new DisksSource({ folder: exports }))).toEqual(['1', '2']);
    expect(await names(new DisksSource({ folder: exports }), '2/srv')).toEqual(['a.txt']);
    expect(await names(new DisksSource({ folder: exports, volume: 'donnees' }))).toEqual(['srv']);
    expect(await names(new DisksSource({ folder: exports, volume: '1', path: 'srv' }))).toEqual(['a.txt']);
    expect(await names(new DisksSource({ folder: exports, volume: '3' }))).toBe('volume-unknown');
    expect(await names(new DisksSource({ folder: exports, path: 'absent' }))).toBe('path-unknown');
  });

  it.each([
    ['LUKS', 0, 'LUKS\xba\xbe'],
    ['BitLocker', 3, '-FVE-FS-'],
    ['btrfs', 0x10040, '_BHRfS_M'],
    ['not known here', 0, 'ORCLDISK'],
  ])(
    'a volume of %s beside a sound one is refused by its name, before anything is written; the other one can be named',
    async (what, at, mark) => {
      const { exports, tree } = place();
      laidOut(tree, { 'a.txt': Buffer.from('one\n') });
      ext(`${tree}-1`, tree);
      const other = Buffer.alloc(1 << 20);
      other.write(mark, at, 'latin1');
      writeFileSync(`${tree}-2`, other);
      partitioned(join(exports, '2026-03-01.raw'), 'gpt', [`${tree}-1`, `${tree}-2`]);
      const into = await ground.into();
      expect(await new DisksSource({ folder: exports }).restore('2026-03-01.raw', into, work)).toMatchObject({
        ok: false,
        refusal: { code: 'volume-unsupported', message: expect.stringContaining(what) },
      });
      expect(readdirSync(into)).toEqual([]);
      expect(
        await new DisksSource({ folder: exports, volume: '1' }).restore('2026-03-01.raw', into, work),
      ).toMatchObject({ ok: true });
    },
  );
});

describe.skipIf(lacking)('what stands in a file system', () => {
  it('owners, modes, times, links, names of bytes and holes come back; devices and pipes are told', async () => {
    const { exports, tree, source } = place();
    laidOut(tree, { un: Buffer.from('x'), 'dossier/été à Saint-Étienne': Buffer.from('y') });
    writeFileSync(Buffer.concat([Buffer.from(`${tree}/caf`), Buffer.of(0xe9)]), 'z');
    symlinkSync('/etc/passwd', join(tree, 'lien'));
    symlinkSync(`${'../'.repeat(30)}etc/passwd`, join(tree, 'long'));
    linkSync(join(tree, 'un'), join(tree, 'deux'));
    chmodSync(join(tree, 'un'), 0o4640);
    utimesSync(join(tree, 'un'), 1_577_934_245.123456, 1_577_934_245.123456);
    const hole = openSync(join(tree, 'creux'), 'w');
    ftruncateSync(hole, 100 * 2 ** 30);
    closeSync(hole);
    put(join(tree, 'creux'), 50 * 2 ** 30, Buffer.from('milieu'));
    const image = join(exports, '2026-03-01.raw');
    ext(image, tree, ['-t', 'ext4', '-b', '4096']);
    run(
      'debugfs',
      ['-w', '-f', '-', image],
      `mknod null c 1 3\nmknod tube p\nea_set un user.note x\nset_inode_field un uid 70000\nset_inode_field un mtime_extra ${123_456_000 * 4}\n`,
    );
    const into = await ground.into();
    const restored = await source.restore('2026-03-01.raw', into, work);
    expect(restored).toMatchObject({
      ok: true,
      value: {
        files: 5,
        problems: [],
        leftOut: expect.arrayContaining([
          { path: 'null', reason: expect.stringContaining('device') },
          { path: 'tube', reason: expect.stringContaining('pipe') },
          { path: 'un', reason: expect.stringContaining('user.note') },
        ]),
      },
    });
    const un = lstatSync(join(into, 'un'), { bigint: true });
    expect([Number(un.mode) & 0o7777, un.nlink, un.ino === statSync(join(into, 'deux'), { bigint: true }).ino]).toEqual(
      [0o4640, 2n, true],
    );
    expect(Number(un.mtimeNs / 1000n)).toBe(1_577_934_245_123_456);
    if (process.getuid?.() === 0) expect(un.uid).toBe(70000n);
    expect(readlinkSync(join(into, 'lien'))).toBe('/etc/passwd');
    expect(readlinkSync(join(into, 'long'))).toBe(`${'../'.repeat(30)}etc/passwd`);
    expect(readdirSync(into, { encoding: 'buffer' }).some((name) => name.includes(0xe9))).toBe(true);
    const creux = statSync(join(into, 'creux'));
    expect([creux.size, creux.blocks < 1000]).toEqual([100 * 2 ** 30, true]);
  });

  it('a folder inside itself, names that lead out, a file where a folder should be: told, and nothing is written outside', async () => {
    const { exports, tree, source } = place();
    laidOut(tree, { 'dossier/dedans/f': Buffer.from('x'), victime: Buffer.from('y'), bon: Buffer.from('z') });
    const image = join(exports, '2026-03-01.raw');
    ext(image, tree, ['-t', 'ext4', '-O', '^metadata_csum,^dir_index']);
    run('debugfs', ['-w', '-f', '-', image], 'link dossier dossier/dedans/retour\n');
    const disk = readFileSync(image);
    put(image, disk.indexOf('victime'), Buffer.from('../../x'));
    const into = await ground.into();
    expect(await source.restore('2026-03-01.raw', into, work)).toMatchObject({
      ok: false,
      refusal: { code: 'backup-damaged', kept: expect.stringContaining('2 files came back; 2 did not') },
    });
    expect(existsSync(join(into, '..', '..', 'x'))).toBe(false);
    const what = await source.restoreWhatCan('2026-03-01.raw', await ground.into(), work);
    expect(what.ok && what.value.damaged.map(({ reason }) => reason).toSorted()).toEqual([
      'a folder that stands inside itself',
      'has a name that leads elsewhere',
    ]);
  });

  it('one file whose inode is damaged costs that file, and the night is told', async () => {
    const { exports, tree, source } = place();
    laidOut(tree, { a: Buffer.from('x'), b: Buffer.from('y') });
    const image = join(exports, '2026-03-01.raw');
    ext(image, tree, ['-t', 'ext4', '-O', 'metadata_csum']);
    const at = Number(
      /located at block (\d+), offset (0x[0-9a-f]+)/
        .exec(run('debugfs', ['-R', 'imap b', image]).replace(/\n/g, ' '))
        ?.slice(1)
        .map(Number)
        .reduce((block, offset) => block * 1024 + offset),
    );
    put(image, at + 4, Buffer.of(0x7f));
    const what = await source.restoreWhatCan('2026-03-01.raw', await ground.into(), work);
    expect(what).toMatchObject({
      ok: true,
      value: { files: 1, damaged: [{ path: 'b', reason: expect.stringContaining('checksum') }] },
    });
  });

  it('what was committed to the journal and not yet written in its place is read as if it were', async () => {
    const { exports, tree, source } = place();
    laidOut(tree, { avant: Buffer.from('x') });
    const image = join(exports, '2026-03-01.raw');
    ext(image, tree, ['-t', 'ext4', '-b', '1024', '-O', 'metadata_csum']);
    const disk = readFileSync(image);
    const block = Math.floor(disk.indexOf('avant') / 1024);
    const changed = join(tree, 'block');
    const renamed = join(tree, 'renamed');
    copyFileSync(image, renamed);
    run('debugfs', ['-w', '-f', '-', renamed], 'link avant apres\nunlink avant\n');
    writeFileSync(changed, readFileSync(renamed).subarray(block * 1024, (block + 1) * 1024));
    run('debugfs', ['-w', '-f', '-', image], `jo\njw -b ${block} ${changed}\njc\n`);
    const told = await source.entries('2026-03-01.raw', '', work);
    expect(told.ok && told.value.entries.map(({ name }) => name)).toEqual(['apres']);
    const restored = await source.restore('2026-03-01.raw', await ground.into(), work);
    expect(restored).toMatchObject({
      ok: true,
      value: { leftOut: [{ path: 'volume 1', reason: expect.stringContaining('journal') }] },
    });
  });

  it('NTFS: folders, compressed, sparse, scattered and several-named files as ntfs-3g wrote them', async () => {
    const { exports, source } = place();
    writeFileSync(
      join(exports, '2026-03-01.raw'),
      gunzipSync(readFileSync(new URL('fixtures/ntfs.raw.gz', import.meta.url))),
    );
    const into = await ground.into();
    const restored = await source.restore('2026-03-01.raw', into, work);
    expect(restored).toMatchObject({ ok: true, value: { files: 127, problems: [] } });
    if (restored.ok)
      expect(restored.value.leftOut).toContainEqual({
        path: 'flux.txt',
        reason: expect.stringContaining('Zone.Identifier'),
      });
    const table = readFileSync(join(into, 'packed', 'texte.csv'));
    expect(table.subarray(0, 150_000).equals(Buffer.from('Nom;Prénom;Date\n'.repeat(9000)).subarray(0, 150_000))).toBe(
      true,
    );
    expect(table.subarray(-12_000).toString()).toBe('fin\n'.repeat(3000));
    expect(readFileSync(join(into, 'base', '16384', '2619'))).toEqual(
      Buffer.from(Array.from({ length: 70_000 }, (_none, index) => (index * 7) % 251)),
    );
    const fragments = readFileSync(join(into, 'fragments'));
    for (const index of [1, 350, 699])
      expect(fragments.toString('latin1', (index - 1) * 20_480, (index - 1) * 20_480 + 6)).toBe(
        `k${String(index).padStart(5, '0')}`,
      );
    expect(readdirSync(join(into, 'comptes-rendus', 'été à Saint-Étienne'))).toHaveLength(120);
    const hole = statSync(join(into, 'creux'));
    expect([hole.size, hole.blocks < 1000]).toEqual([3 * 2 ** 30, true]);
    expect(statSync(join(into, 'un')).ino).toBe(statSync(join(into, 'deux')).ino);
    expect(lstatSync(join(into, 'un'), { bigint: true }).mtimeNs / 1000n).toBe(1_577_934_245_123_456n);
  });

  it.skipIf(missing('mkfs.vfat', 'mcopy')).each(['12', '16', '32'])(
    'FAT%s: long names, folders, whole chains',
    async (bits) => {
      const { exports, tree, source } = place();
      const content = Buffer.from(Array.from({ length: 700_001 }, (_none, index) => (index * 31) % 253));
      laidOut(tree, { 'Été à Saint-Étienne.pdf': content, 'EFI/BOOT/vide': Buffer.alloc(0) });
      const image = join(exports, '2026-03-01.raw');
      writeFileSync(image, '');
      truncateSync(
        image,
        { 12: 4, 16: 20, 32: 64 }[bits] === undefined ? 0 : ({ 12: 4, 16: 20, 32: 64 }[bits] ?? 0) * 2 ** 20,
      );
      run('mkfs.vfat', ['-F', bits, ...(bits === '32' ? ['-s', '1'] : []), image]);
      run('mcopy', ['-s', '-i', image, join(tree, 'Été à Saint-Étienne.pdf'), join(tree, 'EFI'), '::']);
      const into = await ground.into();
      expect(await source.restore('2026-03-01.raw', into, work)).toMatchObject({
        ok: true,
        value: { files: 2, problems: [] },
      });
      expect(readFileSync(join(into, 'Été à Saint-Étienne.pdf')).equals(content)).toBe(true);
      expect(readdirSync(join(into, 'EFI', 'BOOT'))).toEqual(['vide']);
    },
  );

  it.skipIf(missing('mkfs.xfs')).each(['crc=1', 'crc=0'])(
    'XFS, %s: folders of each kind, scattered names, links, times',
    async (sums) => {
      const { exports, tree, source } = place();
      const content = Buffer.from(Array.from({ length: 300_001 }, (_none, index) => (index * 29) % 251));
      laidOut(tree, { content, short: Buffer.from('x') });
      const many = Array.from({ length: 500 }, (_none, index) => `numéro-${index} ---640 33 44 ${tree}/short`);
      writeFileSync(
        join(tree, 'proto'),
        `/dev/null\n0 0\nd--755 0 0\ngros ---4640 70000 5 ${tree}/content\nlien l--777 0 0 /etc/passwd\ntube p--644 0 0\npetit d--755 0 0\nf ---644 0 0 ${tree}/short\n$\ngrand d--755 0 0\n${many.join('\n')}\n$\n$\n`.replace(
          '---4640',
          '-u-640',
        ),
      );
      const image = join(exports, '2026-03-01.raw');
      writeFileSync(image, '');
      truncateSync(image, 320 * 2 ** 20);
      run('mkfs.xfs', ['-q', '-f', '-m', sums, '-p', join(tree, 'proto'), image]);
      const into = await ground.into();
      expect(await source.restore('2026-03-01.raw', into, work)).toMatchObject({
        ok: true,
        value: {
          files: 502,
          problems: [],
          leftOut: expect.arrayContaining([{ path: 'tube', reason: expect.stringContaining('pipe') }]),
        },
      });
      expect(readFileSync(join(into, 'gros')).equals(content)).toBe(true);
      expect(lstatSync(join(into, 'gros')).mode & 0o7777).toBe(0o4640);
      expect(readlinkSync(join(into, 'lien'))).toBe('/etc/passwd');
      expect(readdirSync(join(into, 'grand')).toSorted()).toEqual(many.map((line) => line.split(' ')[0]).toSorted());
      expect(readFileSync(join(into, 'grand', 'numéro-499'), 'utf8')).toBe('x');
    },
  );

  it('an image cut short; one written while it is read; one with a damaged partition table, whose copy at the end is read', async () => {
    const { exports, tree, source } = place();
    laidOut(tree, { a: Buffer.alloc(3_000_000, 1) });
    ext(`${tree}-1`, tree);
    const image = join(exports, '2026-03-01.raw');
    partitioned(image, 'gpt', [`${tree}-1`]);
    put(image, 512, Buffer.alloc(512));
    expect(await source.restore('2026-03-01.raw', await ground.into(), work)).toMatchObject({ ok: true });
    const writing: Work = { ...work, progress: () => utimesSync(image, 1, 1) };
    expect(await source.restore('2026-03-01.raw', await ground.into(), writing)).toMatchObject({
      ok: false,
      refusal: { code: 'backup-changing', retryable: true },
    });
    converted(image, join(exports, '2026-03-02.qcow2'), 'qcow2');
    truncateSync(join(exports, '2026-03-02.qcow2'), 2_000_000);
    expect(await source.restore('2026-03-02.qcow2', await ground.into(), work)).toMatchObject({
      ok: false,
      refusal: { code: 'backup-damaged' },
    });
    renameSync(join(exports, '2026-03-02.qcow2'), join(exports, '2026-03-02.vmdk'));
    truncateSync(join(exports, '2026-03-02.vmdk'), 300);
    expect(await source.restore('2026-03-02.vmdk', await ground.into(), work)).toMatchObject({ ok: false });
  });

  it('a disk with too little room is told before anything is written', async () => {
    const { exports, tree } = place();
    laidOut(tree, { a: Buffer.from('x') });
    ext(join(exports, '2026-03-01.raw'), tree);
    const into = await ground.into();
    expect(await new DisksSource({ folder: exports }, 2 ** 60).restore('2026-03-01.raw', into, work)).toMatchObject({
      ok: false,
      refusal: { code: 'disk-full' },
    });
    expect(readdirSync(into)).toEqual([]);
  });
});

describe.skipIf(lacking)('formats as QEMU writes them', () => {
  const formats: [string, string, string[]][] = [
    ['qcow2 of version 2', 'qcow2', ['-o', 'compat=0.10']],
    ['qcow2 compressed with zstd', 'qcow2', ['-c', '-o', 'compression_type=zstd']],
    ['qcow2 with clusters of 4 KiB', 'qcow2', ['-o', 'cluster_size=4k']],
    ...['monolithicSparse', 'monolithicFlat', 'twoGbMaxExtentFlat', 'streamOptimized'].map(
      (kind): [string, string, string[]] => [`VMDK ${kind}`, 'vmdk', ['-o', `subformat=${kind}`]],
    ),
    ['VHDX fixed', 'vhdx', ['-o', 'subformat=fixed']],
  ];
  it.each(formats)('%s', async (_name, format, options) => {
    const { exports, tree, source } = place();
    const content = Buffer.from(Array.from({ length: 300_001 }, (_none, index) => (index * 17) % 251));
    laidOut(tree, { f: content, trous: Buffer.alloc(200_000) });
    ext(join(exports, 'scratch'), tree);
    const name = `2026-03-01.${format}`;
    converted(join(exports, 'scratch'), join(exports, name), format, options);
    const into = await ground.into();
    expect(await source.restore(name, into, work)).toMatchObject({ ok: true, value: { files: 2 } });
    expect(readFileSync(join(into, 'f')).equals(content)).toBe(true);
  });
});
