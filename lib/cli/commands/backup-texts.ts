import type { DamagedBackup } from '../../answers/backup.ts';
import type { BackupDetail, ListedBackup, RestoreTestSummary } from '../../summary.ts';
import type { BackupReport } from '../../tasks/backup.ts';
import type { VerifyReport } from '../../tasks/verify.ts';
import { formatBytes, formatCount, formatSeconds, formatTime, table } from '../output.ts';

export function describeMade(report: BackupReport, store: string): string {
  const sizes = `${formatBytes(report.rawSize)} in ${formatBytes(report.size)}`;
  const lines = [
    `Backed up ${report.database}: ${formatCount(report.rows)} rows, ${sizes}, ${formatSeconds(report.seconds)}.`,
    `  id      ${report.id}`,
    `  object  ${store}/${report.key}`,
    `  sha256  ${report.sha256}`,
  ];
  if (report.removed.length > 0) lines.push(`  removed ${report.removed.join(', ')}`);
  if (report.mailed.length > 0) lines.push(`  mailed  ${report.mailed.join(', ')}`);
  return [...lines, ...report.warnings.map((warning) => `  warning ${warning}`)].join('\n');
}

export function describeList(backups: readonly ListedBackup[], store: string): string {
  if (backups.length === 0) return `No backups in ${store}. \`cofre backup\` makes one.`;
  const rows = backups.map((it) => [
    it.id,
    formatTime(it.startedAt),
    formatCount(it.rows),
    formatBytes(it.rawSize),
    formatBytes(it.size),
    it.trigger,
    it.held ? `${it.retention} (newest, held)` : it.retention,
    it.restoreTest ? `${it.restoreTest.result} ${it.restoreTest.finishedAt.slice(0, 10)}` : '',
  ]);
  return table(['ID', 'MADE', 'ROWS', 'DATABASE', 'STORED', 'TRIGGER', 'RETENTION', 'RESTORE TEST'], rows);
}

export function describeDamaged({ message }: Pick<DamagedBackup, 'message'>): string {
  return `cofre: not a whole backup: ${message}`;
}

type Fact = readonly [name: string, value: string];

export function describeDetail(it: BackupDetail, store: string): string {
  const restored: Fact[] = it.restoreTest ? [['restored', describeTest(it.restoreTest)]] : [];
  const warnings = it.warnings.map((warning): Fact => ['warning', warning]);
  const facts: Fact[] = [
    ['id', it.id],
    ['database', `${it.database} (${it.engine} ${it.engineVersion})`],
    ['made', `${formatTime(it.startedAt)}, in ${formatSeconds(it.seconds)}, ${it.trigger}, by ${it.actor}`],
    ['object', `${store}/${it.key}`],
    [
      'size',
      `${formatBytes(it.rawSize)} in ${formatBytes(it.size)} (${it.compression}, ${it.frames} frames)`,
    ],
    ['sha256', it.sha256],
    ['retention', it.held ? `${it.retention}; held: the newest whole backup` : it.retention],
    ...restored,
    ...warnings,
  ];
  const tables = it.tables.map(({ name, rows }) => [name, formatCount(rows)]);
  const head = facts.map(([name, value]) => `${name.padEnd(10)} ${value}`).join('\n');
  return tables.length === 0 ? head : `${head}\n\n${table(['TABLE', 'ROWS'], tables)}`;
}

function describeTest(test: RestoreTestSummary): string {
  const { result, finishedAt, server, engineVersion, seconds, different, explained } = test;
  const found = result === 'equal' ? '' : ` (${different} different, ${explained} explained)`;
  return `for a test at ${formatTime(finishedAt)} on ${server} (${engineVersion}), in ${formatSeconds(seconds)}: ${result}${found}`;
}

export function describeVerified(report: VerifyReport): string {
  return (
    `${report.id} is whole: ${report.frames} frames, ${formatBytes(report.rawSize)}, ` +
    `${formatCount(report.rows)} rows in ${report.tables} tables, ${formatSeconds(report.seconds)}.`
  );
}
