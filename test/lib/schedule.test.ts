import fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import { parseSchedule } from '../../lib/schedule.ts';

const START = new Date('2026-11-23T10:00:30Z'); // a Monday
const ANCHOR = new Date('2026-11-23T10:00:00Z');

/** The next `count` runs, to the minute. */
function runs(expression: string, count = 3, after = START): string[] {
  const schedule = parseSchedule(expression);
  const found: string[] = [];
  for (let at: Date | null = after; found.length < count; ) {
    at = schedule.next(at, ANCHOR);
    if (!at) break;
    found.push(at.toISOString().slice(0, 16));
  }
  return found;
}

describe('cron, as EventBridge reads it', () => {
  test.each([
    ['every day', 'cron(0 2 * * ? *)', ['2026-11-24T02:00', '2026-11-25T02:00', '2026-11-26T02:00']],
    [
      'weekday 1 is Sunday',
      'cron(0 2 ? * 1 *)',
      ['2026-11-29T02:00', '2026-12-06T02:00', '2026-12-13T02:00'],
    ],
    [
      'weekday 7 is Saturday',
      'cron(0 2 ? * 7 *)',
      ['2026-11-28T02:00', '2026-12-05T02:00', '2026-12-12T02:00'],
    ],
    [
      '2 to 6 are the working days',
      'cron(0 2 ? * 2-6 *)',
      ['2026-11-24T02:00', '2026-11-25T02:00', '2026-11-26T02:00'],
    ],
    [
      'names of weekdays',
      'cron(0 2 ? * SUN,WED *)',
      ['2026-11-25T02:00', '2026-11-29T02:00', '2026-12-02T02:00'],
    ],
    [
      'names of months',
      'cron(0 0 1 JAN,JUL ? *)',
      ['2027-01-01T00:00', '2027-07-01T00:00', '2028-01-01T00:00'],
    ],
    ['the last Friday', 'cron(0 2 ? * 6L *)', ['2026-11-27T02:00', '2026-12-25T02:00', '2027-01-29T02:00']],
    [
      'the second Tuesday',
      'cron(0 2 ? * 3#2 *)',
      ['2026-12-08T02:00', '2027-01-12T02:00', '2027-02-09T02:00'],
    ],
    ['the last day', 'cron(0 0 L * ? *)', ['2026-11-30T00:00', '2026-12-31T00:00', '2027-01-31T00:00']],
    [
      'the working day next to the 15th',
      'cron(0 0 15W * ? *)',
      ['2026-12-15T00:00', '2027-01-15T00:00', '2027-02-15T00:00'],
    ],
    ['a step', 'cron(5/20 * * * ? *)', ['2026-11-23T10:05', '2026-11-23T10:25', '2026-11-23T10:45']],
    ['a leap day', 'cron(0 0 29 2 ? *)', ['2028-02-29T00:00', '2032-02-29T00:00', '2036-02-29T00:00']],
    ['one year only', 'cron(0 0 1 1 ? 2030)', ['2030-01-01T00:00']],
    ['a past year: never', 'cron(0 0 1 1 ? 2020)', []],
    ['no such day: never', 'cron(0 0 31 2 ? *)', []],
  ])('%s: %s', (_, expression, expected) => {
    expect(runs(expression)).toEqual(expected);
  });

  test('is in UTC: no hour is skipped or doubled when clocks change (Europe and the Americas, 2026)', () => {
    for (const change of ['2026-03-08', '2026-03-29', '2026-10-25', '2026-11-01']) {
      const start = new Date(`${change}T00:00:00Z`);
      const hours = Array.from(
        { length: 23 },
        (_, hour) => `${change}T${String(hour + 1).padStart(2, '0')}:30`,
      );
      expect(runs('cron(30 * * * ? *)', 23, new Date(start.getTime() + 1_800_000))).toEqual(hours);
    }
  });

  test('a run is strictly after the given time', () => {
    const { next } = parseSchedule('cron(0 2 * * ? *)');
    expect(next(new Date('2026-11-24T02:00:00Z'), ANCHOR)?.toISOString()).toBe('2026-11-25T02:00:00.000Z');
    expect(next(new Date('2026-11-24T01:59:59.999Z'), ANCHOR)?.toISOString()).toBe(
      '2026-11-24T02:00:00.000Z',
    );
  });
});

