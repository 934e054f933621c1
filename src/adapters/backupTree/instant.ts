/** Seconds since 1970, negative before; nanoseconds 0 to 999,999,999 after that second. */
export interface Instant {
  seconds: number;
  nanoseconds: number;
}

/** To the second; null beyond the years a Date holds. */
export function isoOf({ seconds }: Instant): string | null {
  const date = new Date(seconds * 1000);
  return Number.isNaN(date.getTime()) ? null : date.toISOString();
}
