import { durationSeconds } from '../../map/document/duration.ts';

/** A duration as people write it: `90s`, `15m`, `8h`, `3d`, `1h30m`; undefined where none says it exactly. */
export function durationText(seconds: number): string | undefined {
  const text = shortest(seconds);
  return durationSeconds(text) === seconds ? text : undefined;
}

const day = 86_400;

function shortest(seconds: number): string {
  // Hours up to three days: `24h`, `48h` are what people say.
  if (seconds % day === 0 && seconds > 3 * day) return `${seconds / day}d`;
  if (seconds % 3600 === 0 && seconds > 0) return `${seconds / 3600}h`;
  if (seconds % 60 === 0 && seconds > 0 && seconds < 2 * 3600) return `${seconds / 60}m`;
  if (seconds < 120) return `${seconds}s`;
  const hours = Math.floor(seconds / 3600);
  const minutes = Math.floor((seconds % 3600) / 60);
  const rest = seconds % 60;
  return `${hours === 0 ? '' : `${hours}h`}${minutes === 0 ? '' : `${minutes}m`}${rest === 0 ? '' : `${rest}s`}`;
}