describe('rate', () => {
  test('counts from its anchor', () => {
    expect(runs('rate(6 hours)')).toEqual(['2026-11-23T16:00', '2026-11-23T22:00', '2026-11-24T04:00']);
    expect(runs('rate(1 minute)', 2)).toEqual(['2026-11-23T10:01', '2026-11-23T10:02']);
    expect(runs('rate(1 day)', 1, new Date('2026-11-20T00:00:00Z'))).toEqual(['2026-11-24T10:00']);
  });

  test('the next run is after now, at most a period away, and whole periods from the anchor (500 random)', () => {
    const unit = fc.constantFrom(
      ['minutes', 60_000] as const,
      ['hours', 3_600_000] as const,
      ['days', 86_400_000] as const,
    );
    fc.assert(
      fc.property(
        fc.integer({ min: 2, max: 999 }),
        unit,
        fc.nat({ max: 1e11 }),
        (value, [name, ms], elapsed) => {
          const { next, periodMs } = parseSchedule(`rate(${value} ${name})`);
          const now = ANCHOR.getTime() + elapsed;
          const found = next(new Date(now), ANCHOR)!.getTime();
          expect(periodMs).toBe(value * ms);
          expect(found - now).toBeGreaterThan(0);
          expect(found - now).toBeLessThanOrEqual(periodMs);
          expect((found - ANCHOR.getTime()) % periodMs).toBe(0);
        },
      ),
      { numRuns: 500 },
    );
  });
});

describe('the longest pause between two runs', () => {
  const HOUR = 3_600_000;
  test.each([
    ['rate(6 hours)', 6],
    ['cron(0 2 * * ? *)', 24],
    ['cron(0 2 ? * MON-FRI *)', 72],
    ['cron(0 2 1 * ? *)', 31 * 24],
    ['cron(0/15 * * * ? *)', 0.25],
    ['cron(0/5 8-20 ? * MON-FRI *)', 59 + 5 / 60],
    ['cron(* 9-17 * * ? *)', 15 + 1 / 60],
  ])('of %s is %d hours', (expression, hours) => {
    expect(parseSchedule(expression).periodMs).toBeCloseTo(hours * HOUR, 5);
  });

  test('is endless when there are not two runs', () => {
    expect(parseSchedule('cron(0 0 1 1 ? 2090)').periodMs).toBe(Number.POSITIVE_INFINITY);
  });
});

test.each([
  '',
  '0 2 * * *',
  'cron()',
  'cron(0 2 * * *)',
  'cron(0 2 * * * *)',
  'cron(0 2 ? * ? *)',
  'cron(0 2 * * ? * *)',
  'cron(60 2 * * ? *)',
  'cron(0 24 * * ? *)',
  'cron(0 0 32 * ? *)',
  'cron(0 0 1 13 ? *)',
  'cron(0 0 ? * 0 *)',
  'cron(0 0 ? * 8 *)',
  'cron(0 0 ? * 10 *)',
  'cron(0 0 ? * 2#6 *)',
  'cron(@daily)',
  'rate(0 hours)',
  'rate(1 hours)',
  'rate(2 hour)',
  'rate(-1 hours)',
  'rate(1.5 hours)',
  'rate(2 weeks)',
  'rate(2  hours)',
  'at(2026-11-23T00:00:00)',
])('%j is refused with the way to write it', (expression) => {
  expect(() => parseSchedule(expression)).toThrow(
    expect.objectContaining({ code: 'CONFIG_INVALID', hint: expect.stringContaining('cron(0 2 * * ? *)') }),
  );
});
