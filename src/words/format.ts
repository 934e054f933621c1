import type { Language, Reading } from './language.ts';

/** Dates, durations and quantities as people write them in each language. Instants are ISO 8601 or milliseconds. */
type Instant = string | number;

const NO_BREAK = '\u00a0';
const locales = { fr: 'fr-FR', en: 'en-GB' } as const;

/** Making one costs a millisecond; the Board asks for hundreds a second. */
const formatters = new Map<string, Intl.DateTimeFormat>();
function dateFormat(reading: Reading, options: Intl.DateTimeFormatOptions): Intl.DateTimeFormat {
  const key = `${reading.language}|${reading.timeZone}|${JSON.stringify(options)}`;
  const known = formatters.get(key);
  if (known !== undefined) return known;
  const made = new Intl.DateTimeFormat(locales[reading.language], { timeZone: reading.timeZone, ...options });
  formatters.set(key, made);
  return made;
}

const milliseconds = (at: Instant): number => (typeof at === 'number' ? at : Date.parse(at));

/** `15 h 05`, `15:05`. */
export function clock(at: Instant, reading: Reading): string {
  const [hours, minutes] = hoursAndMinutes(at, reading);
  return reading.language === 'fr' ? `${Number(hours)}${NO_BREAK}h${NO_BREAK}${minutes}` : `${hours}:${minutes}`;
}

/** `15 h`, `15:00`: a mark of the axis on the hour; otherwise as `clock`. */
export function axisClock(at: Instant, reading: Reading): string {
  const [hours, minutes] = hoursAndMinutes(at, reading);
  return reading.language === 'fr' && minutes === '00' ? `${Number(hours)}${NO_BREAK}h` : clock(at, reading);
}

/** `15:05:20` in both languages: marks less than a minute apart. */
export const clockSeconds = (at: Instant, reading: Reading): string =>
  dateFormat(reading, { hour: '2-digit', minute: '2-digit', second: '2-digit', hourCycle: 'h23' }).format(
    milliseconds(at),
  );

function hoursAndMinutes(at: Instant, reading: Reading): [hours: string, minutes: string] {
  const parts = dateFormat(reading, { hour: '2-digit', minute: '2-digit', hourCycle: 'h23' }).formatToParts(
    milliseconds(at),
  );
  const part = (type: string) => parts.find((one) => one.type === type)?.value ?? '';
  return [part('hour'), part('minute')];
}

/** `3 août 2024`, `3 August 2024`. */
export const day = (at: Instant, reading: Reading): string =>
  dateFormat(reading, { day: 'numeric', month: 'long', year: 'numeric' }).format(milliseconds(at));

/** `samedi 3 août`, `Saturday 3 August`. */
export const weekday = (at: Instant, reading: Reading): string =>
  dateFormat(reading, { weekday: 'long', day: 'numeric', month: 'long' }).format(milliseconds(at)).replace(',', '');

/** `3 août`, `3 Aug`; with its year where it is not that of `now`. */
export function dayMonth(at: Instant, now: Instant, reading: Reading): string {
  const year = (instant: Instant) => dateFormat(reading, { year: 'numeric' }).format(milliseconds(instant));
  const withYear = year(at) === year(now) ? {} : ({ year: 'numeric' } as const);
  return dateFormat(reading, { day: 'numeric', month: 'short', ...withYear })
    .format(milliseconds(at))
    .replaceAll(' ', NO_BREAK);
}

/** The time alone while it is the same day as `now`; otherwise with its day: `2 août, 23 h 40`. */
export function moment(at: Instant, now: Instant, reading: Reading): string {
  const { date, time } = dated(at, now, reading);
  return date === null ? time : `${date}, ${time}`;
}

/** `date` is null on the day of `now`, and has its year only where it differs. */
function dated(at: Instant, now: Instant, reading: Reading): { date: string | null; time: string } {
  const time = clock(at, reading);
  if (day(at, reading) === day(now, reading)) return { date: null, time };
  return { date: dayMonth(at, now, reading), time };
}

