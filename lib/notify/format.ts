import type { Language } from './texts/texts.ts';

/** Numbers and dates as a language writes them. Times are UTC, and say so. */
export interface Formats {
  count(value: number): string;
  /** `7.3 MB (7,340,032 bytes)`: decimal units (IEC 80000-13), and the exact number to compare. */
  size(bytes: number): string;
  /** To the second, in full. */
  time(date: Date): string;
  /** To the minute, for a subject. */
  shortTime(date: Date): string;
}

/** From the largest down. */
const UNITS = [
  ['terabyte', 1e12],
  ['gigabyte', 1e9],
  ['megabyte', 1e6],
] as const;

export function formatsFor(language: Language): Formats {
  const count = (value: number) => new Intl.NumberFormat(language).format(value);
  return {
    count,
    size: (bytes) => {
      const exact = unit(language, bytes, 'byte', 'long');
      return bytes < 1_000 ? exact : `${rounded(language, bytes)} (${exact})`;
    },
    time: (date) => timeFormat(language, { month: 'long', second: '2-digit' }).format(date),
    shortTime: (date) => timeFormat(language, { month: 'short' }).format(date),
  };
}

function rounded(language: Language, bytes: number): string {
  const [name, size] = UNITS.find(([, size]) => bytes >= size) ?? ['kilobyte', 1e3];
  return unit(language, bytes / size, name, 'short');
}

function unit(language: Language, value: number, name: string, unitDisplay: 'short' | 'long'): string {
  const options = { style: 'unit', unit: name, unitDisplay, maximumFractionDigits: 1 } as const;
  return new Intl.NumberFormat(language, options).format(value);
}

function timeFormat(language: Language, more: Intl.DateTimeFormatOptions): Intl.DateTimeFormat {
  return new Intl.DateTimeFormat(language, {
    year: 'numeric',
    day: 'numeric',
    hour: '2-digit',
    minute: '2-digit',
    hourCycle: 'h23',
    timeZone: 'UTC',
    timeZoneName: 'short',
    ...more,
  });
}
