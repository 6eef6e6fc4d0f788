import type { Pool } from '../../sql/load/pool.ts';
import { oneRow } from '../connection/one-row.ts';
import type { MysqlSession } from '../connection/session.ts';
import type { MysqlSessions } from '../connection/sessions.ts';
import type { Batch } from './batch.ts';
import { type Lanes, lanesOf } from './lanes.ts';
import { keyedTables, tablesWithTriggers } from './row-order.ts';
import { type RowRunner, runBatch } from './run-rows.ts';

/** Rows that come in at the same time, until a statement has to see all of them. */
export interface RowPhase {
  start(batch: Batch): Promise<void>;
  /** All rows are there; whether there were any. */
  end(): Promise<boolean>;
}

/** @param sessions those of the pool */
export function rowPhase(pool: Pool<MysqlSession>, sessions: MysqlSessions, runner: RowRunner): RowPhase {
  const [first] = sessions;
  const run = (session: MysqlSession, batch: Batch) => runBatch(session, batch, runner);
  let lanes: Lanes | undefined;
  let mayMix = false;

  async function begin(): Promise<Lanes> {
    const keyed = await keyedTables(first);
    const triggered = await tablesWithTriggers(first);
    mayMix = await isForTools(first);
    await Promise.all(sessions.map(prepare));
    return lanesOf(pool, (table) => keyed.has(table) && !triggered.has(table), run);
  }

  return {
    start: async (batch) => {
      lanes ??= await begin();
      // Rows of another hand may depend on those before them: by foreign keys, and by numbers that they are given.
      if (mayMix || batch.rows !== undefined) await lanes.start(batch);
      else await run(first, batch);
    },
    end: async () => {
      const were = lanes !== undefined;
      if (were) await pool.idle();
      lanes = undefined;
      return were;
    },
  };
}

/** As dumps of tools have it: foreign keys are not looked at, and each row has its numbers. */
async function isForTools(session: MysqlSession): Promise<boolean> {
  const { checks, mode } = await oneRow<{ checks: unknown; mode: string }>(
    session,
    'SELECT @@session.foreign_key_checks AS checks, @@session.sql_mode AS mode',
  );
  return Number(checks) === 0 && mode.includes('NO_AUTO_VALUE_ON_ZERO');
}

/**
 * Where MariaDB need not check keys, it gathers a transaction's rows of an empty table under a lock of the whole table
 * (knowledge base, "InnoDB bulk insert"): slower here, and other sessions would wait.
 */
async function prepare(session: MysqlSession): Promise<void> {
  if (session.server.flavor === 'mariadb') await session.run('SET SESSION unique_checks = 1');
}
