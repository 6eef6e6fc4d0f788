import { afterAll, beforeAll, describe } from 'vitest';
import { abortTests } from './engine/abort.ts';
import { failedLoadTests } from './engine/failed-load.ts';
import { frameTests } from './engine/frames.ts';
import { killedTests } from './engine/killed.ts';
import type { EngineLab } from './engine/lab.ts';
import { loadTests } from './engine/load.ts';
import { restoreTestTests } from './engine/restore-test.ts';
import { snapshotTests } from './engine/snapshot.ts';
import { sourceTests } from './engine/sources.ts';
import { verifyTests } from './engine/verify.ts';

export type { EngineLab } from './engine/lab.ts';

/**
 * The conformance suite of `lib/engines/engine.ts`: every sentence of that contract has a test here, and every engine
 * passes all of them. `makeLab` opens the lab; it runs once, and each test works on databases of its own.
 */
export function engineContract(name: string, makeLab: () => Promise<EngineLab>): void {
  describe(`${name} keeps the engine contract`, () => {
    let lab: EngineLab | undefined;
    beforeAll(async () => {
      lab = await makeLab();
    });
    afterAll(() => lab?.cleanup());

    const given = (): EngineLab => {
      if (lab === undefined) throw new Error('makeLab did not run');
      return lab;
    };

    describe('snapshot', () => snapshotTests(given));
    describe('frames', () => frameTests(given));
    describe('sources', () => sourceTests(given));
    describe('load', () => loadTests(given));
    describe('failed load', () => failedLoadTests(given));
    describe('abort', () => abortTests(given));
    describe('killed', () => killedTests(given));
    describe('verify', () => verifyTests(given));
    describe('restore test', () => restoreTestTests(given));
  });
}
