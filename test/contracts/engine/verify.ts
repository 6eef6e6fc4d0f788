import { expect, test } from 'vitest';
import { wrongExpectations } from './failed-load.ts';
import { contextOf, failureOf, inputOf, refusalOf, replay } from './harness.ts';
import type { Given } from './lab.ts';
import { sampleOf } from './load.ts';

export function verifyTests(given: Given): void {
  test('verify accepts a good dump, with and without a manifest, and counts its rows', async () => {
    const { engine, ...lab } = given();
    const { taken } = await sampleOf(given());
    for (const input of [inputOf(taken), { frames: replay(taken.frames) }]) {
      const result = await engine.verify(input, contextOf());
      expect(result.tables).toEqual(taken.summary.tables);
      expect(result.rows).toBe(taken.summary.tables.reduce((sum, { rows }) => sum + rows, 0));
    }
    expect(await lab.leftoversOfVerify()).toEqual([]);
  });

  test('verify refuses what load refuses: damaged, unexpected, foreign, failing', async () => {
    const { engine, ...lab } = given();
    const { taken } = await sampleOf(given());
    for (const { title, frames } of lab.damaged(taken.frames)) {
      const input = { ...inputOf(taken), frames: replay(frames) };
      expect(await refusalOf(engine.verify(input, contextOf())), title).toBe('BACKUP_DAMAGED');
    }
    for (const input of wrongExpectations(taken)) {
      expect(await refusalOf(engine.verify(input(), contextOf()))).toBe('BACKUP_DAMAGED');
    }
    const foreign = { frames: replay(lab.foreign()) };
    expect(await refusalOf(engine.verify(foreign, contextOf()))).toBe('RESTORE_REFUSED');
    const failure = new Error('the store failed');
    const failing = inputOf(taken, () => Promise.reject(failure));
    expect(await failureOf(engine.verify(failing, contextOf()))).toBe(failure);
    expect(await lab.leftoversOfVerify()).toEqual([]);
  });

  test('verify touches no target, so it passes no fence', async () => {
    const { engine } = given();
    const { taken } = await sampleOf(given());
    const passed: string[] = [];
    await engine.verify(inputOf(taken), contextOf({ fence: async () => void passed.push('fence') }));
    expect(passed).toEqual([]);
  });
}
