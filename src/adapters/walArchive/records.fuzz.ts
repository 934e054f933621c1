import { readSegment } from './records.ts';

/** One page of a log with one commit in it: what PostgreSQL writes, as small as it gets. */
function seed(): Uint8Array {
  const page = Buffer.alloc(8192);
  page.writeUInt16LE(0xd110, 0);
  page.writeUInt16LE(2, 2);
  page.writeUInt32LE(1, 4);
  page.writeBigUInt64LE(0x700000n, 8);
  page.writeUInt32LE(1024 * 1024, 32);
  page.writeUInt32LE(8192, 36);
  page.writeUInt32LE(34, 40);
  page.writeUInt8(1, 57);
  page.writeUInt8(255, 64);
  page.writeUInt8(8, 65);
  page.writeBigInt64LE(800_000_000_000_000n, 66);
  return page;
}

/** What may stand in an archive of PostgreSQL's log. */
export const fuzz = {
  name: 'write-ahead log',
  seeds: (): Uint8Array[] => [seed()],
  run(input: Uint8Array): void {
    const segment = readSegment(Buffer.from(input));
    for (const { time, position } of segment?.ends ?? []) {
      if (Number.isNaN(time)) throw new Error('an end without its time');
      if (segment === undefined || position < segment.start) throw new Error('a record before its segment');
    }
  },
};
