import { afterAll, beforeAll, expect, test } from 'vitest';
import { loadBeside } from '../../../../lib/engines/postgres/swap/load.ts';
import { contextOf, failureOf, refusalOf } from '../../../contracts/engine/harness.ts';
import { cuttingProxy } from '../../../support/cutting-proxy.ts';
import { SAMPLE } from '../../../support/postgres/contract-sample.ts';
import { type Frames, inputOf, LIMITS, type SwapLab, swapLab } from '../../../support/postgres/swap-lab.ts';

let lab: SwapLab;
let backup: Frames;
let copy: string;
beforeAll(async () => {
  lab = await swapLab(18);
  const source = await lab.make(SAMPLE);
  [backup, copy] = [await lab.take(source), await lab.copyOf(source)];
});
afterAll(() => lab.server.stop());

const loadNew = (url: string, context = {}) => loadBeside(url, inputOf(backup), contextOf(context), LIMITS);

test('a new database appears whole, and not in the place of one that was made meanwhile', async () => {
  await loadNew(lab.server.url('fresh'));
  expect(await lab.fingerprint(lab.server.url('fresh'))).toBe(copy);
  const fence = async () => void (await lab.server.createDatabase('taken'));
  expect(await refusalOf(loadNew(lab.server.url('taken'), { fence }))).toBe('TARGET_BUSY');
  expect(await lab.sql('SELECT count(*) FROM pg_class WHERE oid >= 16384', 'taken')).toBe('0');
  expect(await lab.leftovers()).toEqual([]);
});

test('stopped by its signal in the fence, nothing is there', async () => {
  const controller = new AbortController();
  const reason = new Error('stop');
  const fence = async () => controller.abort(reason);
  const before = await lab.databases();
  const { signal } = controller;
  expect(await failureOf(loadNew(lab.server.url('stopped'), { fence, signal }))).toBe(reason);
  expect([await lab.databases(), await lab.leftovers()]).toEqual([before, []]);
});

test('cut while it takes its name, 10 times: there when it returns, and not when it throws', async () => {
  await using proxy = await cuttingProxy(lab.server.port);
  for (let n = 0; n < 10; n++) {
    const url = Object.assign(new URL(lab.server.url(`cut_${n}`)), { port: String(proxy.port) }).href;
    const fence = async () => void setTimeout(() => proxy.cut(), n * 3);
    const isThere = await loadNew(url, { fence }).then(
      () => true,
      () => false,
    );
    expect((await lab.databases()).includes(`cut_${n}`)).toBe(isThere);
    expect(await lab.leftovers()).toEqual([]);
  }
});
