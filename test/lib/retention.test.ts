import fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import {
  classFor,
  type Dated,
  DEFAULT_RETENTION,
  decide,
  HOLD,
  hasExpired,
  newest,
  newestFirst,
  RETENTION_CLASSES,
} from '../../lib/retention.ts';
import { DAY_MS } from '../support/fake-clock.ts';

const NOW = new Date('2026-11-23T12:00:00Z');
const trigger = fc.constantFrom('manual' as const, 'schedule' as const, 'pre-restore' as const);
const backups = fc
  .array(fc.record({ seconds: fc.nat({ max: 400 * 86_400 }), trigger }), { maxLength: 40 })
  .map((all): Dated[] =>
    all.map((it, index) => ({
      id: `shop-${index}`,
      startedAt: new Date(NOW.getTime() - it.seconds * 1_000),
      trigger: it.trigger,
    })),
  );
const policy = fc.oneof(
  fc.record({ days: fc.integer({ min: 1, max: 500 }) }),
  fc.record({ keepLast: fc.integer({ min: 1, max: 50 }) }),
);
const aged = (ms: number, kind: Dated['trigger'] = 'manual'): Dated => ({
  id: `aged-${ms}`,
  startedAt: new Date(NOW.getTime() - ms),
  trigger: kind,
});

describe('decide', () => {
  test('keeps the newest wanted backup under any policy, and decides on each one once (1,000 random sets)', () => {
    fc.assert(
      fc.property(backups, policy, (all, rule) => {
        const decisions = decide(all, rule, NOW);
        expect(decisions.map((it) => it.backup)).toEqual(newestFirst(all));
        const held = newest(all);
        expect(decisions.find((it) => it.backup === held)?.action).toBe(held && 'keep');
        for (const { reason } of decisions) expect(reason).toMatch(/\w/);
      }),
      { numRuns: 1_000 },
    );
  });

  test('removes nothing younger than what it keeps, apart from the held one (1,000 random sets)', () => {
    fc.assert(
      fc.property(backups, policy, (all, rule) => {
        const others = decide(all, rule, NOW).filter((it) => it.backup !== newest(all));
        const actions = others.map((it) => it.action);
        expect(actions).toEqual(actions.toSorted((a, b) => (a === b ? 0 : a === 'keep' ? -1 : 1)));
      }),
      { numRuns: 1_000 },
    );
  });

  test('days: exactly as old as the limit stays, one millisecond older goes', () => {
    const all = [aged(0), aged(7 * DAY_MS), aged(7 * DAY_MS + 1)];
    expect(decide(all, { days: 7 }, NOW).map((it) => it.action)).toEqual(['keep', 'keep', 'remove']);
  });

  test('keepLast: exactly so many stay', () => {
    const all = Array.from({ length: 5 }, (_, index) => aged(index * DAY_MS));
    for (const keepLast of [1, 2, 4, 5, 6]) {
      const kept = decide(all, { keepLast }, NOW).filter((it) => it.action === 'keep');
      expect(kept.map((it) => it.backup)).toEqual(all.slice(0, keepLast));
    }
  });

  test('a backup from the future, by another host’s clock, stays', () => {
    const [future] = decide([aged(-DAY_MS), aged(-2 * DAY_MS)], { days: 1 }, NOW).slice(1);
    expect(future?.action).toBe('keep');
  });
});

describe('newest', () => {
  test('is the latest one that somebody wanted; a safety backup only when there is no other', () => {
    const [old, young, safety] = [aged(3), aged(2), aged(1, 'pre-restore')];
    expect(newest([old, safety, young])).toBe(young);
    expect(newest([safety])).toBe(safety);
    expect(newest([])).toBeUndefined();
  });

  test('does not depend on the order given (500 random sets)', () => {
    fc.assert(
      fc.property(backups, fc.infiniteStream(fc.nat()), (all, noise) => {
        const shuffled = all.map((it) => [noise.next().value, it] as const).sort((a, b) => a[0] - b[0]);
        expect(newest(shuffled.map(([, it]) => it))).toBe(newest(all));
      }),
      { numRuns: 500 },
    );
  });
});

