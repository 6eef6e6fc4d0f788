const { NumberFormat, DateTimeFormat, RelativeTimeFormat, ListFormat } = Intl;
const SIZE_UNITS = ['byte', 'kilobyte', 'megabyte', 'gigabyte', 'terabyte'] as const;
const MINUTE = 60;
const HOUR = 60 * MINUTE;
const DAY = 24 * HOUR;

/** From coarse to fine: the first that fits whole names an age. */
const AGES = [
  ['year', 365 * DAY],
  ['month', 30 * DAY],
  ['day', DAY],
  ['hour', HOUR],
  ['minute', MINUTE],
] as const;

export type Formats = ReturnType<typeof formatsFor>;

/** Numbers, dates and sizes as one locale writes them. */
export function formatsFor(locale: string) {
  const numbers = new NumberFormat(locale);
  const percents = new NumberFormat(locale, { style: 'percent' });
  const dates = new DateTimeFormat(locale, { dateStyle: 'medium', timeStyle: 'short' });
  const exact = new DateTimeFormat(locale, { dateStyle: 'medium', timeStyle: 'medium' });
  const days = new DateTimeFormat(locale, { day: 'numeric', month: 'short' });
  const clock = new DateTimeFormat(locale, { timeStyle: 'short' });
  const ages = new RelativeTimeFormat(locale);
  const present = new RelativeTimeFormat(locale, { numeric: 'auto' }).format(0, 'second');
  const sequence = new ListFormat(locale, { type: 'unit', style: 'narrow' });
  return {
    locale,
    number: (n: number) => numbers.format(n),
    percent: (part: number) => percents.format(part),
    date: (iso: string) => dates.format(new Date(iso)),
    exactDate: (iso: string) => exact.format(new Date(iso)),
    day: (iso: string) => days.format(new Date(iso)),
    time: (at: number) => clock.format(at),
    size: (bytes: number) => size(locale, bytes),
    age: (iso: string, now: number) => age(ages, present, (Date.parse(iso) - now) / 1000),
    duration: (seconds: number) => duration(locale, sequence, seconds),
    list: (items: readonly string[]) => new ListFormat(locale).format(items),
  };
}

/** `2026-11-23 02:00:00 UTC`: the same in every language, as file names have it. */
export function utc(iso: string): string {
  return `${new Date(iso).toISOString().slice(0, 19).replace('T', ' ')} UTC`;
}

function size(locale: string, bytes: number): string {
  let exponent = bytes < 1 ? 0 : Math.floor(Math.log10(bytes) / 3);
  if (Number((bytes / 1000 ** exponent).toPrecision(3)) >= 1000) exponent++;
  return amount(locale, bytes / 1000 ** exponent, SIZE_UNITS[exponent] ?? 'petabyte');
}

/** In figures: "yesterday" would be wrong for what was 25 hours ago, soon after midnight. */
function age(ages: Intl.RelativeTimeFormat, present: string, seconds: number): string {
  const fitting = AGES.find(([, length]) => Math.abs(seconds) >= length);
  // Under a minute "now" is enough: a figure would be wrong by the time it is read.
  return fitting ? ages.format(Math.trunc(seconds / fitting[1]), fitting[0]) : present;
}

function duration(locale: string, sequence: Intl.ListFormat, seconds: number): string {
  if (seconds < 10) return amount(locale, Math.max(0.1, Number(seconds.toFixed(1))), 'second');
  const whole = Math.round(seconds);
  if (whole < MINUTE) return amount(locale, whole, 'second');
  const [big, small, length] =
    whole < HOUR ? (['minute', 'second', MINUTE] as const) : (['hour', 'minute', HOUR] as const);
  const rest = Math.floor((whole % length) / (length / 60));
  const parts = [amount(locale, Math.floor(whole / length), big), amount(locale, rest, small)];
  return sequence.format(rest === 0 ? parts.slice(0, 1) : parts);
}

function amount(locale: string, value: number, unit: string): string {
  const format = { style: 'unit', unit, unitDisplay: 'short', maximumSignificantDigits: 3 } as const;
  return new NumberFormat(locale, format).format(value);
}
