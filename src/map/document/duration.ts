const secondsOf: { [unit: string]: number } = { s: 1, m: 60, min: 60, h: 3600, d: 86_400, j: 86_400 };
const part = /(\d+(?:\.\d+)?)\s*(min|[smhdj])/gy;

/** Longest duration a map may hold: ten years. Beyond it is a slip of the keyboard. */
const secondsMax = 10 * 366 * 86_400;

/** `90s`, `12m`, `8h`, `1d`, `1h30m`: whole seconds; undefined where it is no duration. */
export function durationSeconds(text: string): number | undefined {
  const trimmed = text.trim();
  if (trimmed === '0') return 0;
  let total = 0;
  let end = 0;
  part.lastIndex = 0;
  for (let match = part.exec(trimmed); match !== null; match = part.exec(trimmed)) {
    total += Number(match[1]) * (secondsOf[match[2] ?? ''] ?? Number.NaN);
    end = part.lastIndex;
  }
  const whole = Math.round(total);
  return end > 0 && end === trimmed.length && whole <= secondsMax ? whole : undefined;
}
