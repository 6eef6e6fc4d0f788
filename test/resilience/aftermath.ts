import { expect } from 'vitest';
import type { Cofre } from '../../lib/cofre.ts';
import { expire } from '../../lib/prune.ts';
import { DEFAULT_RETENTION } from '../../lib/retention.ts';
import { runVerify } from '../../lib/tasks/verify.ts';
import { clockAhead } from '../support/fake-clock.ts';

/** More days than any retention class lasts. */
const LATER = 3_000;

/**
 * Every listed backup can be read back whole, nothing shows as damaged, and no job still shows as running. Those whose
 * ids are in `verified` are not read again, the others are added.
 */
export async function expectSound(cofre: Cofre, verified: Set<string>): Promise<void> {
  const { backups, damaged } = await cofre.catalog.scan();
  expect(damaged).toEqual([]);
  const { signal } = new AbortController();
  for (const backup of backups.filter(({ id }) => !verified.has(id))) {
    expect(await runVerify(cofre, backup, 'test', { signal })).toMatchObject({ id: backup.id, ok: true });
    verified.add(backup.id);
  }
  const states = (await cofre.journal.list({ limit: 1_000 })).map((job) => job.status);
  expect(states.filter((it) => it !== 'succeeded' && it !== 'failed')).toEqual([]);
}

/** After the retention days of all classes there is one whole backup of each database, and nothing else. */
export async function expectClearedLater(cofre: Cofre): Promise<void> {
  const later: Cofre = { ...cofre, clock: clockAhead(LATER) };
  await expire(later, DEFAULT_RETENTION);
  const { backups, damaged, orphans } = await cofre.catalog.scan();
  expect({ damaged, orphans }).toEqual({ damaged: [], orphans: [] });
  const databases = backups.map((it) => it.database);
  expect(databases).toEqual([...new Set(databases)]);
  for (const { key, manifestKey } of backups) {
    expect([await cofre.store.getTag(key), await cofre.store.getTag(manifestKey)]).toEqual(['hold', 'hold']);
  }
  expect(await later.store.clearUnfinished(later.clock.now())).toBe(0);
}
