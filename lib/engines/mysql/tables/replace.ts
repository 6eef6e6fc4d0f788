import { CofreError } from '../../../errors.ts';
import type { MysqlSession } from '../connection/connect.ts';
import { isServerError } from '../connection/failures.ts';
import { quoteIdent } from '../connection/identifiers.ts';
import { type ConnectionSettings, nameOf } from '../connection/url.ts';
import type { ExchangeLimits } from '../swap/busy.ts';
import { setPhase, writeJournal } from '../swap/journal.ts';
import { BUSY } from '../swap/move-tables.ts';
import { qualified, type SwapNames } from '../swap/names.ts';
import type { Step } from '../swap/plan.ts';
import { type Tried, untilFree } from '../swap/waiting.ts';
import { aliases, type ForeignKey, requireKept } from './foreign-keys.ts';
import { type LiveTable, refused } from './live.ts';

/** Rows on their way to live tables. */
export interface Replacement {
  /** On the target. */
  readonly session: MysqlSession;
  readonly settings: ConnectionSettings;
  readonly names: SwapNames;
  readonly tables: readonly LiveTable[];
  readonly keys: readonly ForeignKey[];
  /** Names of the tables' triggers, and what makes them again. */
  readonly triggers: readonly string[];
  readonly making: readonly Step[];
  readonly limits: ExchangeLimits;
  readonly signal: AbortSignal;
}

/**
 * Replaces the rows of live tables by those of the staged ones of the same names, in one transaction, while nobody else
 * can use the tables. Triggers are dropped meanwhile; the journal knows them.
 * @throws {CofreError} `TARGET_BUSY`; `RESTORE_REFUSED` when rows do not fit, or break a foreign key: then nothing was changed
 */
export async function replaceRows(replacement: Replacement): Promise<void> {
  const { session, names, settings, triggers, making } = replacement;
  const plan = { database: settings.database, create: undefined, renames: [], forward: [] };
  await writeJournal(session, names, { ...plan, oldTriggers: triggers, undo: making });
  await session.run(SETTINGS);
  await untilFree(replacement, (seconds) => tryToLock(replacement, seconds));
  await setPhase(session, names, 'begun');
  await session.run('COMMIT');
  for (const name of triggers) await session.run(`DROP TRIGGER ${qualified(settings.database, name)}`);
  try {
    await exchangeRows(replacement);
    await commit(session, settings);
  } catch (error) {
    await session.run('ROLLBACK').catch(() => {});
    throw error;
  } finally {
    await putBack(replacement);
  }
}

async function commit(session: MysqlSession, settings: ConnectionSettings): Promise<void> {
  try {
    await session.run('COMMIT');
  } catch (cause) {
    if (isServerError(cause)) throw cause;
    throw new CofreError(
      'TARGET_INVALID',
      `The connection to ${nameOf(settings)} was lost while the restored rows were being committed.`,
      { cause, hint: 'It took place wholly or not at all: look at the tables to see which.' },
    );
  }
}

/** Without a connection, the journal tells whoever comes next. */
async function putBack({ session, names, making }: Replacement): Promise<void> {
  try {
    for (const { statements } of making) for (const { bytes } of statements) await session.run(bytes);
    await session.run('UNLOCK TABLES');
    await setPhase(session, names, 'done');
    await session.run('COMMIT');
  } catch (error) {
    if (isServerError(error)) throw error;
  }
}

/** Values must fit; foreign keys are looked at when all rows are there. Under locks, a transaction begins by itself. */
const SETTINGS =
  "SET SESSION sql_mode = 'STRICT_ALL_TABLES,NO_AUTO_VALUE_ON_ZERO,ALLOW_INVALID_DATES', foreign_key_checks = 0, autocommit = 0";

async function tryToLock(
  { session, names, settings, tables, keys }: Replacement,
  seconds: number,
): Promise<Tried<void>> {
  const locks = [
    ...tables.map(({ name }) => `${qualified(settings.database, name)} WRITE`),
    ...tables.map(({ source }) => `${qualified(names.staging, source)} READ`),
    `${qualified(names.staging, names.journal)} WRITE`,
    ...keys.flatMap(({ child, parent }, n) => [
      `${qualified(...child)} AS ${aliases(n).child} READ`,
      `${qualified(...parent)} AS ${aliases(n).parent} READ`,
    ]),
  ];
  await session.run(`SET SESSION lock_wait_timeout = ${seconds}`);
  try {
    await session.run(`LOCK TABLES ${locks.join(', ')}`);
    return { result: undefined };
  } catch (error) {
    if (isServerError(error) && BUSY.includes(error.errno)) return { busy: error };
    throw error;
  }
}

async function exchangeRows({ session, names, settings, tables, keys }: Replacement): Promise<void> {
  for (const { name } of tables) await session.run(`DELETE FROM ${qualified(settings.database, name)}`);
  for (const { name, source, columns } of tables) {
    const list = columns.map(quoteIdent).join(', ');
    const sql = `INSERT INTO ${qualified(settings.database, name)} (${list}) SELECT ${list} FROM ${qualified(names.staging, source)}`;
    await session.run(sql).catch((error) => {
      throw misfit(error, source);
    });
  }
  await requireKept(session, keys);
}

/** Data exceptions, broken constraints, and those that have no class of their own. */
function misfit(error: unknown, table: string): unknown {
  if (!isServerError(error)) return error;
  const isData = /^2[23]/.test(error.sqlState) || [1265, 1292, 1364, 1366, 3819, 4025].includes(error.errno);
  return isData ? refused(`The rows of ${table} do not fit the live table: ${error.message}.`, error) : error;
}
