import { expect, test } from 'vitest';
import type { EngineProgress, RawFrame } from '../../../lib/engines/engine.ts';
import { contextOf, failureOf, take } from './harness.ts';
import type { Given } from './lab.ts';

export function frameTests(given: Given): void {
  test('frames that end normally come with the rows of every table and the facts of the database', async () => {
    const { engine, ...lab } = given();
    const url = await lab.createSample();
    const { info, summary, frames } = await take(engine, url);
    expect(summary.tables.toSorted(byName)).toEqual((await lab.counts(url)).toSorted(byName));
    expect(summary.warnings).toEqual([]);
    expect(JSON.parse(JSON.stringify(summary.details))).toEqual(summary.details);
    expect(info).toMatchObject({
      exists: true,
      version: expect.stringMatching(/^\d+(\.|rc)\d+/),
      warnings: [],
    });
    expect(info.size).toBeGreaterThan(0);
    expect(frames.length).toBeGreaterThanOrEqual(3);
    expect(frames.every(({ bytes }) => bytes.length > 0)).toBe(true);
  });

  test('progress counts up to all bytes, or all rows, of the dump', async () => {
    const { engine, ...lab } = given();
    const url = await lab.createSample();
    const reports: EngineProgress[] = [];
    await take(engine, url, { report: (progress) => reports.push(progress) });
    const dumped = reports
      .filter(({ phase }) => phase === 'dump')
      .map(({ bytes, rows }) => bytes ?? rows ?? 0);
    expect(dumped).toEqual(dumped.toSorted((a, b) => a - b));
    expect(dumped.length).toBeGreaterThanOrEqual(3);
    expect(dumped.at(-1)).toBeGreaterThan(0);
  });

  test('two dumps of one database at the same time are equal', async () => {
    const { engine, ...lab } = given();
    const url = await lab.createSample();
    const [one, two] = await Promise.all([take(engine, url), take(engine, url)]);
    expect(one.summary).toEqual(two.summary);
    expect(hashable(one.frames)).toEqual(hashable(two.frames));
  });

  test('a connection that is lost fails the frames, after the first and before the last (2 moments)', async () => {
    const { engine, sever, ...lab } = given();
    const url = await lab.createSample();
    const { frames } = await take(engine, url);
    for (const moment of [1, frames.length]) {
      const error = await failureOf(severedAfter(moment));
      expect(error).toBeInstanceOf(Error);
    }
    expect(await lab.leftovers(url)).toEqual([]);

    async function severedAfter(moment: number): Promise<void> {
      let count = 0;
      for await (const _ of (await engine.dump(url, contextOf())).frames) {
        count += 1;
        if (count === moment) await sever();
      }
    }
  });
}

/** Frames may come in any order from an engine whose frames are independent. */
function hashable(frames: readonly RawFrame[]): string[] {
  return frames.map(({ bytes }) => Buffer.from(bytes).toString('base64').slice(0, 2_000)).toSorted();
}

function byName(a: { name: string }, b: { name: string }): number {
  return a.name < b.name ? -1 : 1;
}
