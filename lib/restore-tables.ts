import type { Manifest } from './archive/manifest.ts';
import { type Database, type DatabaseKind, engineContext, type VerbDeps } from './backup.ts';
import type { DumpParts, Engine, TablesInput, TablesResult } from './engines/engine.ts';
import { CofreError } from './errors.ts';
import type { JobContext } from './jobs/run.ts';
import type { RestoreOptions } from './requests/restore.ts';
import { backUpTarget, cannot, requireSameEngine } from './restore.ts';
import type { RestoreSource } from './restore-source.ts';
import { resolveTables } from './table-names.ts';

export interface RestoreTablesRequest {
  readonly source: RestoreSource;
  readonly target: Database;
  readonly actor: string;
  /** `tables` as somebody typed them; see table-names.ts. Without `replace`, there is nothing to undo. */
  readonly how: Omit<RestoreOptions, 'tables'> & { readonly tables: readonly string[] };
}

export interface RestoreTablesResult extends TablesResult {
  readonly safetyBackup: string | null;
}

/** What decides whether it can be done. */
type TablesChoice = Pick<RestoreTablesRequest, 'source' | 'how'> & { readonly target: DatabaseKind };

/** What a request comes down to once it is known to be possible. */
interface Able {
  readonly names: readonly string[];
  readonly manifest: Manifest;
  readonly parts: (signal: AbortSignal) => DumpParts;
  readonly loadTables: NonNullable<Engine['loadTables']>;
}

/** Brings single tables back, all of them or none, reading nothing of the archive but their frames and the DDL. */
export async function restoreTables(
  deps: VerbDeps,
  request: RestoreTablesRequest,
  job: JobContext,
): Promise<RestoreTablesResult> {
  const { target, how } = request;
  const { tables: _, replace = false, safetyBackup: isSafe = true, ...load } = how;
  const { names, manifest, parts, loadTables } = requireTables(request);
  const safetyBackup = replace && isSafe ? await backUpTarget(deps, request, job) : null;
  job.report({ phase: 'load', bytes: 0, totalBytes: sizeOf(manifest, names) });
  const input = inputOf(manifest, names, parts(job.signal));
  const options = { ...load, replace };
  const loaded = await loadTables(target.url, input, engineContext(deps, job), options);
  return { ...loaded, safetyBackup };
}

/**
 * To be called before anybody is asked or any job is made, too.
 * @throws {CofreError} `USAGE`, `RESTORE_REFUSED`
 */
export function requireTables({ source, target, how }: TablesChoice): Able {
  requireSameEngine(source, target);
  const { engine } = target;
  if (!engine.loadTables) throw cannot(engine.name, 'restore single tables');
  const { manifest, parts } = source;
  if (!manifest || !parts) throw notIndexed(source.label);
  const empty = engine.emptyTables?.(manifest.details) ?? [];
  const names = resolveTables(how.tables, [...manifest.tables.map(({ name }) => name), ...empty]);
  return { names, manifest, parts, loadTables: engine.loadTables.bind(engine) };
}

function inputOf({ tables, details }: Manifest, names: readonly string[], { read }: DumpParts): TablesInput {
  return { tables: names, known: tables, details, read };
}

/** Bytes of the tables' frames, unpacked. */
function sizeOf({ frames }: Manifest, names: readonly string[]): number {
  const own = frames.filter(({ table }) => table !== undefined && names.includes(table));
  return own.reduce((sum, { rawSize }) => sum + rawSize, 0);
}

function notIndexed(label: string): CofreError {
  return new CofreError(
    'USAGE',
    `Single tables cannot be taken from ${label}: it has no manifest beside it.`,
    {
      hint: 'Give the id of a backup, or restore the whole file into another database (--to) and copy from there.',
    },
  );
}
