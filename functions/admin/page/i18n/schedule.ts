import type { Formats } from './formats.ts';
import type { Messages } from './messages.ts';

type Words = Messages['schedule'];

const WEEKDAYS = ['SUN', 'MON', 'TUE', 'WED', 'THU', 'FRI', 'SAT'];
/** 1 January 2023 was a Sunday. */
const A_SUNDAY = Date.UTC(2023, 0, 1);
const DAY_MS = 86_400_000;

/** An EventBridge expression in words; one that is too intricate for words stays as it is. */
export function scheduleInWords(expression: string, words: Words, formats: Formats): string {
  const [, n, unit] = /^rate\((\d+) (minute|hour|day)s?\)$/.exec(expression) ?? [];
  if (unit) return every(Number(n), unit, words);
  const [, fields] = /^cron\(([^)]*)\)$/.exec(expression) ?? [];
  return (fields && cronInWords(fields.trim().split(/\s+/), words, formats)) || expression;
}

function every(n: number, unit: string, words: Words): string {
  if (unit === 'minute') return words.everyMinutes(n);
  return unit === 'hour' ? words.everyHours(n) : words.everyDays(n);
}

function cronInWords(fields: readonly string[], words: Words, formats: Formats): string | undefined {
  const [minute = '', hour = '', dayOfMonth = '', month, dayOfWeek = '', year] = fields;
  if (month !== '*' || (year ?? '*') !== '*') return undefined;
  const eachDay = isAny(dayOfMonth) && isAny(dayOfWeek);
  if (eachDay && (step(minute) || step(hour) || hour === '*')) return repeated(minute, hour, words);
  const times = timesOf(minute, hour, formats);
  if (!times) return undefined;
  if (eachDay) return words.daily(times);
  if (isAny(dayOfMonth)) return weekly(dayOfWeek, times, words, formats);
  return isAny(dayOfWeek) && /^\d+$/.test(dayOfMonth) ? words.monthly(dayOfMonth, times) : undefined;
}

function repeated(minute: string, hour: string, words: Words): string | undefined {
  const minutes = step(minute);
  if (minutes) return hour === '*' ? words.everyMinutes(minutes) : undefined;
  if (!/^\d+$/.test(minute)) return undefined;
  const hours = step(hour);
  return hours ? words.everyHours(hours) : words.hourly(minute.padStart(2, '0'));
}

function weekly(field: string, times: string, words: Words, formats: Formats): string | undefined {
  const days = field.split(',').flatMap(range);
  if (days.some((day) => !(day >= 0 && day <= 6))) return undefined;
  const names = days.map((day) => weekdayName(day, formats));
  const [first, last] = [names[0], names.at(-1)];
  const isRange = first && last && days.length > 2 && /^[^,]+-[^,]+$/.test(field);
  const which = isRange ? words.dayRange(first, last) : formats.list(names);
  return words.weekly(which.charAt(0).toUpperCase() + which.slice(1), times);
}

function weekdayName(day: number, { locale }: Formats): string {
  const name = new Intl.DateTimeFormat(locale, { weekday: 'long', timeZone: 'UTC' });
  return name.format(A_SUNDAY + day * DAY_MS);
}

/** Days from `MON-FRI`, `2-6` or `SUN`, counted from Sunday = 0. */
function range(part: string): number[] {
  const [from = -1, to = from] = part.split('-').map(weekday);
  return Array.from({ length: Math.max(1, to - from + 1) }, (_, i) => from + i);
}

function weekday(text: string): number {
  return /^\d$/.test(text) ? Number(text) - 1 : WEEKDAYS.indexOf(text.toUpperCase());
}

function timesOf(minute: string, hours: string, formats: Formats): string | undefined {
  if (!/^\d+$/.test(minute) || !/^\d+(,\d+)*$/.test(hours)) return undefined;
  const clock = new Intl.DateTimeFormat(formats.locale, { timeStyle: 'short', timeZone: 'UTC' });
  const at = (hour: string) => clock.format(Date.UTC(2023, 0, 1, Number(hour), Number(minute)));
  return `${formats.list(hours.split(',').map(at))} UTC`;
}

function step(field: string): number | undefined {
  const match = /^(?:\*|0)\/(\d+)$/.exec(field);
  return match ? Number(match[1]) : undefined;
}

function isAny(field: string): boolean {
  return field === '*' || field === '?';
}
