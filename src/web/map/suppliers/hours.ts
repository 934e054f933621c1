import type { Reading } from '../../../words/language.ts';

/** Office hours, as most contracts have them. Holidays are nobody's to guess: both numbers are always shown. */
const opens = 8;
const closes = 18;

/** Whether an instant falls at night or at a weekend, in the establishment's time. */
export function isOutOfHours(now: number, { timeZone }: Reading): boolean {
  const format = new Intl.DateTimeFormat('en-GB', { timeZone, weekday: 'short', hour: '2-digit', hourCycle: 'h23' });
  const parts = format.formatToParts(now);
  const part = (type: string) => parts.find((one) => one.type === type)?.value ?? '';
  const hour = Number(part('hour'));
  return ['Sat', 'Sun'].includes(part('weekday')) || hour < opens || hour >= closes;
}
