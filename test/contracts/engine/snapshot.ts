import { setTimeout as sleep } from 'node:timers/promises';
import { expect, test } from 'vitest';
import { someOf } from '../../support/moments.ts';
import { contextOf, copyOf, inputOf, sizeOf, take } from './harness.ts';
import type { Given } from './lab.ts';

const DUMPS = someOf(5, 20);

export function snapshotTests(given: Given): void {
  test(`balances add up in ${DUMPS} of ${DUMPS} dumps while a process moves money, each newer than the last`, async () => {
    const { patient: engine, numberOf, ...lab } = given();
    const url = await lab.createSample();
    const transfers = await lab.startTransfers(url);
    const totals: number[] = [];
    const moments: number[] = [];
    for (let round = 0; round < DUMPS; round++) {
      const before = await transfers.count();
      const copy = lab.reserve();
      await engine.load(copy, inputOf(await take(engine, url, {}, 3)), contextOf());
      totals.push(await numberOf(copy, 'SELECT sum(balance) FROM accounts'));
      moments.push(await numberOf(copy, 'SELECT count(*) FROM transfers'));
      expect(moments.at(-1)).toBeGreaterThanOrEqual(before);
    }
    expect(totals).toEqual(Array.from({ length: DUMPS }, () => lab.total));
    expect(moments).toEqual(moments.toSorted((a, b) => a - b));
    expect(moments.at(-1)).toBeGreaterThan(moments[0]!);
    expect(await transfers.stop()).toEqual([]);
  });

  test('a dump holds what was there when it was opened, not what came while it was read', async () => {
    const { patient: engine, fingerprint, ...lab } = given();
    const url = await lab.createSample();
    const before = await fingerprint(url);
    const dump = await engine.dump(url, contextOf());
    // Where writers have to wait for a dump, these do, too.
    const transfers = await lab.startTransfers(url);
    const frames = [];
    for await (const frame of dump.frames) {
      frames.push(copyOf(frame));
      await sleep(20);
    }
    await dump.close();
    expect(await transfers.stop()).toEqual([]);
    const copy = lab.reserve();
    await engine.load(
      copy,
      inputOf({ ...dump, summary: dump.summary(), frames, rawSize: sizeOf(frames) }),
      contextOf(),
    );
    expect(await fingerprint(copy)).toBe(before);
  });

  test('writers go on as soon as a dump has ended, been left, or been closed unread (3 ways)', async () => {
    const { patient: engine, ...lab } = given();
    const url = await lab.createSample();
    const transfers = await lab.startTransfers(url);
    const ways = [
      () => take(engine, url),
      async () => {
        for await (const _ of (await engine.dump(url, contextOf())).frames) break;
      },
      async () => (await engine.dump(url, contextOf())).close(),
    ];
    for (const way of ways) {
      await way();
      const count = await transfers.count();
      await expect.poll(() => transfers.count()).toBeGreaterThan(count);
    }
    expect(await transfers.stop()).toEqual([]);
  });

  test('a dump leaves the source untouched: read to its end, left early, closed unread, closed twice', async () => {
    const { patient: engine, ...lab } = given();
    const url = await lab.createSample();
    const [traces, content] = [await lab.traces(url), await lab.fingerprint(url)];
    await take(engine, url);
    expect(await lab.traces(url)).toEqual(traces);
    const left = await engine.dump(url, contextOf());
    for await (const _ of left.frames) break;
    expect(await lab.traces(url)).toEqual(traces);
    await left.close();
    const unread = await engine.dump(url, contextOf());
    await unread.close();
    await unread.close();
    expect(await lab.traces(url)).toEqual(traces);
    expect(await lab.fingerprint(url)).toBe(content);
    expect(await lab.leftovers(url)).toEqual([]);
  });
}
