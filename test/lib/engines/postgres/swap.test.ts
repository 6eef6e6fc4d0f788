import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { replay } from '../../../contracts/engine/harness.ts';
import { OTHER, SAMPLE } from '../../../support/postgres/contract-sample.ts';
import { databaseOf, inputOf, type SwapLab, swapLab } from '../../../support/postgres/swap-lab.ts';

describe.each([14, 18] as const)('PostgreSQL %i', (version) => {
  let lab: SwapLab;
  beforeAll(async () => {
    lab = await swapLab(version);
  });
  afterAll(() => lab.server.stop());

  test('a swap gives what psql makes of the dump, and keeps what was there', async () => {
    const [source, target] = [await lab.make(SAMPLE), await lab.make(OTHER)];
    const old = await lab.fingerprint(target);
    const input = inputOf(await lab.take(source));
    const fences: string[] = [];
    const fence = async () => void fences.push((await lab.databases()).join());
    const result = await lab.swap(target, input, {}, { fence });
    expect(await lab.fingerprint(target)).toBe(await lab.copyOf(source));
    expect(result.tables).toEqual(input.expected!.tables);
    expect(result.rows).toBe(500 + 2_300 + 300);
    const kept = (await lab.databases()).filter((name) => name.startsWith(databaseOf(target)));
    expect(kept).toEqual([databaseOf(target), expect.stringMatching(/_before_\d{8}_\d{6}$/)]);
    expect(result.warnings).toEqual([`What was in ${kept[0]} before is kept as ${kept[1]}.`]);
    expect(await lab.fingerprint(lab.server.url(kept[1]!))).toBe(old);
    expect(fences.length).toBe(1);
    expect(fences[0]).not.toContain('_before_');
    expect(await lab.leftovers()).toEqual([]);
  });

  test('a plain dump without a manifest is swapped in as well', async () => {
    const [source, target] = [await lab.make(SAMPLE), await lab.make(OTHER)];
    const { frames } = await lab.take(source);
    await lab.swap(target, { frames: replay(frames) }, { jobs: 1 });
    expect(await lab.fingerprint(target)).toBe(await lab.copyOf(source));
  });
});
