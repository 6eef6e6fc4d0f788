import type { Counts } from '../../sql/load/counts.ts';
import { damaged } from '../../sql/script/refusals.ts';
import { isServerError } from '../connection/failures.ts';
import type { MysqlSession } from '../connection/session.ts';
import type { Batch } from './batch.ts';
import { beginOf, changedValue, failedStatement, requireSize } from './damage.ts';
import type { Notes } from './notes.ts';

/** What rows are brought in by. */
export interface RowRunner {
  readonly counts: Counts;
  readonly notes: Notes;
  /** Values must go in as they are: the dump is our own. */
  readonly strict: boolean;
  /** bytes. */
  readonly maxAllowedPacket: number;
}

/** ER_LOCK_WAIT_TIMEOUT, ER_LOCK_DEADLOCK: what other sessions of ours did to this one. */
const AGAIN = [1205, 1213];
const ATTEMPTS = 5;

/**
 * Brings the rows of a batch in, in one transaction; again, should sessions of ours have been in each other's way.
 * @throws {CofreError} `BACKUP_DAMAGED`, `RESTORE_REFUSED`; else what the server says
 */
export async function runBatch(session: MysqlSession, batch: Batch, runner: RowRunner): Promise<void> {
  for (const statement of batch.statements) requireSize(statement, runner.maxAllowedPacket, session.server);
  const rows = await repeated(session, () => insertAll(session, batch, runner));
  if (batch.rows !== undefined && batch.rows !== rows)
    throw damaged(`has ${rows} rows of ${batch.table} in a frame instead of ${batch.rows}`);
  runner.counts.add(batch.table, rows);
  batch.release();
}

async function repeated(session: MysqlSession, work: () => Promise<number>): Promise<number> {
  for (let attempt = 1; ; attempt++) {
    try {
      return await work();
    } catch (error) {
      if (!isServerError(error) || !AGAIN.includes(error.errno) || attempt === ATTEMPTS) throw error;
      await session.run('ROLLBACK');
    }
  }
}

async function insertAll(session: MysqlSession, batch: Batch, runner: RowRunner): Promise<number> {
  const { statements } = batch;
  const [first, ...others] = statements;
  if (first && others.length === 0) return await insert(session, first, batch, runner);
  let rows = 0;
  await session.run('START TRANSACTION');
  for (const statement of statements) rows += await insert(session, statement, batch, runner);
  await session.run('COMMIT');
  return rows;
}

async function insert(
  session: MysqlSession,
  statement: Uint8Array,
  { table }: Batch,
  runner: RowRunner,
): Promise<number> {
  try {
    const { affectedRows, warnings } = await Promise.race([session.run(statement), session.lost]);
    if (warnings > 0) await take(session, table, runner);
    return affectedRows;
  } catch (error) {
    throw failedStatement(error, `rows of ${table}`, beginOf(statement));
  }
}

/**
 * Warnings that a value is not what it was: NULL, no default, out of range, truncated, wrong for its type or
 * character set, too long (manual, "Server Error Message Reference").
 */
const CHANGED = [1048, 1263, 1264, 1265, 1292, 1300, 1364, 1366, 1406, 1411, 1525];

interface Warning {
  readonly Code: number;
  readonly Message: string;
}

/** @throws {CofreError} `RESTORE_REFUSED` when a value of our own dump did not go in as it is */
async function take(session: MysqlSession, table: string, { notes, strict }: RowRunner): Promise<void> {
  const found = await session.query<Warning>('SHOW WARNINGS LIMIT 100');
  for (const warning of found) {
    if (!CHANGED.includes(Number(warning.Code)) || (await isNoLabel(session, table, warning))) continue;
    if (strict) throw changedValue(table, warning.Message);
    notes.warning(table, warning.Message);
  }
}

/** An ENUM may hold the empty text that stands for none of its labels: a server warns of it, and takes it. */
async function isNoLabel(session: MysqlSession, table: string, { Code, Message }: Warning): Promise<boolean> {
  const column = /^Data truncated for column '(.+)' at row \d+$/.exec(Message)?.[1];
  if (Number(Code) !== 1265 || column === undefined) return false;
  const rows = await session.query(
    `SELECT 1 FROM information_schema.COLUMNS
     WHERE TABLE_SCHEMA = DATABASE() AND TABLE_NAME = ? AND COLUMN_NAME = ? AND DATA_TYPE = 'enum'`,
    [table, column],
  );
  return rows.length > 0;
}
