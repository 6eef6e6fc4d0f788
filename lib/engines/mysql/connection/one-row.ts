import { known } from '../../../known.ts';
import type { MysqlSession } from './session.ts';

/** The row of a query that always has one. @throws {CofreError} `INTERNAL` when it has none */
export async function oneRow<Row>(
  session: MysqlSession,
  sql: string,
  values?: readonly unknown[],
): Promise<Row> {
  const [row] = await session.query<Row>(sql, values);
  return known(row, `The row of ${sql.trim().slice(0, 60)}`);
}
