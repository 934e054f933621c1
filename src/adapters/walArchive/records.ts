/** One end of a transaction in the write-ahead log: a moment at which recovery can stop. */
export interface TransactionEnd {
  /** Milliseconds since 1970, with the microseconds as a fraction. */
  time: number;
  /** Where its record begins. */
  position: bigint;
}

/** access/xlog_internal.h: XLogPageHeaderData, XLogLongPageHeaderData, and their bits. */
const PAGE_HEADER = 24;
const LONG_PAGE_HEADER = 40;
const LONG = 2;
const CONTINUES = 1;
/** access/xlogrecord.h: XLogRecord; the marks that stand before its main data. */
const RECORD_HEADER = 24;
const DATA_SHORT = 255;
const DATA_LONG = 254;
const ORIGIN = 253;
const TOP_TRANSACTION = 252;
/** access/rmgrlist.h and access/xact.h: the ends of transactions, plain and prepared. */
const TRANSACTION_MANAGER = 1;
const OPERATION = 0x70;
const ENDS: ReadonlySet<number> = new Set([0x00, 0x20, 0x30, 0x40]);
/** datatype/timestamp.h: PostgreSQL counts from 2000. */
const EPOCH_MILLISECONDS = Date.UTC(2000, 0, 1);
const PAGE_BYTES_MAX = 65_536;

export interface Segment {
  start: bigint;
  bytes: number;
  ends: TransactionEnd[];
}

/**
 * The ends of transactions in one segment of the write-ahead log, in their order; undefined where it is none. A record that
 * begins or ends in another segment is not seen. PostgreSQL 9.5 to 17, as written on machines of little end first.
 */
export function readSegment(segment: Buffer): Segment | undefined {
  if (segment.length < LONG_PAGE_HEADER || (segment.readUInt16LE(2) & LONG) === 0) return undefined;
  const start = segment.readBigUInt64LE(8);
  const bytes = segment.readUInt32LE(32);
  const pageBytes = segment.readUInt32LE(36);
  if (pageBytes < 1024 || pageBytes > PAGE_BYTES_MAX || pageBytes % 8 !== 0 || bytes < pageBytes) return undefined;
  const pages: { stream: number; at: number }[] = [];
  const parts: Buffer[] = [];
  let length = 0;
  for (let at = 0; at + pageBytes <= segment.length; at += pageBytes) {
    // A page of an older use of this file ends what was written.
    if (segment.readUInt16LE(at) !== segment.readUInt16LE(0) || segment.readBigUInt64LE(at + 8) !== start + BigInt(at))
      break;
    const header = at === 0 ? LONG_PAGE_HEADER : PAGE_HEADER;
    pages.push({ stream: length, at: at + header });
    parts.push(segment.subarray(at + header, at + pageBytes));
    length += pageBytes - header;
  }
  const stream = Buffer.concat(parts);
  const before = (segment.readUInt16LE(2) & CONTINUES) === 0 ? 0 : aligned(segment.readUInt32LE(16));
  const ends: TransactionEnd[] = [];
  let page = 0;
  for (let at = before; at + RECORD_HEADER <= stream.length; ) {
    const total = stream.readUInt32LE(at);
    if (total < RECORD_HEADER || at + total > stream.length) break;
    const time = endOf(stream.subarray(at, at + total));
    if (time !== undefined) {
      while ((pages[page + 1]?.stream ?? Number.POSITIVE_INFINITY) <= at) page += 1;
      const place = pages[page] ?? { stream: 0, at: 0 };
      ends.push({ time, position: start + BigInt(place.at + at - place.stream) });
    }
    at += aligned(total);
  }
  return { start, bytes, ends };
}

const aligned = (bytes: number): number => (bytes + 7) & ~7;

function endOf(record: Buffer): number | undefined {
  if (record.readUInt8(17) !== TRANSACTION_MANAGER || !ENDS.has(record.readUInt8(16) & OPERATION)) return undefined;
  let at = RECORD_HEADER;
  while (at + 2 <= record.length) {
    const mark = record.readUInt8(at);
    if (mark === ORIGIN) at += 3;
    else if (mark === TOP_TRANSACTION) at += 5;
    else if (mark === DATA_SHORT || mark === DATA_LONG) {
      const data = at + (mark === DATA_SHORT ? 2 : 5);
      if (data + 8 > record.length) return undefined;
      return EPOCH_MILLISECONDS + Number(record.readBigInt64LE(data)) / 1000;
    } else return undefined;
  }
  return undefined;
}

/** The position of `0/A00100`. */
export function positionOf(text: string): bigint | undefined {
  const [, high, low] = /^([0-9A-F]{1,8})\/([0-9A-F]{1,8})$/i.exec(text) ?? [];
  return high === undefined || low === undefined ? undefined : (BigInt(`0x${high}`) << 32n) + BigInt(`0x${low}`);
}

/** The name of the segment that holds a position, in a timeline. */
export function segmentAt(timeline: number, position: bigint, segmentBytes: number): string {
  const number = position / BigInt(segmentBytes);
  const perFile = 0x1_0000_0000n / BigInt(segmentBytes);
  const hex = (value: bigint) => value.toString(16).toUpperCase().padStart(8, '0');
  return `${hex(BigInt(timeline))}${hex(number / perFile)}${hex(number % perFile)}`;
}
