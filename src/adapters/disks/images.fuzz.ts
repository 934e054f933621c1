import { mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { Damaged, isDamage, NotRead } from './faults.ts';
import { type DiskFileSystem, STRETCH_BYTES } from './fileSystem/fileSystem.ts';
import { converted, ext, laidOut, missing, partitioned, run } from './fixtures/images.ts';
import { type Bytes, MemoryBytes } from './image/bytes.ts';
import { isQcow2, openQcow2 } from './image/qcow2.ts';
import { isVhdx, openVhdx } from './image/vhdx.ts';
import { isVmdkExtent, openVmdk } from './image/vmdk.ts';
import { volumesOf } from './volume/volumes.ts';

/** One input walks no more than this: what goes on and on is as bad as a crash, and the harness sees it only by its time. */
const thingsMax = 300;
const bytesMax = 4 * 1024 * 1024;

/** Images that real programs wrote, and where they hold something: what is changed there is read by somebody. */
let written: { image: Buffer; filled: Uint32Array }[] | undefined;

/**
 * Disks written by whoever held the machine. An input names one of the images (its first byte), then what is changed of it: an index among
 * its bytes that are not zero (two bytes) and what that byte is combined with (one). Where no program writes images, the input is the disk.
 */
export const fuzz = {
  name: 'virtual disk',
  seeds(): Uint8Array[] {
    const plain = Buffer.alloc(1024);
    plain.write('NTFS    ', 3, 'latin1');
    return [
      ...images().map((_, kind) => Buffer.of(kind)),
      ...images().map((_, kind) => Buffer.of(kind, 0, 40, 255, 0, 90, 1, 1, 0, 128)),
      plain,
    ];
  },
  async run(input: Uint8Array): Promise<void> {
    try {
      const bytes = await diskOf(Buffer.from(input));
      for (const { fileSystem } of await volumesOf([{ name: 'disk', bytes }]))
        if (fileSystem !== undefined) await walked(fileSystem);
    } catch (error) {
      if (!isDamage(error) && !(error instanceof NotRead)) throw error;
    }
  },
};

async function diskOf(input: Buffer): Promise<Bytes> {
  const known = images();
  const base = known[(input[0] ?? 0) % Math.max(1, known.length)];
  if (base === undefined) return new MemoryBytes(input);
  const image = Buffer.from(base.image);
  for (let at = 1; at + 3 <= input.length; at += 3) {
    const place = base.filled[input.readUInt16LE(at) % base.filled.length] ?? 0;
    image[place] = (image[place] ?? 0) ^ (input[at + 2] ?? 0);
  }
  const file = new MemoryBytes(image);
  const nothingBelow = async (): Promise<Bytes> => {
    throw new Damaged('nothing stands beside it');
  };
  const head = image.subarray(0, 512);
  if (isQcow2(head)) return openQcow2(file, nothingBelow);
  if (isVhdx(head)) return openVhdx(file);
  return isVmdkExtent(head) ? openVmdk(file, nothingBelow, nothingBelow) : file;
}

async function walked(fileSystem: DiskFileSystem): Promise<void> {
  const waiting = [fileSystem.root];
  let [things, bytes] = [0, 0];
  for (let id = waiting.pop(); id !== undefined && things < thingsMax; id = waiting.pop(), things += 1) {
    try {
      const node = await fileSystem.node(id);
      if (node.kind === 'folder')
        for await (const entry of fileSystem.entries(node)) {
          if (entry.name.length === 0) throw new Error('a thing without a name');
          if (waiting.push(entry.id) > thingsMax) break;
        }
      if (node.kind === 'link') await fileSystem.target(node);
      if (node.kind !== 'file') continue;
      for await (const { at, data } of fileSystem.content(node)) {
        if (data.length > STRETCH_BYTES) throw new Error('a stretch longer than any');
        if (at < 0 || at + data.length > node.bytes) throw new Error('a stretch beyond the end of its file');
        bytes += data.length;
        if (bytes > bytesMax) return;
      }
    } catch (error) {
      if (!isDamage(error)) throw error;
    }
  }
}

function images(): NonNullable<typeof written> {
  if (written !== undefined) return written;
  if (missing('mke2fs', 'mkfs.vfat', 'mkntfs', 'qemu-img', 'sfdisk') !== undefined) return [];
  const folder = mkdtempSync(join(tmpdir(), 'reflexe-fuzz-disks-'));
  const made = (name: string) => join(folder, name);
  try {
    const tree = made('tree');
    laidOut(tree, {
      'base/16384/2619': Buffer.alloc(9000, 'rows of a table, '),
      'comptes-rendus/été.txt': Buffer.from('compte rendu'),
      'vide.txt': Buffer.alloc(0),
    });
    ext(made('ext2'), tree, ['-t', 'ext2', '-b', '1024'], 1);
    ext(made('ext4'), tree, ['-t', 'ext4', '-b', '1024', '-O', '^metadata_csum'], 2);
    for (const [name, format, options] of [
      ['qcow2', 'qcow2', ['-o', 'cluster_size=4096']],
      ['vhdx', 'vhdx', ['-o', 'block_size=1048576']],
      ['vmdk', 'vmdk', ['-o', 'subformat=streamOptimized']],
    ] as const) {
      ext(made('raw'), tree, ['-t', 'ext2', '-b', '1024'], 1);
      converted(made('raw'), made(name), format, options);
    }
    ext(made('part'), tree, ['-t', 'ext2', '-b', '1024'], 1);
    partitioned(made('gpt'), 'gpt', [made('part')]);
    writeFileSync(made('fat'), Buffer.alloc(256 * 1024));
    run('mkfs.vfat', [made('fat')]);
    writeFileSync(made('ntfs'), Buffer.alloc(2 * 1024 * 1024));
    run('mkntfs', ['-q', '-Q', '-F', '-s', '512', '-p', '0', '-H', '0', '-S', '0', made('ntfs')]);
    written = ['ext2', 'ext4', 'fat', 'ntfs', 'gpt', 'qcow2', 'vhdx', 'vmdk'].map((name) => {
      const image = readFileSync(made(name));
      const filled: number[] = [];
      for (const [at, byte] of image.entries()) if (byte !== 0) filled.push(at);
      return { image, filled: Uint32Array.from(filled) };
    });
    return written;
  } finally {
    rmSync(folder, { recursive: true, force: true });
  }
}
