import type { BackupDetail, BackupSummary, ListedBackup, RestoreTestSummary } from './answers/backup.ts';
import type { RestoreTestRecord } from './archive/restore-test-record.ts';
import type { Backup } from './catalog.ts';
import { newest } from './retention.ts';

export type { BackupDetail, BackupSummary, ListedBackup, RestoreTestSummary } from './answers/backup.ts';

export function summarize(
  { id, key, manifestKey, database, manifest }: Backup,
  held: boolean,
): BackupSummary {
  const { archive, engine, startedAt, finishedAt } = manifest;
  return {
    id,
    key,
    manifestKey,
    database,
    engine: engine.name,
    engineVersion: engine.version,
    size: archive.size,
    rawSize: archive.rawSize,
    rows: manifest.rows,
    sha256: archive.sha256,
    seconds: manifest.seconds,
    startedAt,
    finishedAt,
    trigger: manifest.trigger,
    actor: manifest.actor,
    compression: archive.compression,
    retention: manifest.retention,
    held,
    fileName: archive.file,
    plainName: archive.plainName,
  };
}

/** With the restore tests that there are, by the backup's id. */
export function listAll(
  backups: readonly Backup[],
  tests: ReadonlyMap<string, RestoreTestRecord>,
): ListedBackup[] {
  return summarizeAll(backups).map((it) => ({ ...it, restoreTest: summarizeTest(tests.get(it.id)) }));
}

function summarizeTest(record: RestoreTestRecord | undefined): RestoreTestSummary | null {
  if (!record) return null;
  const { result, finishedAt, seconds, server, engine } = record;
  const { objects, tables, rows, explained, different } = record;
  return {
    result,
    finishedAt,
    seconds,
    server,
    engineVersion: engine.version,
    objects,
    tables,
    rows,
    explained,
    different,
  };
}

/** Summaries in the same order; `held` is worked out for each database among `backups`. */
export function summarizeAll(backups: readonly Backup[]): BackupSummary[] {
  const byDatabase = Map.groupBy(backups, (it) => it.database);
  const held = new Set([...byDatabase.values()].map((group) => newest(group)));
  return backups.map((it) => summarize(it, held.has(it)));
}

export function describeBackup(
  backup: Backup,
  held: boolean,
  test: RestoreTestRecord | undefined,
): BackupDetail {
  const { tables, frames, tool, warnings, details } = backup.manifest;
  return {
    ...summarize(backup, held),
    restoreTest: summarizeTest(test),
    tables,
    frames: frames.length,
    toolVersion: tool.version,
    warnings,
    details,
  };
}
