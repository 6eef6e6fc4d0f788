import { afterEach, beforeEach, describe, expect, test, vi } from 'vitest';
import { createBackupHandler } from '../../functions/backup.ts';
import { withinTime } from '../../functions/deadline.ts';
import type { Figures } from '../../lib/jobs/progress.ts';
import type { Logger } from '../../lib/logger.ts';
import type { Store } from '../../lib/store/store.ts';
import { openRoom } from './room.ts';

const never = new AbortController().signal;
const figures = (secondsLeft: number | null, phase: Figures['phase'] = 'dump'): Figures => ({
  phase,
  table: null,
  rows: null,
  bytes: 10,
  totalBytes: 100,
  secondsLeft,
});

describe('by the clock of Lambda', () => {
  let warned: string[];
  const logger: Logger = { info: () => {}, error: () => {}, warn: (message) => void warned.push(message) };
  beforeEach(() => {
    vi.useFakeTimers();
    warned = [];
  });
  afterEach(() => void vi.useRealTimers());

  function lambda(totalMs: number) {
    const end = Date.now() + totalMs;
    return { getRemainingTimeInMillis: () => end - Date.now() };
  }

  test('a job is ended 35 s before the end, so that it has ended, and its record says so, 20 s before', () => {
    const { signal } = withinTime(lambda(900_000), never, logger);
    vi.advanceTimersByTime(864_999);
    expect(signal.aborted).toBe(false);
    vi.advanceTimersByTime(1);
    expect(signal.reason).toMatchObject({ code: 'ABORTED', hint: expect.stringContaining('more time') });
  });

  test('in a short function, at half of its time', () => {
    const { signal } = withinTime(lambda(60_000), never, logger);
    vi.advanceTimersByTime(29_999);
    expect(signal.aborted).toBe(false);
    vi.advanceTimersByTime(1);
    expect(signal.aborted).toBe(true);
  });

  test('whoever follows is told early, from size and speed, that it will not fit; the log once', () => {
    const { advise } = withinTime(lambda(900_000), never, logger);
    expect(advise!(figures(5_000))).toBeNull();
    vi.advanceTimersByTime(10_000);
    expect(advise!(figures(5_000))).toMatch(
      /^At this speed it needs 5000 s more and has 855 s: it will not fit/,
    );
    expect(advise!(figures(5_000))).not.toBeNull();
    expect(warned).toHaveLength(1);
  });

  test('it is not told what is not so: it fits, there is no estimate, a phase has just begun', () => {
    const { advise } = withinTime(lambda(900_000), never, logger);
    advise!(figures(null));
    vi.advanceTimersByTime(10_000);
    expect(advise!(figures(855))).toBeNull();
    expect(advise!(figures(856))).not.toBeNull();
    expect(advise!(figures(null))).toBeNull();
    expect(advise!(figures(5_000, 'load'))).toBeNull();
  });

  test('without a Lambda there is no limit, and a stop from outside ends a job as ever', () => {
    const stop = new AbortController();
    expect(withinTime(undefined, stop.signal, logger)).toEqual({ signal: stop.signal });
    const { signal } = withinTime(lambda(900_000), stop.signal, logger);
    stop.abort();
    expect(signal.aborted).toBe(true);
  });
});

/** A store that takes three seconds for each frame. */
function slow(store: Store): Store {
  return {
    ...store,
    upload: (key, chunks, options) => store.upload(key, slowly(chunks), options),
  };
}

async function* slowly(chunks: AsyncIterable<Uint8Array>): AsyncGenerator<Uint8Array> {
  for await (const chunk of chunks) {
    await new Promise((resolve) => setTimeout(resolve, 3_000));
    yield chunk;
  }
}

test('a real backup that will not fit: warned of early, ended in time, with a clear error and no residue', async () => {
  // Some 40 MB: ten frames, half a minute of the slow store.
  await using room = await openRoom({ size: { users: 500, tickets: 12_000, commentsPerTicket: 5 } });
  const cofre = { ...room.cofre, store: slow(room.cofre.store) };
  const wanted = { kind: 'backup', database: 'desk', trigger: 'manual', actor: 'ana' } as const;
  const { id } = await cofre.journal.create(wanted);
  const began = Date.now();
  const lambda = { getRemainingTimeInMillis: () => began + 48_000 - Date.now() };
  const run = createBackupHandler(cofre, never)(
    { database: 'desk', trigger: 'manual', actor: 'ana', job: id },
    lambda,
  );
  const notes: (string | null | undefined)[] = [];
  const watch = setInterval(async () => notes.push((await cofre.journal.get(id)).progress?.note), 500);
  await expect(run).rejects.toMatchObject({
    code: 'ABORTED',
    message: expect.stringContaining('did not fit'),
  });
  clearInterval(watch);
  expect(lambda.getRemainingTimeInMillis()).toBeGreaterThan(5_000);
  expect(notes.filter(Boolean)[0]).toMatch(/^At this speed it needs \d+ s more and has \d+ s/);
  expect(await cofre.journal.get(id)).toMatchObject({ status: 'failed', error: { code: 'ABORTED' } });
  const left: string[] = [];
  for await (const { key } of cofre.store.list('')) left.push(key);
  expect(left.filter((it) => !/^(jobs|locks)\//.test(it))).toEqual([]);
  expect(await cofre.store.clearUnfinished(new Date(Date.now() + 60_000))).toBe(0);
});
