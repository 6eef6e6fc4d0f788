import { afterAll, beforeAll, describe } from 'vitest';
import { conditionTests } from './store/conditions.ts';
import type { StoreHarness, StoreUnderTest } from './store/harness.ts';
import { keyTests } from './store/keys.ts';
import { listTests } from './store/list.ts';
import { readTests } from './store/reads.ts';
import { tagTests } from './store/tags.ts';
import { unfinishedTests } from './store/unfinished.ts';
import { urlTests } from './store/urls.ts';
import { writeTests } from './store/writes.ts';

export type { StoreHarness } from './store/harness.ts';

/**
 * The conformance suite of `lib/store/store.ts`: every sentence of that contract has a test here, and every store
 * passes all of them. `makeStore` opens an empty store; it runs once, and each test works under keys of its own.
 */
export function storeContract(name: string, makeStore: () => Promise<StoreHarness>): void {
  describe(`${name} keeps the store contract`, () => {
    let harness: StoreHarness | undefined;
    beforeAll(async () => {
      harness = await makeStore();
    });
    afterAll(() => harness?.cleanup());

    let folders = 0;
    const given = (): StoreUnderTest => {
      if (harness === undefined) throw new Error('makeStore did not run');
      folders += 1;
      return { ...harness, folder: `t${folders}` };
    };

    describe('keys', () => keyTests(given));
    describe('writes', () => writeTests(given));
    describe('conditions', () => conditionTests(given));
    describe('unfinished writes', () => unfinishedTests(given));
    describe('reads', () => readTests(given));
    describe('list and delete', () => listTests(given));
    describe('tags', () => tagTests(given));
    describe('download URLs', () => urlTests(given));
  });
}
