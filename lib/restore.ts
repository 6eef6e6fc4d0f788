import { backup, type Database, type DatabaseKind, engineContext, type VerbDeps } from './backup.ts';
import type { Backup } from './catalog.ts';
import type { LoadMode, LoadOptions, LoadResult } from './engines/engine.ts';
import { CofreError, toCofreError } from './errors.ts';
import type { JobContext } from './jobs/run.ts';
import { loadOptionsOf, type RestoreOptions } from './requests/restore.ts';
import { keepsReplaced, modeOf } from './restore-modes.ts';
import { type RestoreSource, sourceOf } from './restore-source.ts';

export { type RestoreSource, sourceOf } from './restore-source.ts';

export interface RestoreRequest {
  readonly source: RestoreSource;
  readonly target: Database;
  readonly actor: string;
  readonly how?: RestoreOptions;
}

export interface RestoreResult extends LoadResult {
  readonly mode: LoadMode;
  /** Id of the safety backup, or `null` when none was made. */
  readonly safetyBackup: string | null;
}

/** The mirror of backup: manifest -> frames -> verify -> load. The target is old or new, never anything between. */
export async function restore(
  deps: VerbDeps,
  request: RestoreRequest,
  job: JobContext,
): Promise<RestoreResult> {
  const { source, target, how = {} } = request;
  const mode = requireRestorable(source, target, how);
  const isSafe = how.safetyBackup ?? !keepsReplaced(target.engine, mode);
  const safetyBackup = isSafe ? await backUpTarget(deps, request, job) : null;
  job.report({ phase: 'load', bytes: 0, ...total(source) });
  const input = source.input(job.signal);
  const loaded = await target.engine.load(target.url, input, engineContext(deps, job), {
    ...loadOptionsOf(how),
    mode,
  });
  return { ...loaded, mode, safetyBackup };
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

/**
 * Refuses early what cannot be: to be called before anybody is asked or any job is made. The mode that it will have.
 * @throws {CofreError} `RESTORE_REFUSED` for a backup of another engine, `USAGE` for options that the engine has not.
 */
export function requireRestorable(
  source: Pick<RestoreSource, 'label' | 'manifest'>,
  target: DatabaseKind,
  options: LoadOptions,
): LoadMode {
  requireSameEngine(source, target);
  const { capabilities, name, modes } = target.engine;
  const mode = modeOf(target.engine, options.mode);
  if (options.jobs !== undefined && mode === 'transaction') {
    const others = modes.includes('swap')
      ? 'Use several with mode "swap" (--mode swap --jobs N).'
      : 'Leave the option out.';
    throw new CofreError('USAGE', 'A restore in one transaction has one connection: no "jobs".', {
      hint: others,
    });
  }
  const { noOwner = false, noPrivileges = false, terminateConnections = false } = options;
  if (capabilities.roles || !(noOwner || noPrivileges || terminateConnections)) return mode;
  throw cannot(name, 'leave out owners or privileges, or end connections: it knows none');
}

/** @throws {CofreError} `USAGE` */
export function cannot(engine: string, what: string, instead = 'Leave the option out.'): CofreError {
  return new CofreError('USAGE', `The engine ${engine} cannot ${what}.`, {
    hint: `${instead} Nothing was changed.`,
  });
}

export function requireSameEngine(
  { label, manifest }: Pick<RestoreSource, 'label' | 'manifest'>,
  { engine, name }: DatabaseKind,
): void {
  if (!manifest || manifest.engine.name === engine.name) return;
  throw new CofreError(
    'RESTORE_REFUSED',
    `${label} is a backup of ${manifest.engine.name}, and ${name} is on ${engine.name}.`,
    { hint: 'Restore it into a database of its own kind; nothing was changed.' },
  );
}

/** Returns the id of the safety backup; `null` when there is nothing yet to back up. */
export async function backUpTarget(
  deps: VerbDeps,
  { target, actor }: Pick<RestoreRequest, 'target' | 'actor'>,
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
