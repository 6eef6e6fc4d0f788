import { expect, test } from 'vitest';
import { type Figures, type ProgressUpdate, trackProgress } from '../../../lib/jobs/progress.ts';
import { fakeClock } from '../../support/fake-clock.ts';

/** Plays updates with the seconds that pass before each, and tells the last progress. */
function play(...updates: [seconds: number, update: ProgressUpdate][]): Figures {
  const clock = fakeClock('2026-11-23T12:00:00Z');
  let last: Figures | undefined;
  const track = trackProgress(clock, (progress) => {
    last = progress;
  });
  for (const [seconds, update] of updates) {
    clock.advance(seconds * 1_000);
    track(update);
  }
  return last!;
}

test('the time left follows from the speed of the phase so far', () => {
  const found = play(
    [0, { phase: 'dump', bytes: 0, totalBytes: 1_000 }],
    [10, { phase: 'dump', bytes: 250 }],
  );
  expect(found).toEqual({
    phase: 'dump',
    table: null,
    rows: null,
    bytes: 250,
    totalBytes: 1_000,
    secondsLeft: 30,
  });
});

test('there is no estimate without a total, without a byte, or before a second has passed', () => {
  expect(play([0, { phase: 'dump' }], [10, { phase: 'dump', bytes: 250 }]).secondsLeft).toBeNull();
  expect(
    play([0, { phase: 'dump', totalBytes: 9 }], [10, { phase: 'dump', bytes: 0 }]).secondsLeft,
  ).toBeNull();
  expect(
    play([0, { phase: 'dump', totalBytes: 9 }], [0.9, { phase: 'dump', bytes: 1 }]).secondsLeft,
  ).toBeNull();
});

test('a new phase begins anew: no numbers of the old one, and time counts from its start', () => {
  const dump: [number, ProgressUpdate] = [
    0,
    { phase: 'dump', bytes: 5, totalBytes: 10, rows: 3, table: 'orders' },
  ];
  const empty = { table: null, rows: null, bytes: null, totalBytes: null, secondsLeft: null };
  expect(play(dump, [100, { phase: 'check' }])).toEqual({ phase: 'check', ...empty });
  const load = play(
    dump,
    [100, { phase: 'load', bytes: 0, totalBytes: 100 }],
    [10, { phase: 'load', bytes: 50 }],
  );
  expect(load.secondsLeft).toBe(10);
});

test('what an update leaves out stays', () => {
  const found = play(
    [0, { phase: 'dump', bytes: 5, totalBytes: 10, rows: 3, table: 'a' }],
    [1, { phase: 'dump', rows: 4 }],
  );
  expect(found).toMatchObject({ bytes: 5, totalBytes: 10, rows: 4, table: 'a' });
});