describe('classFor', () => {
  const scheduled = (...dates: string[]): Dated[] =>
    dates.map((date) => ({ id: date, startedAt: new Date(date), trigger: 'schedule' }));

  test.each([
    ['the first of all', '2026-11-23T02:00:00Z', [], 'yearly'],
    ['the second of a day', '2026-11-23T14:00:00Z', ['2026-11-23T02:00:00Z'], 'daily'],
    ['the next day of a week', '2026-11-24T02:00:00Z', ['2026-11-23T02:00:00Z'], 'daily'],
    ['Sunday of the same week', '2026-11-29T23:59:59Z', ['2026-11-23T00:00:00Z'], 'daily'],
    ['Monday of the next week', '2026-11-30T00:00:00Z', ['2026-11-29T23:59:59Z'], 'weekly'],
    ['the first of a month', '2026-12-01T00:00:00Z', ['2026-11-30T23:59:59Z'], 'monthly'],
    ['the first of a year', '2027-01-01T00:00:00Z', ['2026-12-31T23:59:59Z'], 'yearly'],
    [
      'a week across years',
      '2027-01-02T00:00:00Z',
      ['2026-12-31T00:00:00Z', '2027-01-01T00:00:00Z'],
      'daily',
    ],
    ['after a gap of months', '2026-11-24T00:00:00Z', ['2026-03-01T00:00:00Z'], 'monthly'],
  ])('%s', (_, now, earlier, expected) => {
    expect(classFor('schedule', new Date(now), scheduled(...earlier))).toBe(expected);
  });

  test('of a backup by hand or before a restore is its trigger, and such ones do not stand for a scheduled one', () => {
    expect(classFor('manual', NOW, [])).toBe('manual');
    expect(classFor('pre-restore', NOW, [])).toBe('pre-restore');
    expect(classFor('schedule', NOW, [aged(DAY_MS), aged(1, 'pre-restore')])).toBe('yearly');
  });

  test('of a year of daily backups: 1 yearly, 11 monthly, 51 weekly, the rest daily', () => {
    const made: (Dated & { kind: string })[] = [];
    for (let day = 0; day < 365; day += 1) {
      const startedAt = new Date(Date.UTC(2026, 0, 1, 2) + day * DAY_MS);
      made.push({
        id: `${day}`,
        startedAt,
        trigger: 'schedule',
        kind: classFor('schedule', startedAt, made),
      });
    }
    const count = (kind: string) => made.filter((it) => it.kind === kind).length;
    // 2026 has 53 ISO weeks; the first begins the year, and that of 1 June, a Monday, begins a month.
    const counts = { yearly: count('yearly'), monthly: count('monthly'), weekly: count('weekly') };
    expect(counts).toEqual({ yearly: 1, monthly: 11, weekly: 51 });
    expect(count('daily')).toBe(365 - 1 - 11 - 51);
  });
});

describe('hasExpired', () => {
  test.each(RETENTION_CLASSES)('%s: exactly at its days not yet, one millisecond later', (tag) => {
    const limit = DEFAULT_RETENTION[tag] * DAY_MS;
    const at = (age: number) => hasExpired(tag, new Date(NOW.getTime() - age), DEFAULT_RETENTION, NOW);
    expect([at(limit - 1), at(limit), at(limit + 1)]).toEqual([false, false, true]);
  });

  test('what is held, untagged or tagged by somebody else never expires', () => {
    for (const tag of [HOLD, undefined, '', 'job', 'Daily', 'toString', '__proto__']) {
      expect(hasExpired(tag, new Date(0), DEFAULT_RETENTION, NOW)).toBe(false);
    }
  });
});
