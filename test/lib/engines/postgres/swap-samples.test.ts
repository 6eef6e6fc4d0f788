import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { postgresEngine } from '../../../../lib/engines/postgres/engine.ts';
import { inputOf, take } from '../../../contracts/engine/harness.ts';
import { canonical, firstDifference } from '../../../support/postgres/canonical.ts';
import { loadSample } from '../../../support/postgres/samples.ts';
import { type SwapLab, swapLab } from '../../../support/postgres/swap-lab.ts';

describe.each([14, 18] as const)('PostgreSQL %i', (version) => {
  let lab: SwapLab;
  beforeAll(async () => {
    lab = await swapLab(version);
  });
  afterAll(() => lab.server.stop());

  test.each(['chinook', 'every-kind', 'wide'] as const)(
    '%s: the swap of our own dump gives what psql makes of that of pg_dump',
    async (name) => {
      const [source, target] = [await loadSample(lab.server, name), await loadSample(lab.server, 'occupied')];
      const taken = await take(postgresEngine(), source);
      const { warnings } = await lab.swap(target, inputOf(taken));
      const [found, expected] = [await lab.fingerprint(target), await lab.copyOf(source)];
      expect(firstDifference(canonical(found), canonical(expected))).toBe('');
      expect(warnings.length).toBe(1);
    },
  );
});
