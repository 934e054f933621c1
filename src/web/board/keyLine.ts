import type { Band } from '../../map/care.ts';
import * as format from '../../words/format.ts';
import type { Speech } from '../words/Words.tsx';
import { overdue } from './geometry.ts';

/** What a band says in words, in two lines: what stands, then what comes. `gap` is what must be read from four metres. */
export interface KeyLine {
  stands: string;
  comes: string | null;
  gap: string | null;
}

export function keyLine(band: Band, now: number, { t, language, reading }: Speech): KeyLine {
  const when = (preposition: Parameters<typeof format.when>[0], instant: string) =>
    format.when(preposition, instant, now, reading);
  const total = band.wards.length;
  const inState = band.wardsInState.find((count) => count.state === band.state)?.wards ?? total;
  const wards = t.board.wardsOf(inState, total);
  const comes = forecast(band, now, { t, reading });
  const gap = gapWords(band, { t, language });
  switch (band.state) {
    case 'served':
      return { stands: t.board.wards(total), comes: null, gap: null };
    case 'notNeeded':
      return { stands: t.board.wards(total), comes, gap };
    case 'partly':
      return { stands: wards, comes, gap };
    case 'held':
      return {
        stands: band.holdUntil === null ? wards : t.board.holdsUntil(when('until', band.holdUntil)),
        comes,
        gap,
      };
    case 'toConfirm':
      return { stands: t.board.awaitsWord(inState), comes, gap };
    case 'gap':
      return {
        stands: band.lostAt === null ? wards : t.board.gapSince(when('since', since(band) ?? band.lostAt), wards),
        comes,
        gap,
      };
    case 'diverted':
      return {
        stands: band.reviewAt === null ? t.board.byDecision : t.board.reviewAt(when('at', band.reviewAt)),
        comes,
        gap: null,
      };
    case 'catchingUp':
      return {
        stands: band.horizon === null ? t.board.reopened : t.board.reopenedWith(when('before', band.horizon)),
        comes: null,
        gap: null,
      };
    case 'unknown':
      return { stands: t.board.notObserved, comes: null, gap: null };
  }
}

const since = (band: Band): string | null => band.segments.findLast((segment) => segment.to === null)?.from ?? null;

/** `15 h 10 – 15 h 40`, that it is late, or what must be settled first; null while nothing is to come back. */
export function forecast(band: Band, now: number, { t, reading }: Pick<Speech, 't' | 'reading'>): string | null {
  if (band.forecast === null) return null;
  if (band.forecast.kind === 'waiting') return t.board.noForecast(t.board.waitingFor[band.forecast.for]);
  const { p50, p90 } = band.forecast;
  switch (overdue(band, now)) {
    case 'likely':
      return t.board.backLate(format.when('at', p90, now, reading));
    case 'latest':
      return t.board.backOverdue(format.when('at', p90, now, reading));
    case null:
      return t.board.backAt(format.clockRange(p50, p90, now, reading));
  }
}

function gapWords(band: Band, { t, language }: Pick<Speech, 't' | 'language'>): string | null {
  if (band.gapAhead === null || band.gapAhead.high <= 0) return null;
  return t.board.gapOf(format.minutesRange(band.gapAhead.low, band.gapAhead.high, language));
}
