import { Cron } from 'croner';
import { CofreError } from './errors.ts';

/** When a schedule fires; all in UTC, as EventBridge rules do. */
export interface Schedule {
  /** The first time after `after`, or `null` when there is none. `anchor` is where a rate counts from. */
  next(after: Date, anchor: Date): Date | null;
  /** The longest time between two runs in the coming year, ms: what "on time" means. Infinite with fewer than two. */
  readonly periodMs: number;
}

const UNITS: Readonly<Record<string, number>> = { minute: 60_000, hour: 3_600_000, day: 86_400_000 };

/**
 * Parses a schedule expression of EventBridge rules: `cron(minutes hours day-of-month month day-of-week year)` or
 * `rate(value unit)` (https://docs.aws.amazon.com/eventbridge/latest/userguide/eb-scheduled-rule-pattern.html).
 * @throws {CofreError} `CONFIG_INVALID`
 */
export function parseSchedule(expression: string): Schedule {
  const [, kind, body] = /^(cron|rate)\((.+)\)$/.exec(expression.trim()) ?? [];
  if (!body) throw invalid(expression, 'it is neither cron(…) nor rate(…)');
  return kind === 'cron' ? cronSchedule(expression, body) : rateSchedule(expression, body);
}

function rateSchedule(expression: string, body: string): Schedule {
  const [, value, unit = '', plural] = /^([1-9]\d{0,5}) (minute|hour|day)(s?)$/.exec(body) ?? [];
  const unitMs = UNITS[unit];
  // EventBridge refuses "1 days" and "2 day", and a schedule must work in both places.
  if (!value || !unitMs || (value === '1') !== (plural === ''))
    throw invalid(expression, 'a rate is 1 and minute, hour or day, or more and minutes, hours or days');
  const periodMs = Number(value) * unitMs;
  const next = (after: Date, anchor: Date) => {
    const periods = Math.floor((after.getTime() - anchor.getTime()) / periodMs) + 1;
    return new Date(anchor.getTime() + Math.max(1, periods) * periodMs);
  };
  return { next, periodMs };
}

function cronSchedule(expression: string, body: string): Schedule {
  const fields = body.trim().split(/\s+/);
  const [, , dayOfMonth, , dayOfWeek = ''] = fields;
  if (fields.length !== 6)
    throw invalid(expression, 'cron has six fields: minutes hours day month weekday year');
  if ((dayOfMonth === '?') === (dayOfWeek === '?'))
    throw invalid(expression, 'one of day and weekday must be ?');
  // EventBridge counts weekdays from 1 = Sunday, as Quartz does; the library would take 8 for Sunday too.
  if (/(?<![#\d])[089]|\d\d/.test(dayOfWeek)) throw invalid(expression, 'weekdays are 1 (Sunday) to 7');
  const cron = parseCron(expression, fields);
  return {
    next: (after) => cron.nextRun(after),
    get periodMs() {
      return longestGap(cron);
    },
  };
}

/** Runs looked at: a year of daily ones. */
const RUNS = 400;
const HOUR_MS = 3_600_000;

/** More than 400 runs in eight days may still pause at night or on weekends: any pause of an hour spans a full one. */
function longestGap(cron: Cron): number {
  const runs = cron.nextRuns(RUNS).map((run) => run.getTime());
  const [first, ...later] = runs;
  const last = later.at(-1);
  if (first === undefined || last === undefined) return Number.POSITIVE_INFINITY;
  const gaps: number[] = [];
  let previous = first;
  for (const run of later) {
    gaps.push(run - previous);
    previous = run;
  }
  const hours = runs.length < RUNS || last - first > 192 * HOUR_MS ? 0 : 192;
  const firstHour = Math.ceil(first / HOUR_MS + 1) * HOUR_MS;
  for (let hour = firstHour; hour < firstHour + hours * HOUR_MS; hour += HOUR_MS) {
    const [before] = cron.previousRuns(1, new Date(hour));
    const after = cron.nextRun(new Date(hour - 1));
    if (before && after) gaps.push(after.getTime() - before.getTime());
  }
  return Math.max(...gaps);
}

function parseCron(expression: string, fields: readonly string[]): Cron {
  try {
    return new Cron(`0 ${fields.join(' ')}`, {
      // Not `timezone: 'UTC'`: that is the same, but goes through Intl, which takes 20 MB of memory.
      utcOffset: 0,
      paused: true,
      alternativeWeekdays: true,
      sloppyRanges: true,
    });
  } catch (error) {
    throw invalid(expression, (error as Error).message, error);
  }
}

function invalid(expression: string, why: string, cause?: unknown): CofreError {
  return new CofreError('CONFIG_INVALID', `Not a schedule: "${expression}": ${why}.`, {
    cause,
    hint: 'Write it as for EventBridge, in UTC: cron(0 2 * * ? *) is every day at 02:00, rate(6 hours) every six hours.',
  });
}
