import { readFileSync, rmSync } from 'node:fs';
import { join } from 'node:path';
import { backupSourceContract, type contractNights } from '../../restore/backupSource.contract.ts';
import { SourceGround } from '../files/ground.ts';
import { converted, ext, laidOut, lvm, missing, partitioned, put } from './fixtures/images.ts';
import { DisksSource } from './source.ts';

type Nights = typeof contractNights;

/** A source of nights, each made by `make` from a folder of its tree; its name for a time is `nameOf`. */
function contract(
  name: string,
  needs: Parameters<typeof missing>,
  nameOf: (time: string) => string,
  make: (image: string, folder: string, scratch: string) => void,
  damage: (image: string) => void,
): void {
  backupSourceContract(name, async (nights: Nights) => {
    const cannot = missing(...needs);
    if (cannot !== undefined) return { cannot };
    const ground = new SourceGround();
    const place = join(ground.folder, 'exports');
    laidOut(place, {});
    for (const { time, tree } of nights) {
      const folder = join(ground.folder, 'tree');
      laidOut(folder, tree);
      make(join(place, nameOf(time)), folder, join(ground.folder, 'scratch'));
      rmSync(folder, { recursive: true });
    }
    return {
      source: new DisksSource({ folder: place }),
      elsewhere: new DisksSource({ folder: join(ground.folder, 'not-mounted') }),
      into: ground.into,
      read: ground.read,
      damage: async (night) => damage(join(place, nameOf(nights[night]?.time ?? ''))),
      fingerprint: () => ground.fingerprint(place),
      end: async () => ground.remove(),
    };
  });
}

const compact = (time: string) => time.replace(/:30:00.000Z$/, '30');

/** Bytes at a distance from where a name stands in the image: its entry in the folder is not what the checksum says. */
const inFirst = (mark: string, change: number) => (image: string) => {
  const at = readFileSync(image).indexOf(mark);
  put(image, at + change, Buffer.of(0xff, 0xff));
};

contract(
  'ext4 on a whole raw disk',
  ['mke2fs'],
  (time) => `dpi-${compact(time)}.raw`,
  (image, folder) => ext(image, folder),
  inFirst('2619_vm', -6),
);

contract(
  'ext4 in a GPT in qcow2, compressed',
  ['mke2fs', 'qemu-img', 'sfdisk'],
  (time) => `dpi_${compact(time).replaceAll('-', '')}.qcow2`,
  (image, folder, scratch) => {
    ext(`${scratch}.part`, folder);
    partitioned(scratch, 'gpt', [`${scratch}.part`]);
    converted(scratch, image, 'qcow2', ['-c']);
  },
  (image) => put(image, 70_000, Buffer.alloc(200_000, 1)),
);

contract(
  'ext3 in an MBR in VMDK, a folder a night',
  ['mke2fs', 'qemu-img', 'sfdisk'],
  (time) => compact(time),
  (image, folder, scratch) => {
    ext(`${scratch}.part`, folder, ['-t', 'ext3']);
    partitioned(scratch, 'dos', [`${scratch}.part`]);
    converted(scratch, join(image, 'disk.vmdk'), 'vmdk', ['-o', 'subformat=twoGbMaxExtentSparse']);
  },
  (image) => put(join(image, 'disk-s001.vmdk'), 512, Buffer.alloc(60_000, 0xff)),
);

contract(
  'ext4 in a logical volume in VHDX',
  ['mke2fs', 'qemu-img'],
  (time) => `${compact(time)} dpi.vhdx`,
  (image, folder, scratch) => {
    ext(`${scratch}.part`, folder);
    lvm(scratch, { root: `${scratch}.part` });
    converted(scratch, image, 'vhdx');
  },
  (image) => put(image, (1 << 20) * 2, Buffer.alloc(1 << 20, 7)),
);
