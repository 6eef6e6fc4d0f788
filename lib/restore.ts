import type { Manifest } from './archive/manifest.ts';
import { readArchive } from './archive/reader.ts';
import { backup, type Database, engineContext, type VerbDeps } from './backup.ts';
import type { Backup } from './catalog.ts';
import type { LoadInput, LoadResult } from './engines/engine.ts';
import { CofreError, toCofreError } from './errors.ts';
import type { JobContext } from './jobs/run.ts';

/** Where a restore takes its data from; `manifest` is absent for a file that Cofre did not make. */
export interface RestoreSource {
  /** Id of the backup, or path of the file. */
  readonly label: string;
  readonly manifest: Manifest | undefined;
  readonly input: (signal: AbortSignal) => LoadInput;
}

export interface RestoreRequest {
  readonly source: RestoreSource;
  readonly target: Database;
  /** Back the target up first, so that the restore itself can be undone. */
  readonly safetyBackup: boolean;
  readonly actor: string;
}

export interface RestoreResult extends LoadResult {
  /** Id of the safety backup, or `null` when none was made. */
  readonly safetyBackup: string | null;
}

/** A backup of the catalog as the source of a restore. */
export function sourceOf({ store }: Pick<VerbDeps, 'store'>, { id, key, manifest }: Backup): RestoreSource {
  const { archive, tables, details } = manifest;
  const expected = { rawSize: archive.rawSize, tables, details };
  const input = (signal: AbortSignal) => ({ frames: readArchive(store, key, manifest, signal), expected });
  return { label: id, manifest, input };
}

/** The mirror of backup: manifest -> frames -> verify -> load. The target is old or new, never anything between. */
export async function restore(
  deps: VerbDeps,
  request: RestoreRequest,
  job: JobContext,
): Promise<RestoreResult> {
  const { source, target } = request;
  requireSameEngine(source, target);
  const safetyBackup = request.safetyBackup ? await backUpTarget(deps, request, job) : null;
  job.report({ phase: 'load', bytes: 0, ...total(source) });
  const loaded = await target.engine.load(target.url, source.input(job.signal), engineContext(deps, job));
  return { ...loaded, safetyBackup };
}

/** Reads a whole backup back: every frame's hash, the structure, the rows. */
export async function verify(
  deps: VerbDeps,
  found: Backup,
  database: Database,
  job: JobContext,
): Promise<LoadResult> {
  job.report({ phase: 'verify', bytes: 0, totalBytes: found.manifest.archive.rawSize });
  return await database.engine.verify(sourceOf(deps, found).input(job.signal), engineContext(deps, job));
}

function total({ manifest }: RestoreSource) {
  return manifest ? { totalBytes: manifest.archive.rawSize } : {};
}

function requireSameEngine({ label, manifest }: RestoreSource, { engine, name }: Database): void {
  if (!manifest || manifest.engine.name === engine.name) return;
  throw new CofreError(
    'RESTORE_REFUSED',
    `${label} is a backup of ${manifest.engine.name}, and ${name} is on ${engine.name}.`,
    { hint: 'Restore it into a database of its own kind; nothing was changed.' },
  );
}

async function backUpTarget(
  deps: VerbDeps,
  { target, actor }: RestoreRequest,
  job: JobContext,
): Promise<string | null> {
  // One phase for whoever watches: to them, reading the data while restoring would look wrong.
  const report: JobContext['report'] = (update) => job.report({ ...update, phase: 'safety-backup' });
  report({ phase: 'safety-backup' });
  const unsafe =
    'Nothing was changed. If it cannot be read any more, restore without a safety backup (--no-safety-backup).';
  try {
    if (!(await target.engine.inspect(target.url, engineContext(deps, job))).exists) return null;
    const made = await backup(
      deps,
      { database: target, compression: 'zstd', trigger: 'pre-restore', actor },
      { ...job, report },
    );
    return made.id;
  } catch (error) {
    const { code, message } = toCofreError(error);
    throw new CofreError(code, `The safety backup of ${target.name} failed: ${message}`, {
      cause: error,
      hint: unsafe,
    });
  }
}
