import type { Cofre } from '../lib/cofre.ts';
import { goodBackupAge } from '../lib/health.ts';
import type { Emit } from './metrics.ts';

/** Tells the age of each configured database's last good backup; of one that has none there is nothing to tell. */
export function createAgesHandler(cofre: Cofre, emit: Emit) {
  return async (): Promise<Readonly<Record<string, number | null>>> => {
    const { backups } = await cofre.catalog.scan();
    const now = cofre.clock.now();
    const ages = Object.keys(cofre.config.databases).map((name) => {
      const age = goodBackupAge(backups, name, now);
      if (age !== null) emit(name, { BackupAge: age / 1_000 });
      return [name, age === null ? null : age / 1_000] as const;
    });
    return Object.fromEntries(ages);
  };
}
