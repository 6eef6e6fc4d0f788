import type { RestoreReport, RestoreTablesReport, UndoReport } from '../../tasks/restore.ts';
import { formatCount, formatSeconds } from '../output.ts';

export function describeRestore(report: RestoreReport): string {
  const counts = `${formatCount(report.rows)} rows in ${report.tables} tables, ${formatSeconds(report.seconds)}`;
  return lines(`Restored ${report.id} into ${report.target}: ${counts}.`, before(report), report);
}

export function describeTables(report: RestoreTablesReport): string {
  const { id, target, replaced, restored, seconds } = report;
  const head = replaced
    ? `Replaced rows in ${target} by those of ${id}, ${formatSeconds(seconds)}:`
    : `Brought tables of ${id} back beside those in ${target}, ${formatSeconds(seconds)}:`;
  const tables = restored.map(({ name, rows, restoredAs }) => {
    const place = replaced ? name : `${name} as ${restoredAs}`;
    return `  ${place}: ${formatCount(rows)} rows`;
  });
  return lines(head, [...tables, ...before(report)], report);
}

export function describeUndo(report: UndoReport): string {
  const { restored, target, kept, seconds } = report;
  const head = `Put ${restored} back in place of ${target}, ${formatSeconds(seconds)}.`;
  return lines(head, [`  What was there until now is kept as ${kept}.`], report);
}

function before({ safetyBackup }: { readonly safetyBackup: string | null }): string[] {
  return safetyBackup === null ? [] : [`  What was there before is in ${safetyBackup}.`];
}

function lines(
  head: string,
  more: readonly string[],
  { warnings }: { readonly warnings: readonly string[] },
): string {
  return [head, ...more, ...warnings.map((warning) => `  warning ${warning}`)].join('\n');
}
