import { NotRead } from '../faults.ts';
import type { Bytes } from '../image/bytes.ts';
import { openExt } from './ext/ext.ts';
import { isFat, openFat } from './fat/fat.ts';
import type { DiskFileSystem } from './fileSystem.ts';
import { openNtfs } from './ntfs/ntfs.ts';
import { openXfs } from './xfs/xfs.ts';

/** Enough for the first marks of what is known by name. */
const HEAD_BYTES = 0x10000 + 4096;

export const UNKNOWN = 'content of a kind that is not known here';

interface Mark {
  at: number;
  text: string;
  what: string;
}

/** What is known and not read: said by its name. */
const others: readonly Mark[] = [
  { at: 0, text: 'LUKS\xba\xbe', what: 'a volume encrypted with LUKS' },
  { at: 3, text: '-FVE-FS-', what: 'a volume encrypted with BitLocker' },
  { at: 3, text: 'EXFAT   ', what: 'an exFAT file system' },
  { at: 3, text: 'ReFS\0\0\0\0', what: 'a ReFS file system' },
  { at: 0x10040, text: '_BHRfS_M', what: 'a btrfs file system' },
  { at: 32, text: 'NXSB', what: 'an APFS container' },
  { at: 1024, text: 'H+\0\x04', what: 'an HFS+ file system' },
  { at: 0x8001, text: 'CD001', what: 'an ISO 9660 image' },
  { at: 0x1000, text: '\xfc\x4e\x2b\xa9', what: 'one disk of a Linux software RAID' },
  { at: 0, text: '\xfc\x4e\x2b\xa9', what: 'one disk of a Linux software RAID' },
];

/** The file system that begins here; undefined where none is expected: swap, or nothing but zeros at its head. */
export async function recognised(bytes: Bytes): Promise<DiskFileSystem | undefined> {
  const head = await bytes.read(0, Math.min(HEAD_BYTES, bytes.size));
  const has = ({ at, text }: Pick<Mark, 'at' | 'text'>) => head.toString('latin1', at, at + text.length) === text;
  if (has({ at: 1080, text: '\x53\xef' })) return openExt(bytes);
  if (has({ at: 0, text: 'XFSB' })) return openXfs(bytes);
  if (has({ at: 3, text: 'NTFS    ' })) return openNtfs(bytes);
  if (head.length >= 512 && isFat(head)) return openFat(bytes);
  const other = others.find(has);
  if (other)
    throw new NotRead(
      other.what,
      'Back up its files from inside the machine, or export it without encryption in a format that is read.',
    );
  if (has({ at: 4086, text: 'SWAPSPACE2' }) || head.every((byte) => byte === 0)) return undefined;
  throw new NotRead(UNKNOWN, 'Name the volume wanted, if it is another one.');
}
