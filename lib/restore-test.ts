import { engineContext, type VerbDeps } from './backup.ts';
import type { Backup } from './catalog.ts';
import { compare } from './engines/content/compare.ts';
import type { Content, Difference } from './engines/content/content.ts';
import type { Engine, EngineContext, LoadResult, Scratch, Side } from './engines/engine.ts';
import { toCofreError } from './errors.ts';
import type { JobContext } from './jobs/run.ts';
import { sourceOf } from './restore-source.ts';

export type { Difference, Explanation, RowSum } from './engines/content/content.ts';

export interface RestoreTestRequest {
  readonly backup: Backup;
  readonly engine: Engine;
  /** URL of a database on the server where the scratch database is made; see `openScratch`. */
  readonly place: string;
}

export interface RestoreTestResult {
  readonly result: 'equal' | 'explained' | 'different';
  /** Where the scratch database was, without secrets, and the version of the database system there. */
  readonly server: string;
  readonly serverVersion: string;
  /** Compared: definitions, tables and the like, and rows of the backup in these. */
  readonly objects: number;
  readonly tables: number;
  readonly rows: number;
  /** Those that nothing explains first. */
  readonly differences: readonly Difference[];
  readonly warnings: readonly string[];
}

/**
 * Restores a backup into a scratch database, by the engine's own restore, dumps that, and compares the two dumps:
 * definitions object by object, rows as multisets. Needs nothing of the database that the backup is of, and leaves
 * nothing behind; what a kill leaves, the next run on that server drops.
 * @throws {CofreError} whatever makes a restore or a dump fail
 */
export async function restoreTest(
  deps: VerbDeps,
  { backup, engine, place }: RestoreTestRequest,
  job: JobContext,
): Promise<RestoreTestResult> {
  const context = engineContext(deps, job);
  const input = sourceOf(deps, backup).input(job.signal);
  const { details, engine: source, warnings, archive } = backup.manifest;
  job.report({ phase: 'inspect' });
  const scratch = await engine.restoreTest.openScratch(place, input.expected, context);
  const test: Test = { engine, scratch, context };
  return await thenDrop(test, async () => {
    job.report({ phase: 'load', bytes: 0, totalBytes: archive.rawSize });
    const loaded = await engine.load(scratch.url, input, context, { inert: true });
    job.report({ phase: 'read', bytes: 0, totalBytes: archive.rawSize });
    const frames = sourceOf(deps, backup).input(job.signal).frames;
    const was = await engine.restoreTest.content({ frames, details: () => details }, context);
    const restored = await contentOfScratch(test, loaded, warnings);
    const between = { was: { version: source.version, details, warnings }, is: restored.side };
    const found = compare(was, restored.content, (one, other) =>
      engine.restoreTest.explain(one, other, between),
    );
    return { ...verdict(found), ...compared(was), warnings: restored.side.warnings };
  });
}

interface Test {
  readonly engine: Engine;
  readonly scratch: Scratch;
  readonly context: EngineContext;
}

type Found = Pick<RestoreTestResult, 'result' | 'differences' | 'objects' | 'tables' | 'rows' | 'warnings'>;

/** A scratch database that cannot be dropped is told: as a warning where there is a result, else in the log. */
async function thenDrop({ scratch, context }: Test, work: () => Promise<Found>): Promise<RestoreTestResult> {
  const place = { server: scratch.server, serverVersion: scratch.version };
  const drop = () =>
    scratch.drop().then(
      () => undefined,
      (error) => stays(scratch, error),
    );
  let found: Found;
  try {
    found = await work();
  } catch (error) {
    const warning = await drop();
    if (warning !== undefined) context.logger.warn(warning);
    throw error;
  }
  const warning = await drop();
  return { ...found, ...place, warnings: [...found.warnings, ...(warning === undefined ? [] : [warning])] };
}

function stays({ name, server }: Scratch, error: unknown): string {
  return `The scratch database ${name} on ${server} could not be dropped: ${toCofreError(error).message} The next restore test there, or \`cofre doctor\`, does it.`;
}

/** `known`: what the backup itself warned of already. */
async function contentOfScratch(
  { engine, scratch, context }: Test,
  loaded: LoadResult,
  known: readonly string[],
): Promise<{ content: Content; side: Side }> {
  const dump = await engine.dump(scratch.url, context);
  try {
    const frames = dump.frames;
    const content = await engine.restoreTest.content(
      { frames, details: () => dump.summary().details },
      context,
    );
    const { details, warnings } = dump.summary();
    const told = [...loaded.warnings, ...warnings.filter((it) => !known.includes(it))];
    return { content, side: { version: dump.info.version, details, warnings: told } };
  } finally {
    await dump.close();
  }
}

function verdict(found: readonly Difference[]): Pick<RestoreTestResult, 'result' | 'differences'> {
  const different = found.filter(({ explained }) => explained === null);
  const explained = found.filter((it) => it.explained !== null);
  const result = different.length > 0 ? 'different' : explained.length > 0 ? 'explained' : 'equal';
  return { result, differences: [...different, ...explained] };
}

function compared({ objects, sums }: Content): Pick<RestoreTestResult, 'objects' | 'tables' | 'rows'> {
  const rows = [...sums.values()].reduce((sum, it) => sum + it.rows, 0);
  return { objects: objects.size, tables: sums.size, rows };
}
