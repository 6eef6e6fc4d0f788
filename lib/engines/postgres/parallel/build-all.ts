import type { Client } from 'pg';
import type { Pool } from '../../sql/load/pool.ts';
import { failedStatement } from '../load/damage.ts';
import { readTables, type TableFacts } from '../schema/table-facts.ts';
import type { PgSession } from '../wire/connect.ts';
import { exchange } from '../wire/exchange.ts';
import type { Build, LocatedBuild } from './build.ts';
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
  let together: LocatedBuild[] = [];
  const runThem = async () => {
    await runTasks(pool, inTwoSteps(together).map(workOf));
    together = [];
  };
  for (const build of builds) {
    const located = locate(build, tables);
    if (located) together.push(located);
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
export function locate(build: Build, tables: ReadonlyMap<string, TableFacts>): LocatedBuild | undefined {
  const found = (name: string) => {
    const facts = tables.get(name);
    return facts && /^[rm]$/.test(facts.kind) ? facts : undefined;
  };
  const table = found(build.table);
  const other = build.other === undefined ? undefined : found(build.other);
  if (!table || (build.other !== undefined && !other)) return undefined;
  return { ...build, facts: { table, other } };
}

export function workOf(build: LocatedBuild): Work {
  const { table, other = table } = build.facts;
  const uses = [...new Set([table.oid, other.oid])];
  return { uses, shares: build.shares, size: table.size, run: (session) => run(session, build) };
}

async function run({ client, lost }: PgSession, { statement, sql }: Build): Promise<void> {
  try {
    await Promise.race([exchange(client, sql ?? statement.bytes).done, lost]);
  } catch (error) {
    throw failedStatement(error, statement);
  }
}
