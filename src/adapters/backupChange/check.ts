import { z } from 'zod';
import { checkKind } from '../../detect/checks.ts';
import { atMost, type Condition, holds, judge, unanswered } from '../../detect/conditions.ts';
import type { Finding, Sign } from '../../detect/observation.ts';
import type { BackupDifference, BackupHistory, BackupNight, CheckEdge } from '../../detect/ports.ts';
import { unable } from '../http/access.ts';

const Ratio = z.number().min(0).max(1);
const Limits = z.strictObject({
  newestHoursMax: z.number().positive().optional(),
  changedRatioMax: Ratio.optional(),
  removedRatioMax: Ratio.optional(),
  /** Of the newest to the median of the nights before. */
  sizeRatioMin: z.number().min(0).optional(),
  sizeRatioMax: z.number().positive().optional(),
});
type Limits = z.output<typeof Limits>;

/** Fewer files than that changed or gone are a day's work, whatever their share of a small folder. */
const MASS_FILES = 10;

/**
 * What last night's backup says of the data: encrypted files are all new to it. Shares are counted in files against the
 * night before; proposals (P) to be set per source, a database that rewrites its files every day needs wider ones.
 */
export const backupChangeCheck = checkKind({
  kind: 'backupChange',
  worst: 'degraded',
  evidence: 'backup',
  defaults: { every: '1h', timeout: '5m', flap: { downAfter: 1, upAfter: 1 } },
  settings: {
    source: z.union([
      z.string().min(1),
      z.strictObject({ kind: z.literal('restic'), repository: z.string().min(1), password: z.string().min(1) }),
    ]),
    /** Earlier nights whose sizes the newest is held against. */
    nights: z.number().int().min(1).max(30).default(7),
    expect: Limits.prefault({}).transform(
      (limits): Limits => ({
        changedRatioMax: 0.5,
        removedRatioMax: 0.3,
        sizeRatioMin: 0.5,
        sizeRatioMax: 2,
        ...limits,
      }),
    ),
    warn: Limits.prefault({}).transform((limits): Limits => ({ newestHoursMax: 26, ...limits })),
  },
  ask({ source, nights: earlier, expect, warn }, edge: CheckEdge) {
    return async (signal) => {
      const history = edge.backup(source);
      if (history === undefined)
        return unanswered('noAnswer', 'backup-source-unknown', typeof source === 'string' ? source : source.kind);
      const nights = await history.nights(signal);
      if (!nights.ok)
        return nights.refusal.code === 'backup-damaged' ? unanswered('fail', 'backup-damaged', '') : unable(nights);
      const newest = nights.value.at(-1);
      if (newest === undefined) return unanswered('fail', 'backup-none', 'no snapshot');
      const seen = await look(history, newest, nights.value.slice(-1 - earlier, -1), signal);
      if (!seen.ok) return unanswered('fail', 'backup-damaged', '');
      const newestHours = (edge.clock.now() - Date.parse(newest.time)) / 3_600_000;
      return judged({ ...seen.value, newestHours, nights: nights.value.length }, expect, warn);
    };
  },
});

interface Looked {
  difference: BackupDifference | null;
  bytes: number;
  medianBytes: number | null;
}

async function look(history: BackupHistory, newest: BackupNight, before: readonly BackupNight[], signal: AbortSignal) {
  const sizes: number[] = [];
  for (const night of [newest, ...before]) {
    const size =
      night.bytes === null ? await history.size(night, signal) : { ok: true as const, value: { bytes: night.bytes } };
    if (!size.ok) return size;
    sizes.push(size.value.bytes);
  }
  const [bytes = 0, ...earlier] = sizes;
  const last = before.at(-1);
  const difference = last === undefined ? undefined : await history.compare(last, newest, signal);
  if (difference?.ok === false) return difference;
  return {
    ok: true as const,
    value: { difference: difference?.value ?? null, bytes, medianBytes: median(earlier) } satisfies Looked,
  };
}

function judged(seen: Looked & { newestHours: number; nights: number }, expect: Limits, warn: Limits): Finding {
  const { difference, bytes, medianBytes, nights } = seen;
  const total = difference === null ? 0 : difference.removed + difference.changed + difference.unchanged;
  const share = (files: number | undefined) => (total === 0 || files === undefined ? 0 : round(files / total));
  const measured = {
    nights,
    newestHours: round(seen.newestHours),
    bytes,
    medianBytes,
    sizeRatio: medianBytes === null || medianBytes === 0 ? null : round(bytes / medianBytes),
    changedRatio: difference === null ? null : share(difference.changed),
    removedRatio: difference === null ? null : share(difference.removed),
    addedFiles: difference?.added ?? null,
    changedFiles: difference?.changed ?? null,
    removedFiles: difference?.removed ?? null,
  };
  const held = (limits: Limits): Condition[] => [
    ...massive(
      difference?.changed,
      atMost('changedRatioMax', limits.changedRatioMax, measured.changedRatio, 'backup-mass-change'),
    ),
    ...massive(
      difference?.removed,
      atMost('removedRatioMax', limits.removedRatioMax, measured.removedRatio, 'backup-mass-removal'),
    ),
    ...(measured.sizeRatio === null ? [] : sized(limits, measured.sizeRatio)),
    ...atMost('newestHoursMax', limits.newestHoursMax, measured.newestHours, 'backup-missing-night'),
  ];
  const found = judge(measured, { expect: held(expect), warn: held(warn) });
  const sign = found.verdict === 'fail' ? signOf(found.code) : undefined;
  return sign === undefined ? found : { ...found, sign };
}

const massive = (files: number | undefined, conditions: Condition[]): Condition[] =>
  (files ?? 0) < MASS_FILES ? [] : conditions;

function sized({ sizeRatioMin = 0, sizeRatioMax = Number.POSITIVE_INFINITY }: Limits, ratio: number): Condition[] {
  return [
    holds('sizeRatioMin', `at least ${sizeRatioMin}`, String(ratio), ratio >= sizeRatioMin, 'backup-shrunk'),
    holds('sizeRatioMax', `at most ${sizeRatioMax}`, String(ratio), ratio <= sizeRatioMax, 'backup-grown'),
  ];
}

const signs: { [code: string]: Sign } = {
  'backup-mass-change': 'massChange',
  'backup-mass-removal': 'massChange',
  'backup-shrunk': 'backupAnomaly',
  'backup-grown': 'backupAnomaly',
};
const signOf = (code: string): Sign | undefined => signs[code];

function median(values: readonly number[]): number | null {
  const sorted = values.toSorted((one, other) => one - other);
  const middle = sorted[Math.floor(sorted.length / 2)];
  return middle === undefined ? null : middle;
}

const round = (value: number): number => Math.round(value * 1000) / 1000;
