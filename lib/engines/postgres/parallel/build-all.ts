import type { Client } from 'pg';
import type { Pool } from '../../sql/load/pool.ts';
import { failedStatement } from '../load/damage.ts';
import { readTables, type TableFacts } from '../schema/table-facts.ts';
import type { PgSession } from '../wire/connect.ts';
import { exchange } from '../wire/exchange.ts';
import type { Build } from './build.ts';
import { inTwoSteps } from './foreign-key.ts';
import { runTasks, type Work } from './run-tasks.ts';

/**
 * Runs builds in an order that gives the same result as their own, several at a time: those of different tables, and
 * indexes of the same one. What concerns a partitioned table, whose partitions it locks too, runs alone.
 */
export async function buildAll(
  pool: Pool<PgSession>,
  client: Client,
  builds: readonly Build[],
): Promise<void> {
  const tables = await readTables(client, builds.flatMap(tablesOf));
  let together: Build[] = [];
  const runThem = async () => {
    await runTasks(
      pool,
      inTwoSteps(together).map((build) => workOf(build, tables)!),
    );
    together = [];
  };
  for (const build of builds) {
    if (workOf(build, tables)) together.push(build);
    else {
      await runThem();
      await runTasks(pool, [{ uses: [], size: 0, shares: false, run: (session) => run(session, build) }]);
    }
  }
  await runThem();
  await pool.idle();
}

export function tablesOf({ table, other }: Build): string[] {
  return other === undefined ? [table] : [table, other];
}

/** `undefined` when it cannot be told what it locks. */
export function workOf(build: Build, tables: ReadonlyMap<string, TableFacts>): Work | undefined {
  const found = tablesOf(build).map((name) => tables.get(name));
  if (!found.every((it) => it && /^[rm]$/.test(it.kind))) return undefined;
  const uses = [...new Set(found.map((it) => it!.oid))];
  return { uses, shares: build.shares, size: found[0]!.size, run: (session) => run(session, build) };
}

async function run({ client, lost }: PgSession, { statement, sql }: Build): Promise<void> {
  try {
    await Promise.race([exchange(client, sql ?? statement.bytes).done, lost]);
  } catch (error) {
    throw failedStatement(error, statement);
  }
}
