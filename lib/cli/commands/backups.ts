import { resolve } from 'node:path';
import { type DownloadForm, download, downloadOptions } from '../../download.ts';
import { CofreError } from '../../errors.ts';
import { remove } from '../../prune.ts';
import { newest } from '../../retention.ts';
import { type BackupDetail, describeBackup, summarizeAll } from '../../summary.ts';
import { runVerify } from '../../tasks/verify.ts';
import { formatBytes, formatCount, formatSeconds, formatTime, table } from '../output.ts';
import type { CliSession } from '../session.ts';

export async function listCommand(
  { cofre, output }: CliSession,
  options: { database?: string },
): Promise<void> {
  const { backups, damaged } = await cofre.catalog.scan(options.database);
  const summaries = summarizeAll(backups);
  for (const it of damaged) output.note(`cofre: not a whole backup: ${it.message}`);
  output.result({ backups: summaries, damaged }, () => {
    if (summaries.length === 0) return `No backups in ${cofre.store.url}. \`cofre backup\` makes one.`;
    const rows = summaries.map((it) => [
      it.id,
      formatTime(it.startedAt),
      formatCount(it.rows),
      formatBytes(it.rawSize),
      formatBytes(it.size),
      it.trigger,
      it.held ? `${it.retention} (newest, held)` : it.retention,
    ]);
    return table(['ID', 'MADE', 'ROWS', 'DATABASE', 'STORED', 'TRIGGER', 'RETENTION'], rows);
  });
}

export async function showCommand({ cofre, output }: CliSession, id: string): Promise<void> {
  const backup = await cofre.catalog.find(id);
  const { backups } = await cofre.catalog.scan(backup.database);
  const detail = describeBackup(backup, newest(backups)?.id === backup.id);
  output.result(detail, () => describe(detail, cofre.store.url));
}

function describe(it: BackupDetail, store: string): string {
  const facts = [
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
    ...it.warnings.map((warning) => ['warning', warning]),
  ];
  const tables = it.tables.map(({ name, rows }) => [name, formatCount(rows)]);
  const head = facts.map(([name, value]) => `${name!.padEnd(10)} ${value}`).join('\n');
  return tables.length === 0 ? head : `${head}\n\n${table(['TABLE', 'ROWS'], tables)}`;
}

export async function verifyCommand(session: CliSession, id: string): Promise<void> {
  const { cofre, output, actor } = session;
  const backup = await cofre.catalog.find(id);
  const report = await session.withProgress((run) => runVerify(cofre, backup, actor, run));
  output.result(
    report,
    () =>
      `${report.id} is whole: ${report.frames} frames, ${formatBytes(report.rawSize)}, ` +
      `${formatCount(report.rows)} rows in ${report.tables} tables, ${formatSeconds(report.seconds)}.`,
  );
}

export interface DownloadCommandOptions {
  readonly output?: string;
  readonly stored?: boolean;
}

/** The plain file, unless `--stored` or an output name with the archive's own suffix asks for the compressed one. */
export async function downloadCommand(
  session: CliSession,
  id: string,
  options: DownloadCommandOptions,
): Promise<void> {
  const { cofre, output, process } = session;
  const backup = await cofre.catalog.find(id);
  const { archive } = backup.manifest;
  const suffix = archive.file.slice(archive.plainName.length);
  const form: DownloadForm =
    options.stored || (suffix && options.output?.endsWith(suffix)) ? 'stored' : 'plain';
  const file = resolve(process.cwd, options.output ?? (form === 'plain' ? archive.plainName : archive.file));
  const totalBytes = form === 'plain' ? archive.rawSize : archive.size;
  const size = await session.withProgress(({ signal, onProgress }) => {
    const idle = { phase: 'read', table: null, rows: null, secondsLeft: null, note: null } as const;
    const onBytes = (bytes: number) => onProgress({ ...idle, bytes, totalBytes });
    return download(cofre, { backup, form, file, signal, onBytes });
  });
  output.result(
    { id: backup.id, file, form, size },
    () => `${file}: ${formatBytes(size)}, every byte checked.`,
  );
}

export async function urlCommand(
  { cofre, output }: CliSession,
  id: string,
  options: { expires: number; stored?: boolean },
): Promise<void> {
  const backup = await cofre.catalog.find(id);
  const how = downloadOptions(backup, options.stored ? 'stored' : 'plain', options.expires);
  const url = await cofre.store.downloadUrl(backup.key, how);
  const expiresAt = new Date(cofre.clock.now().getTime() + options.expires * 1_000).toISOString();
  output.result({ id: backup.id, url, fileName: how.fileName, expiresAt }, () => url);
}

export async function deleteCommand(
  { cofre, output, process }: CliSession,
  id: string,
  options: { force?: boolean; yes?: boolean },
): Promise<void> {
  const backup = await cofre.catalog.find(id);
  if (process.signal.aborted) throw new CofreError('ABORTED', 'Interrupted.');
  await remove(cofre, backup, options.force ?? false);
  output.result({ id: backup.id, deleted: true }, () => `Deleted ${backup.id}.`);
}
