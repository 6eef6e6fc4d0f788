import type { Counts } from '../../sql/load/counts.ts';
import type { Pool } from '../../sql/load/pool.ts';
import type { MysqlSession } from '../connection/session.ts';
import type { Statement } from '../script/items.ts';
import { type Deferred, deferKeys } from './deferred-keys.ts';
import type { Work } from './feed.ts';
import type { Notes } from './notes.ts';
import { rowPhase } from './row-phase.ts';
import { type Runner, runStatement } from './run-statements.ts';

/** What it takes for a dump to be run over several sessions. */
export interface Running extends Runner {
  /** Of the sessions. */
  readonly pool: Pool<MysqlSession>;
  readonly counts: Counts;
  readonly notes: Notes;
  /** The dump is our own: values must go in as they are. */
  readonly strict: boolean;
  /** Tables with so many rows that they get their indexes after them. */
  readonly isLarge: (table: string) => boolean;
}

/**
 * Runs a dump into the database that all sessions are on. Statements run on the first session, in their order; between
 * them, rows and indexes of several tables come in over all of them.
 * @throws {CofreError} `BACKUP_DAMAGED`, `RESTORE_REFUSED`, `TARGET_INVALID`; else what the server says
 */
export async function runWorks(works: AsyncIterable<Work>, running: Running): Promise<void> {
  const { pool } = running;
  const rows = rowPhase(pool, running.sessions, running);
  const builds = buildPhase(pool, running);
  const deferred = deferredKeys(running, builds, running.isLarge);
  for await (const work of works) {
    if (work.kind === 'rows') {
      await builds.end();
      await rows.start(work);
      continue;
    }
    if (await rows.end()) await deferred.add();
    const statement = deferred.take(work);
    if (isBuild(statement) || (running.strict && isTable(statement))) await builds.start([statement]);
    else {
      await builds.end();
      await runStatement(running, statement);
    }
  }
  if (await rows.end()) await deferred.add();
  await builds.end();
}

/** The indexes that Cofre's own dump adds to a table once its rows are in: nothing else needs them or the table. */
const BUILD = /^ALTER TABLE `(?:[^`]|``)+`\s+ADD (?:UNIQUE |FULLTEXT |SPATIAL )?(?:KEY|INDEX) /;

function isBuild({ bytes }: Statement): boolean {
  return BUILD.test(bytes.toString('latin1', 0, 400));
}

/** In Cofre's own dump, tables can be made in any order: foreign keys are not looked at. */
function isTable({ bytes }: Statement): boolean {
  return bytes.toString('latin1', 0, 13) === 'CREATE TABLE ';
}

interface BuildPhase {
  /** One after the other, beside those of other tables that have been started. */
  start(statements: readonly Statement[]): Promise<void>;
  end(): Promise<void>;
}

/** Tables, or indexes of different ones, that are made at the same time. */
function buildPhase(pool: Pool<MysqlSession>, runner: Runner): BuildPhase {
  let isRunning = false;
  return {
    start: async (statements) => {
      // Their bytes belong to the splitter.
      const kept = statements.map((it) => it.keep());
      isRunning = true;
      await pool.start(async (session) => {
        for (const statement of kept) await runStatement({ ...runner, sessions: [session] }, statement);
      });
    },
    end: async () => {
      if (isRunning) await pool.idle();
      isRunning = false;
    },
  };
}

/** Indexes and foreign keys of large tables, until the rows are in. */
function deferredKeys(runner: Runner, builds: BuildPhase, isLarge: (table: string) => boolean) {
  let waiting: Deferred[] = [];
  return {
    /** The statement that is to be run now. */
    take: (statement: Statement): Statement => {
      const deferred = statement.head.startsWith('CREATE TABLE ') ? deferKeys(statement) : undefined;
      if (!deferred || !isLarge(deferred.name)) return statement;
      waiting.push(deferred);
      return deferred.table;
    },
    add: async () => {
      const ready = waiting;
      waiting = [];
      for (const { indexes } of ready) await builds.start(indexes);
      await builds.end();
      for (const { foreignKeys } of ready) if (foreignKeys) await runStatement(runner, foreignKeys);
    },
  };
}
