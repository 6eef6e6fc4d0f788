import type { Clock } from '../../lib/clock.ts';
import { openCofre } from '../../lib/cofre.ts';
import { loadConfig } from '../../lib/config.ts';
import { silentLogger } from '../../lib/logger.ts';
import { type BackupReport, runBackup } from '../../lib/tasks/backup.ts';

export const DAY_MS = 86_400_000;

/** Makes a real backup of `database` so many days ago, as the configuration in `folder` says. */
export async function backUpDaysAgo(
  folder: string,
  days: number,
  database = 'shop',
  trigger: 'manual' | 'schedule' = 'manual',
): Promise<BackupReport> {
  const offset = days * DAY_MS;
  const clock: Clock = { now: () => new Date(Date.now() - offset), sleep: async () => {} };
  const cofre = openCofre({ config: loadConfig(undefined, folder), env: {}, logger: silentLogger, clock });
  const task = {
    database: await cofre.database(database),
    compression: 'zstd',
    trigger,
    actor: 'test',
  } as const;
  return await runBackup(cofre, task, { signal: new AbortController().signal });
}
