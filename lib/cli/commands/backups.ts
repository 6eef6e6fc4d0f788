import { resolve } from 'node:path';
import { type DownloadForm, download, downloadOptions } from '../../download.ts';
import { CofreError } from '../../errors.ts';
import { remove } from '../../prune.ts';
import { readRestoreTests, testOf } from '../../restore-test-records.ts';
import { newest } from '../../retention.ts';
import { describeBackup, listAll } from '../../summary.ts';
import { runVerify } from '../../tasks/verify.ts';
import { formatBytes } from '../output.ts';
import type { CliSession } from '../session.ts';
import { describeDamaged, describeDetail, describeList, describeVerified } from './backup-texts.ts';

export async function listCommand(
  { cofre, output }: CliSession,
  options: { database?: string },
): Promise<void> {
  const listing = await cofre.catalog.scan(options.database);
  const { backups, damaged } = listing;
  const tests = await readRestoreTests(cofre.store, listing, (message) => cofre.logger.warn(message));
  const summaries = listAll(backups, tests);
  for (const it of damaged) output.note(describeDamaged(it));
  output.result({ backups: summaries, damaged }, () => describeList(summaries, cofre.store.url));
}

export async function showCommand({ cofre, output }: CliSession, id: string): Promise<void> {
  const backup = await cofre.catalog.find(id);
  const { backups } = await cofre.catalog.scan(backup.database);
  const detail = describeBackup(backup, newest(backups)?.id === backup.id, await testOf(cofre, backup));
  output.result(detail, () => describeDetail(detail, cofre.store.url));
}

export async function verifyCommand(session: CliSession, id: string): Promise<void> {
  const { cofre, output, actor } = session;
  const backup = await cofre.catalog.find(id);
  const report = await session.withProgress((run) => runVerify(cofre, backup, actor, run));
  output.result(report, () => describeVerified(report));
}

export interface DownloadCommandOptions {
  readonly output?: string;
  readonly stored?: boolean;
}

/** Plain, unless `--stored` or an output name with the archive's own suffix asks for the compressed one. */
export function formOf(
  { fileName, plainName }: { readonly fileName: string; readonly plainName: string },
  { stored, output }: DownloadCommandOptions,
): DownloadForm {
  const suffix = fileName.slice(plainName.length);
  return stored || (suffix && output?.endsWith(suffix)) ? 'stored' : 'plain';
}

export async function downloadCommand(
  session: CliSession,
  id: string,
  options: DownloadCommandOptions,
): Promise<void> {
  const { cofre, output, process } = session;
  const backup = await cofre.catalog.find(id);
  const { archive } = backup.manifest;
  const form = formOf({ fileName: archive.file, plainName: archive.plainName }, options);
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

/** How long a presigned URL works unless `--expires` says otherwise, s. */
const URL_SECONDS = 900;

export async function urlCommand(
  { cofre, output }: CliSession,
  id: string,
  { expires = URL_SECONDS, stored = false }: { expires?: number; stored?: boolean },
): Promise<void> {
  const backup = await cofre.catalog.find(id);
  const how = downloadOptions(backup, stored ? 'stored' : 'plain', expires);
  const url = await cofre.store.downloadUrl(backup.key, how);
  const expiresAt = new Date(cofre.clock.now().getTime() + expires * 1_000).toISOString();
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
