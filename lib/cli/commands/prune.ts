import { type PruneOptions, policyOf } from '../../requests/prune.ts';
import { type PruneReport, runPrune } from '../../tasks/prune.ts';
import { formatBytes, formatTime, table } from '../output.ts';
import type { CliSession } from '../session.ts';

export async function pruneCommand({ cofre, output }: CliSession, options: PruneOptions): Promise<void> {
  const policy = policyOf(options);
  const { database, dryRun = false } = options;
  const report = await runPrune(cofre, { policy, dryRun, ...(database !== undefined && { database }) });
  for (const warning of report.warnings) output.note(`cofre: ${warning}`);
  output.result(report, () => describePruned(report, cofre.store.url));
}

export function describePruned({ dryRun, decisions, replaced }: PruneReport, store: string): string {
  const verb = dryRun ? 'Would remove' : 'Removed';
  const lines = replaced.map(
    ({ name, database }) => `${verb} the database ${name}, which a restore of ${database} replaced.`,
  );
  if (decisions.length === 0) return [`No backups in ${store}.`, ...lines].join('\n');
  const rows = decisions.map((it) => [
    it.action,
    it.id,
    formatTime(it.startedAt),
    formatBytes(it.size),
    it.reason,
  ]);
  const removing = decisions.filter((it) => it.action === 'remove');
  const freed = removing.reduce((sum, it) => sum + it.size, 0);
  const summary = `${verb} ${removing.length} of ${rows.length} backups, ${formatBytes(freed)}.`;
  const listed = table(['ACTION', 'ID', 'MADE', 'STORED', 'REASON'], rows);
  return `${listed}\n\n${[summary, ...lines].join('\n')}`;
}
