import { expect, test } from 'vitest';
import type { LoadInput, RawFrame } from '../../../lib/engines/engine.ts';
import { contextOf, failureOf, inputOf, refusalOf, replay, type Taken } from './harness.ts';
import type { EngineLab, Given } from './lab.ts';
import { sampleOf } from './load.ts';

export function failedLoadTests(given: Given): void {
  test('an error of the source is rethrown as it is, target as before (before, amid and after the frames, x 2 targets)', async () => {
    const lab = given();
    const { taken } = await sampleOf(lab);
    for (const length of [0, 1, taken.frames.length]) {
      await forBothTargets(lab, async (target) => {
        const failure = Object.assign(new Error('the store failed'), { code: 'ENOENT' });
        const input = { ...inputOf(taken), frames: failing(taken.frames.slice(0, length), failure) };
        expect(await failureOf(lab.engine.load(target, input, contextOf()))).toBe(failure);
      });
    }
  });

  test('a damaged dump is BACKUP_DAMAGED, with and without a manifest, target as before', async () => {
    const lab = given();
    const { taken } = await sampleOf(lab);
    for (const { title, frames } of lab.damaged(taken.frames)) {
      const inputs = [{ ...inputOf(taken), frames: replay(frames) }, { frames: replay(frames) }];
      await forBothTargets(lab, async (target) => {
        const load = lab.engine.load(target, inputs.pop()!, contextOf());
        expect(await refusalOf(load), title).toBe('BACKUP_DAMAGED');
      });
    }
  });

  test('a dump that is not as expected is BACKUP_DAMAGED, target as before (5 expectations)', async () => {
    const lab = given();
    const { taken } = await sampleOf(lab);
    for (const input of wrongExpectations(taken)) {
      await forBothTargets(lab, async (target) => {
        expect(await refusalOf(lab.engine.load(target, input(), contextOf()))).toBe('BACKUP_DAMAGED');
      });
    }
  });

  test('a dump of another system is RESTORE_REFUSED, target as before', async () => {
    const lab = given();
    await forBothTargets(lab, async (target) => {
      const load = lab.engine.load(target, { frames: replay(lab.foreign()) }, contextOf());
      expect(await refusalOf(load)).toBe('RESTORE_REFUSED');
    });
  });

  test('a fence that throws stops the load with its error, target as before', async () => {
    const lab = given();
    const { taken } = await sampleOf(lab);
    await forBothTargets(lab, async (target) => {
      const lost = new Error('the lease is lost');
      const context = contextOf({ fence: () => Promise.reject(lost) });
      expect(await failureOf(lab.engine.load(target, inputOf(taken), context))).toBe(lost);
    });
  });

  test('a target that stays locked is TARGET_BUSY after the limit, as before, and loads once it is free', async () => {
    const lab = given();
    const { url, taken } = await sampleOf(lab);
    const target = await lab.createOther();
    const before = await lab.fingerprint(target);
    const unlock = await lab.lock(target);
    const refusal = await refusalOf(lab.engine.load(target, inputOf(taken), contextOf()), 2 * lab.busyMs);
    await unlock();
    expect(refusal).toBe('TARGET_BUSY');
    expect(await lab.fingerprint(target)).toBe(before);
    expect(await lab.leftovers(target)).toEqual([]);
    await lab.engine.load(target, inputOf(taken), contextOf());
    expect(await lab.fingerprint(target)).toBe(await lab.fingerprint(url));
  });
}

/** Runs `fail` on a target where nothing is and on an existing one; both must be untouched then, without leftovers. */
async function forBothTargets(lab: EngineLab, fail: (target: string) => Promise<void>): Promise<void> {
  for (const target of [lab.reserve(), await lab.createOther()]) {
    const before = [await lab.traces(target), await lab.fingerprint(target)];
    await fail(target);
    expect([await lab.traces(target), await lab.fingerprint(target)]).toEqual(before);
    expect(await lab.leftovers(target)).toEqual([]);
  }
}

/** Inputs whose frames are whole, and whose manifest says something else. */
export function wrongExpectations(taken: Taken): (() => LoadInput)[] {
  const { rawSize, summary } = taken;
  const [first, ...others] = summary.tables;
  const wrong = [
    { rawSize, tables: [{ ...first!, rows: first!.rows + 1 }, ...others] },
    { rawSize, tables: [...summary.tables, { name: 'nowhere', rows: 1 }] },
    { rawSize, tables: [...summary.tables, { name: 'nowhere', rows: 0 }] },
    { rawSize: rawSize + 1, tables: summary.tables },
    { rawSize: rawSize - 1, tables: summary.tables },
  ];
  return wrong.map((expected) => () => ({ frames: replay(taken.frames), expected }));
}

async function* failing(frames: readonly RawFrame[], failure: Error): AsyncGenerator<RawFrame> {
  yield* frames;
  throw failure;
}
