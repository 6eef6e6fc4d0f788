import { CofreError } from '../../errors.ts';
import { prune } from '../../prune.ts';
import type { PrunePolicy } from '../../retention.ts';
import { summarizePrune } from '../../summary.ts';
import { formatBytes, formatTime, table } from '../output.ts';
import type { CliSession } from '../session.ts';

export interface PruneOptions {
  readonly database?: string;
  readonly days?: number;
  readonly keepLast?: number;
  readonly dryRun?: boolean;
}

export async function pruneCommand({ cofre, output }: CliSession, options: PruneOptions): Promise<void> {
  const policy = policyOf(options);
  const { database, dryRun = false } = options;
  const result = await prune(cofre, { policy, dryRun, ...(database !== undefined && { database }) });
  const summary = summarizePrune(result);
  output.result(summary, () => {
    if (summary.decisions.length === 0) return `No backups in ${cofre.store.url}.`;
    const rows = summary.decisions.map((it) => [
      it.action,
      it.id,
      formatTime(it.startedAt),
      formatBytes(it.size),
      it.reason,
    ]);
    const removing = summary.decisions.filter((it) => it.action === 'remove');
    const freed = removing.reduce((sum, it) => sum + it.size, 0);
    const verb = dryRun ? 'Would remove' : 'Removed';
    return `${table(['ACTION', 'ID', 'MADE', 'STORED', 'REASON'], rows)}\n\n${verb} ${removing.length} of ${rows.length} backups, ${formatBytes(freed)}.`;
  });
}

/** @throws {CofreError} `USAGE` unless there is exactly one policy. */
function policyOf({ days, keepLast }: PruneOptions): PrunePolicy {
  if (days !== undefined && keepLast === undefined) return { days };
  if (keepLast !== undefined && days === undefined) return { keepLast };
  throw new CofreError('USAGE', 'prune needs one policy: --days N or --keep-last N.', {
    hint: 'Nothing was removed. See what would go with --dry-run.',
  });
}
