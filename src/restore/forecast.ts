import type { Forecast } from '../map/care.ts';
import { carrying, isReadyToRelease } from './progress.ts';
import type { RecoveringComponent, Recovery } from './state.ts';

/** P90 of a return beside its P50 while only one measure of each duration is known. P: to be replaced by measured spread. */
export const LATE_FACTOR = 1.5;

/**
 * When a care function is expected back from its recovery: only once every clean point below it is chosen, and only from durations that
 * were measured or declared; otherwise what is waited for. P50 is the sum of what remains, one component after another.
 */
export function forecastOf(recovery: Recovery, careFunction: string, now: number): Forecast {
  if (isReadyToRelease(recovery, careFunction).ok) return { kind: 'waiting', for: 'release' };
  const needed = carrying(recovery, careFunction);
  const unverified = needed.filter((component) => component.steps.verify?.state !== 'done');
  if (needed.length === 0) return { kind: 'waiting', for: 'plan' };
  if (unverified.some((component) => component.snapshot === null)) return { kind: 'waiting', for: 'cleanPoint' };
  if (unverified.length === 0) return { kind: 'waiting', for: 'verification' };
  if (unverified.some((component) => component.expectedSeconds === null)) return { kind: 'waiting', for: 'measure' };
  const remaining = unverified.reduce((sum, component) => sum + remainingSeconds(component), 0);
  return {
    kind: 'range',
    p50: iso(now + remaining * 1000),
    p90: iso(now + remaining * LATE_FACTOR * 1000),
    basis: 'measured',
  };
}

function remainingSeconds(component: RecoveringComponent): number {
  const spent = Object.values(component.steps).reduce((sum, step) => sum + (step?.seconds ?? 0), 0);
  return Math.max(0, (component.expectedSeconds ?? 0) - spent);
}

const iso = (ms: number): string => new Date(ms).toISOString();
