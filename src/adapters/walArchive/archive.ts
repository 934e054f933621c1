import { writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { accept, type Refusing, type Result, refuse } from '../../journal/result.ts';
import type { Work } from '../../restore/ports.ts';
import { interrupted } from '../backupTree/refusals.ts';
import { readSegment, type Segment, segmentAt } from './records.ts';

/** Where a cluster's write-ahead log is kept, segment by segment. */
export interface WalArchive {
  place: string;
  /** Names of whole segments (24 hexadecimal digits) of one timeline, in their order. */
  segments(timeline: number, work: Work): Promise<Result<string[]>>;
  /** A segment as PostgreSQL wrote it: opened, unpacked, checked where there is something to check it by. */
  read(name: string, work: Work): Promise<Result<Buffer>>;
}

/** What of the log a base backup needs. */
export interface Replay {
  timeline: number;
  /** Where recovery begins, and where the base is whole. */
  start: bigint;
  end: bigint;
  /** Milliseconds since 1970; null for the base itself. */
  moment: number | null;
}

/** Segments looked into for the last end of a transaction: a hospital at night writes some every minute. */
const LOOKED_INTO_MAX = 8;

/** The last moment that recovery can stop at: just before the last transaction that the archive holds. */
export async function lastMoment(archive: WalArchive, timeline: number, work: Work): Promise<string | undefined> {
  const names = await archive.segments(timeline, work);
  if (!names.ok) return undefined;
  for (const name of names.value.slice(-LOOKED_INTO_MAX).toReversed()) {
    const read = await archive.read(name, work);
    const last = read.ok ? readSegment(read.value)?.ends.at(-1) : undefined;
    // Recovery stops before the first transaction that ended later than the moment asked for: there must be one.
    if (last !== undefined) return new Date(Math.floor(last.time) - 1).toISOString();
  }
  return undefined;
}

/** Whether a base made at `time` can be brought to a moment: asked before any of it is read. */
export async function reachable(
  archive: WalArchive,
  { timeline, time, moment }: { timeline: number; time: string; moment: number | null },
  work: Work,
): Promise<Result<void>> {
  if (moment === null) return accept(undefined);
  if (moment < Date.parse(time))
    return momentUnknown(archive.place, { moment }, 'the base backup was not finished then');
  const until = await lastMoment(archive, timeline, work);
  return until !== undefined && moment <= Date.parse(until)
    ? accept(undefined)
    : momentUnknown(archive.place, { moment }, 'no transaction in the archive ended later');
}

/** Writes into `folder` (a cluster's `pg_wal`) the segments from the start of a base to the moment asked for, and no more. */
export async function laySegments(
  archive: WalArchive,
  replay: Replay,
  folder: string,
  work: Work,
): Promise<Result<{ files: number; bytes: number }>> {
  const names = await archive.segments(replay.timeline, work);
  if (!names.ok) return names;
  const laid = { files: 0, bytes: 0 };
  let expected: string | undefined;
  for (const name of names.value) {
    if (work.signal.aborted) return interrupted(archive.place);
    if (expected === undefined && !couldHold(name, replay)) continue;
    if (expected !== undefined && name !== expected) return gap(archive.place, expected);
    const read = await archive.read(name, work);
    if (!read.ok) return read;
    const segment = readSegment(read.value);
    if (segment === undefined) return notWal(archive.place, name);
    const after = segment.start + BigInt(segment.bytes);
    if (expected === undefined && after <= replay.start) continue;
    if (expected === undefined && segment.start > replay.start)
      return gap(archive.place, segmentAt(replay.timeline, replay.start, segment.bytes));
    expected = segmentAt(replay.timeline, after, segment.bytes);
    const tooEarly = stopsEarly(segment, replay);
    if (tooEarly) return momentUnknown(archive.place, replay, 'the base backup was not finished then');
    await writeFile(join(folder, name), read.value, { mode: 0o600 });
    laid.files += 1;
    laid.bytes += read.value.length;
    if (reaches(segment, replay, after)) return accept(laid);
  }
  if (expected === undefined) return gap(archive.place, `timeline ${replay.timeline}`);
  return replay.moment === null
    ? gap(archive.place, expected)
    : momentUnknown(archive.place, replay, 'no transaction in the archive ended later');
}

/** A segment's number grows with its name; 16 MB and less to a segment, whatever the cluster's own size is. */
const couldHold = (name: string, { start }: Replay): boolean => BigInt(`0x${name.slice(8, 16)}`) >= start >> 32n;

const stopsEarly = ({ ends }: Segment, { moment, end }: Replay): boolean =>
  moment !== null && ends.some(({ time, position }) => time > moment && position < end);

const reaches = ({ ends }: Segment, { moment, end }: Replay, after: bigint): boolean =>
  moment === null ? after >= end : after >= end && ends.some(({ time }) => time > moment);

const gap = (place: string, name: string): Refusing =>
  refuse('backup-damaged', 'The archive of the write-ahead log lacks a part that this backup needs.', {
    where: place,
    expected: `the segment ${name}`,
    kept: 'The base backup itself may be whole.',
    cure: 'Try an older or a newer backup, or look for this segment on the server that archives.',
  });

const notWal = (place: string, name: string): Refusing =>
  refuse('backup-damaged', 'A part of the archive is no write-ahead log.', {
    where: `${place} ${name}`,
    expected: 'a segment as PostgreSQL writes it',
    kept: 'Nothing after it was read.',
    cure: 'Ask for a moment before it, or look for another copy of this segment.',
  });

const momentUnknown = (place: string, { moment }: Pick<Replay, 'moment'>, why: string): Refusing =>
  refuse('snapshot-unknown', 'This backup cannot be brought to that moment.', {
    where: `${place} ${moment === null ? '' : new Date(moment).toISOString()}`,
    expected: 'a moment between the backup’s own and the last one listed for it',
    kept: `Nothing was started: ${why}.`,
    cure: 'Ask for a moment the list of backups gives.',
  });
