import { CofreError } from '../../../errors.ts';
import type { MysqlSession } from '../connection/connect.ts';

/** A live table whose rows are to be replaced. */
export interface LiveTable {
  /** As the dump has it. */
  readonly source: string;
  /** As the server has it. */
  readonly name: string;
  /** Columns that rows are given for, both in the dump and live. */
  readonly columns: readonly string[];
}

interface Found {
  readonly name: string;
  readonly kind: string;
  readonly engine: string | null;
}

/**
 * Looks whether the rows of a table can be replaced, all or nothing.
 * @param columns of the dump's table that have values of their own
 * @throws {CofreError} `RESTORE_REFUSED`
 */
export async function findLive(
  session: MysqlSession,
  source: string,
  columns: readonly string[],
): Promise<LiveTable> {
  const [found] = await session.query<Found>(
    `SELECT TABLE_NAME AS name, TABLE_TYPE AS kind, ENGINE AS engine FROM information_schema.TABLES
     WHERE TABLE_SCHEMA = DATABASE() AND TABLE_NAME = ?`,
    [source],
  );
  if (!found) throw refused(`There is no table ${source} whose rows could be replaced.`);
  if (found.kind !== 'BASE TABLE')
    throw refused(`${source} is a ${found.kind.toLowerCase()} table now: its rows cannot just be replaced.`);
  if (found.engine !== 'InnoDB')
    throw refused(
      `Table ${source} is of the engine ${found.engine}, which knows no transactions: its rows cannot be replaced all or nothing.`,
    );
  const live = new Set(await givenColumns(session, found.name));
  const gone = columns.filter((column) => !live.has(column));
  if (gone.length > 0) throw refused(`The live table ${source} has no columns ${gone.join(', ')} any more.`);
  return { source, name: found.name, columns };
}

/** Columns that have values of their own, in the session's database. */
export async function givenColumns(session: MysqlSession, table: string): Promise<string[]> {
  const rows = await session.query<{ name: string }>(
    `SELECT COLUMN_NAME AS name FROM information_schema.COLUMNS
     WHERE TABLE_SCHEMA = DATABASE() AND TABLE_NAME = ? AND COALESCE(GENERATION_EXPRESSION, '') = ''
     ORDER BY ORDINAL_POSITION`,
    [table],
  );
  return rows.map(({ name }) => name);
}

export function refused(message: string, cause?: unknown): CofreError {
  return new CofreError('RESTORE_REFUSED', message, {
    cause,
    hint: 'Nothing was changed. Restore it beside the live table (without --replace) and copy what you need.',
  });
}