/** Whole minutes: `35 min`, `1 h 20`, `3 j 4 h`; English `1 h 20 min`, `3 d 4 h`. */
export function minutesLong(minutes: number, language: Language): string {
  const total = Math.max(0, Math.round(minutes));
  const [hours, rest] = [Math.floor(total / 60), total % 60];
  if (hours === 0) return `${rest}${NO_BREAK}min`;
  if (hours >= 48) {
    const [days, hoursLeft] = [Math.floor(hours / 24), hours % 24];
    const unit = language === 'fr' ? 'j' : 'd';
    return hoursLeft === 0
      ? `${days}${NO_BREAK}${unit}`
      : `${days}${NO_BREAK}${unit}${NO_BREAK}${hoursLeft}${NO_BREAK}h`;
  }
  if (rest === 0) return `${hours}${NO_BREAK}h`;
  const padded = String(rest).padStart(2, '0');
  return language === 'fr'
    ? `${hours}${NO_BREAK}h${NO_BREAK}${padded}`
    : `${hours}${NO_BREAK}h${NO_BREAK}${padded}${NO_BREAK}min`;
}

/** A measured or expected length: seconds below two minutes, minutes above. */
export function secondsLong(seconds: number, language: Language): string {
  if (seconds > 0 && seconds < 0.5) return `<${NO_BREAK}1${NO_BREAK}s`;
  const total = Math.max(0, Math.round(seconds));
  if (total < 60) return `${total}${NO_BREAK}s`;
  if (total < 600) {
    const rest = total % 60;
    const minutes = `${Math.floor(total / 60)}${NO_BREAK}min`;
    return rest === 0 ? minutes : `${minutes}${NO_BREAK}${String(rest).padStart(2, '0')}${NO_BREAK}s`;
  }
  return minutesLong(total / 60, language);
}

/** `5–35 min`, `50 min – 1 h 20`, `au plus 1 h 44` from nothing; one figure where both agree. */
export function minutesRange(low: number, high: number, language: Language): string {
  const [from, to] = [minutesLong(low, language), minutesLong(high, language)];
  if (from === to) return from;
  if (Math.round(low) <= 0) return `${language === 'fr' ? 'au plus' : 'up to'} ${to}`;
  return high < 60 ? `${Math.round(low)}–${to}` : `${from} – ${to}`;
}

/** `15 h 10 – 15 h 40`, `4 août, 7 h 00 – 13 h 00`. */
export function clockRange(from: Instant, to: Instant, now: Instant, reading: Reading): string {
  const start = moment(from, now, reading);
  const end = day(from, reading) === day(to, reading) ? clock(to, reading) : moment(to, now, reading);
  return clock(from, reading) === clock(to, reading) && end === clock(to, reading) ? start : `${start} – ${end}`;
}

export const number = (value: number, language: Language): string =>
  new Intl.NumberFormat(locales[language]).format(value);

/** `1,2 Go`, `1.2 GB`: decimal units, as storage is sold and read. */
export function bytes(value: number, language: Language): string {
  const letter = language === 'fr' ? 'o' : 'B';
  const units = ['', 'k', 'M', 'G', 'T'];
  const power = value < 1000 ? 0 : Math.min(units.length - 1, Math.floor(Math.log10(value) / 3));
  const amount = new Intl.NumberFormat(locales[language], { maximumFractionDigits: power === 0 ? 0 : 1 }).format(
    value / 1000 ** power,
  );
  return `${amount}${NO_BREAK}${units[power]}${letter}`;
}

/** `a, b et c`. */
export const list = (items: readonly string[], language: Language): string =>
  new Intl.ListFormat(locales[language], { type: 'conjunction' }).format(items);

/** One of them. */
export const either = (items: readonly string[], language: Language): string =>
  new Intl.ListFormat(locales[language], { type: 'disjunction' }).format(items);

type Preposition = 'at' | 'until' | 'since' | 'before';
const prepositions: { [language in Language]: { [word in Preposition]: { clock: string; day: string } } } = {
  fr: {
    at: { clock: 'à ', day: 'le ' },
    until: { clock: 'jusqu’à ', day: 'jusqu’au ' },
    since: { clock: 'depuis ', day: 'depuis le ' },
    before: { clock: 'avant ', day: 'avant le ' },
  },
  en: {
    at: { clock: 'at ', day: 'on ' },
    until: { clock: 'until ', day: 'until ' },
    since: { clock: 'since ', day: 'since ' },
    before: { clock: 'before ', day: 'before ' },
  },
};

/** `jusqu’à 15 h 05`, `jusqu’au 4 août à 2 h 00`; `until 15:05`, `until 4 Aug at 02:00`. */
export function when(preposition: Preposition, at: Instant, now: Instant, reading: Reading): string {
  const { date, time } = dated(at, now, reading);
  const words = prepositions[reading.language][preposition];
  if (date === null) return `${words.clock}${time}`;
  return `${words.day}${date}${reading.language === 'fr' ? ' à ' : ' at '}${time}`;
}
