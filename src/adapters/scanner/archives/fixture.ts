import { crc32, deflateRawSync } from 'node:zlib';

/** One member of a made archive, which may claim what it is not. */
export interface Made {
  name: string | Buffer;
  content?: Buffer;
  /** As it lies in the archive, where it is not the content deflated. */
  packed?: Buffer;
  claimedBytes?: number;
  isEncrypted?: boolean;
  /** Of another member, by its place, with a name as long: both lie in the same bytes. */
  sameAs?: number;
}

/** A ZIP (APPNOTE 6.3.10), with 64-bit sizes where they are needed. */
export function zipped(...members: Made[]): Buffer {
  const [locals, centrals]: [Buffer[], Buffer[]] = [[], []];
  const made: { offset: number; shared: Buffer }[] = [];
  let at = 0;
  for (const { name, content = Buffer.of(), packed, claimedBytes = content.length, isEncrypted, sameAs } of members) {
    const path = Buffer.from(name);
    const other = made[sameAs ?? -1];
    if (other !== undefined) {
      centrals.push(centralEntry(other.shared, other.offset, path, Buffer.of()));
      continue;
    }
    const lying = packed ?? deflateRawSync(content);
    const isLong = claimedBytes >= 0xffff_ffff;
    const extra = Buffer.alloc(isLong ? 12 : 0);
    if (isLong) {
      extra.writeUInt32LE(0x0008_0001, 0);
      extra.writeBigUInt64LE(BigInt(claimedBytes), 4);
    }
    const shared = Buffer.alloc(26);
    shared.writeUInt16LE(isLong ? 45 : 20, 0);
    shared.writeUInt16LE(isEncrypted === true ? 1 : 0, 2);
    shared.writeUInt16LE(8, 4);
    shared.writeUInt32LE(crc32(content), 10);
    shared.writeUInt32LE(lying.length, 14);
    shared.writeUInt32LE(isLong ? 0xffff_ffff : claimedBytes, 18);
    shared.writeUInt16LE(path.length, 22);
    const local = Buffer.concat([Buffer.from('PK\x03\x04'), shared, path, lying]);
    made.push({ offset: at, shared: Buffer.from(shared) });
    shared.writeUInt16LE(extra.length, 24);
    centrals.push(centralEntry(shared, at, path, extra));
    locals.push(local);
    at += local.length;
  }
  const central = Buffer.concat(centrals);
  const end = Buffer.alloc(22);
  end.write('PK\x05\x06');
  end.writeUInt16LE(members.length, 8);
  end.writeUInt16LE(members.length, 10);
  end.writeUInt32LE(central.length, 12);
  end.writeUInt32LE(at, 16);
  return Buffer.concat([...locals, central, end]);
}

function centralEntry(shared: Buffer, offset: number, path: Buffer, extra: Buffer): Buffer {
  const rest = Buffer.alloc(14);
  rest.writeUInt32LE(offset, 10);
  return Buffer.concat([Buffer.from('PK\x01\x02'), Buffer.of(45, 0), shared, rest, path, extra]);
}

/** One entry of a tar (POSIX ustar); `kind` 0 is a file, 1 and 2 links, 3 a device. */
export function tarEntry(name: string | Buffer, content: Buffer, kind = '0', claimedBytes = content.length): Buffer {
  const head = Buffer.alloc(512);
  Buffer.from(name).copy(head);
  head.write(`${claimedBytes.toString(8).padStart(11, '0')}\0`, 124);
  head.write(kind, 156);
  if (kind !== '0') head.write('/etc/passwd', 157);
  head.write('ustar\x0000', 257);
  head.fill(' ', 148, 156);
  head.write(
    `${head
      .reduce((sum, byte) => sum + byte, 0)
      .toString(8)
      .padStart(6, '0')}\0`,
    148,
  );
  return Buffer.concat([head, content, Buffer.alloc((512 - (content.length % 512)) % 512)]);
}

export const tarred = (...entries: Buffer[]): Buffer => Buffer.concat([...entries, Buffer.alloc(1024)]);
