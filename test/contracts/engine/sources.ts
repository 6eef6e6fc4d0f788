import { expect, test } from 'vitest';
import { contextOf, refusalOf, replay, take } from './harness.ts';
import type { Given } from './lab.ts';

export function sourceTests(given: Given): void {
  test('inspect tells version and size of what is there, and that nothing is where nothing is', async () => {
    const { engine, ...lab } = given();
    const url = await lab.createSample();
    const traces = await lab.traces(url);
    expect(await engine.inspect(url, contextOf())).toMatchObject({
      exists: true,
      version: expect.stringMatching(/^\d+(\.|rc)\d+/),
      size: expect.any(Number),
      warnings: [],
    });
    expect(await lab.traces(url)).toEqual(traces);
    expect(await engine.inspect(lab.reserve(), contextOf())).toMatchObject({ exists: false, size: 0 });
  });

  test('what cannot be dumped is refused with its code and a hint, yields no end, and is left alone', async () => {
    const { engine, unusable, traces } = given();
    const found: Record<string, string> = {};
    const all = await unusable();
    for (const { title, url } of all) {
      const before = await traces(url);
      found[title] = await refusalOf(take(engine, url));
      expect(await traces(url), title).toEqual(before);
    }
    expect(found).toEqual(Object.fromEntries(all.map(({ title, code }) => [title, code])));
  });

  test('a source that stays locked is SOURCE_BUSY, not before the limit, but then', async () => {
    const { engine, busyMs, ...lab } = given();
    const url = await lab.createSample();
    const unlock = await lab.lock(url);
    const began = Date.now();
    const code = await refusalOf(take(engine, url), busyMs);
    const waited = Date.now() - began;
    await unlock();
    expect(code).toBe('SOURCE_BUSY');
    expect(waited).toBeGreaterThanOrEqual(busyMs * 0.9);
    await take(engine, url);
  });

  test('a source whose lock ends in time is dumped', async () => {
    const { patient, ...lab } = given();
    const url = await lab.createSample();
    const unlock = await lab.lock(url);
    const dumping = take(patient, url);
    setTimeout(unlock, 750);
    expect((await dumping).summary.tables.length).toBeGreaterThan(0);
  });

  test('a URL of another kind is a USAGE error of every method that takes one (4 methods)', async () => {
    const { engine } = given();
    const url = 'gopher://example.org/database';
    const calls = [
      engine.inspect(url, contextOf()),
      engine.dump(url, contextOf()),
      engine.load(url, { frames: replay([]) }, contextOf()),
      engine.sweep(url),
    ];
    expect(await Promise.all(calls.map((call) => refusalOf(call)))).toEqual(calls.map(() => 'USAGE'));
  });
}
