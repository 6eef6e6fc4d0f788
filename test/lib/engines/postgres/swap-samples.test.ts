import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { postgresEngine } from '../../../../lib/engines/postgres/engine.ts';
import { inputOf, take } from '../../../contracts/engine/harness.ts';
import { canonical, firstDifference } from '../../../support/postgres/canonical.ts';
import { loadSample } from '../../../support/postgres/samples.ts';
import { type SwapLab, swapLab, withParts } from '../../../support/postgres/swap-lab.ts';

describe.each([14, 18] as const)('PostgreSQL %i', (version) => {
  let lab: SwapLab;
  beforeAll(async () => {
    lab = await swapLab(version);
  });
  afterAll(() => lab.server.stop());

  test.each([
    ['chinook', 'in the order of the file', inputOf],
    ['chinook', 'table by table', withParts],
    ['every-kind', 'in the order of the file', inputOf],
    ['every-kind', 'table by table', withParts],
    ['wide', 'table by table', withParts],
  ] as const)(
    '%s: the swap of our own dump, %s, gives what psql makes of that of pg_dump',
    async (name, _, input) => {
      const [source, target] = [await loadSample(lab.server, name), await loadSample(lab.server, 'occupied')];
      const taken = await take(postgresEngine(), source);
      const { warnings } = await lab.swap(target, input(taken));
      const [found, expected] = [await lab.fingerprint(target), await lab.copyOf(source)];
      expect(firstDifference(canonical(found), canonical(expected))).toBe('');
      expect(warnings.length).toBe(1);
    },
  );
});
