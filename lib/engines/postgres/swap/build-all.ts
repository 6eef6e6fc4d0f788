import type { Client } from 'pg';
import type { Pool } from '../../sql-load/pool.ts';
import type { PgSession } from '../connection/connect.ts';
import { failedStatement } from '../load/damage.ts';
import { exchange } from '../load/exchange.ts';
import type { Build } from './build.ts';
import { inTwoSteps } from './foreign-key.ts';
import { scheduleOf, type Task } from './schedule.ts';

interface TableFacts {
  readonly name: string;
  readonly oid: number;
  readonly kind: string;
  /** bytes. */
  readonly size: string;
}

/**
 * Runs builds in an order that gives the same result as their own, several at a time: those of different tables, and
 * indexes of the same one. What concerns a partitioned table, whose partitions it locks too, runs alone.
 */
export async function buildAll(
  pool: Pool<PgSession>,
  client: Client,
  builds: readonly Build[],
): Promise<void> {
  const tables = await readTables(client, builds);
  let together: Build[] = [];
  const runThem = async () => {
    await runTogether(
      pool,
      inTwoSteps(together).map((build) => taskOf(build, tables)!),
    );
    together = [];
  };
  for (const build of builds) {
    if (taskOf(build, tables)) together.push(build);
    else {
      await runThem();
      await runTogether(pool, [{ ...build, uses: [], size: 0 }]);
    }
  }
  await runThem();
  await pool.idle();
}

const TABLES = `
  SELECT t AS name, c.oid, c.relkind AS kind, pg_relation_size(c.oid) AS size
  FROM unnest($1::text[]) t JOIN pg_class c ON c.oid = to_regclass(t)`;

async function readTables(client: Client, builds: readonly Build[]): Promise<Map<string, TableFacts>> {
  const names = new Set(
    builds.flatMap(({ table, other }) => (other === undefined ? [table] : [table, other])),
  );
  const { rows } = await client.query<TableFacts>(TABLES, [[...names]]);
  return new Map(rows.map((row) => [row.name, row]));
}

/** `undefined` when it cannot be told what it locks. */
function taskOf(build: Build, tables: ReadonlyMap<string, TableFacts>): (Task & Build) | undefined {
  const names = build.other === undefined ? [build.table] : [build.table, build.other];
  const found = names.map((name) => tables.get(name));
  if (!found.every((it) => it && /^[rm]$/.test(it.kind))) return undefined;
  return { ...build, uses: [...new Set(found.map((it) => it!.oid))], size: Number(found[0]!.size) };
}

async function runTogether(pool: Pool<PgSession>, tasks: readonly (Task & Build)[]): Promise<void> {
  const schedule = scheduleOf(tasks);
  while (schedule.left > 0) {
    const task = schedule.next();
    if (!task) await pool.ended();
    else {
      await pool.start(async (session) => {
        await run(session, task);
        schedule.done(task);
      });
    }
  }
}

async function run({ client, lost }: PgSession, { statement, sql }: Build): Promise<void> {
  try {
    await Promise.race([exchange(client, sql ?? statement.bytes).done, lost]);
  } catch (error) {
    throw failedStatement(error, statement);
  }
}
