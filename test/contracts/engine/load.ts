import { expect, test } from 'vitest';
import type { EngineProgress, LoadResult } from '../../../lib/engines/engine.ts';
import { contextOf, inputOf, replay, type Taken, take } from './harness.ts';
import type { EngineLab, Given } from './lab.ts';

export function loadTests(given: Given): void {
  test('a missing, an empty and an existing target all become equal to the source (3 targets)', async () => {
    const lab = given();
    const { url, taken } = await sampleOf(lab);
    const targets = [lab.reserve(), await lab.createEmpty(), await lab.createOther()];
    for (const target of targets) {
      const result = await lab.engine.load(target, inputOf(taken), contextOf());
      await expectEqual(lab, target, url, taken, result);
    }
  });

  test('loaded over the source itself: what was made, changed or dropped since the backup is as it was', async () => {
    const lab = given();
    const { url, taken } = await sampleOf(lab);
    const before = await lab.fingerprint(url);
    await lab.execute(url, [
      'CREATE TABLE made_since (id INTEGER PRIMARY KEY, note VARCHAR(20))',
      "INSERT INTO made_since VALUES (1, 'new')",
      'CREATE VIEW seen_since AS SELECT id FROM made_since',
      'CREATE INDEX sorted_since ON accounts (balance)',
      'DELETE FROM accounts WHERE id <= 10',
      'UPDATE accounts SET balance = balance + 1',
      'DROP TABLE notes',
    ]);
    expect(await lab.fingerprint(url)).not.toBe(before);
    await lab.engine.load(url, inputOf(taken), contextOf());
    expect(await lab.fingerprint(url)).toBe(before);
  });

  test('a dump that Cofre has no manifest of loads as well', async () => {
    const lab = given();
    const { url, taken } = await sampleOf(lab);
    for (const target of [lab.reserve(), await lab.createOther()]) {
      const result = await lab.engine.load(target, { frames: replay(taken.frames) }, contextOf());
      await expectEqual(lab, target, url, taken, result);
    }
  });

  test('dump, load, dump, load: the second copy equals the first and the source', async () => {
    const lab = given();
    const { url, taken } = await sampleOf(lab);
    const [first, second] = [lab.reserve(), lab.reserve()];
    await lab.engine.load(first, inputOf(taken), contextOf());
    await lab.engine.load(second, inputOf(await take(lab.engine, first)), contextOf());
    expect(await lab.fingerprint(second)).toBe(await lab.fingerprint(url));
  });

  test('the target is not touched before all frames were read, and the fence passed once (2 targets)', async () => {
    const lab = given();
    const { taken } = await sampleOf(lab);
    for (const target of [lab.reserve(), await lab.createOther()]) {
      const before = await lab.fingerprint(target);
      const events: string[] = [];
      const unchanged = async () => ((await lab.fingerprint(target)) === before ? 'untouched' : 'changed');
      await lab.engine.load(
        target,
        inputOf(taken, async () => void events.push('frames ended', await unchanged())),
        contextOf({ fence: async () => void events.push('fence', await unchanged()) }),
      );
      expect(events).toEqual(['frames ended', 'untouched', 'fence', 'untouched']);
    }
  });

  test('progress counts up to the size of the backup', async () => {
    const lab = given();
    const { taken } = await sampleOf(lab);
    const reports: EngineProgress[] = [];
    const context = contextOf({ report: (progress) => reports.push(progress) });
    await lab.engine.load(await lab.createOther(), inputOf(taken), context);
    const loaded = reports.filter(({ phase }) => phase === 'load').map(({ bytes }) => bytes);
    expect(loaded.length).toBeGreaterThanOrEqual(3);
    expect(loaded).toEqual(loaded.toSorted((a, b) => a! - b!));
    expect(loaded.at(-1)).toBe(taken.rawSize);
  });
}

export async function sampleOf(lab: EngineLab): Promise<{ url: string; taken: Taken }> {
  const url = await lab.createSample();
  return { url, taken: await take(lab.engine, url) };
}

async function expectEqual(
  lab: EngineLab,
  target: string,
  source: string,
  { summary }: Taken,
  result: LoadResult,
): Promise<void> {
  expect(await lab.fingerprint(target)).toBe(await lab.fingerprint(source));
  expect(await lab.leftovers(target)).toEqual([]);
  expect(result.tables).toEqual(summary.tables);
  expect(result.rows).toBe(summary.tables.reduce((sum, { rows }) => sum + rows, 0));
  expect(result.warnings).toEqual([]);
}
