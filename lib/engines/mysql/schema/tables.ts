import type { MysqlSession } from '../connection/connect.ts';
import { quoteIdent } from '../connection/identifiers.ts';
import { oneRow } from '../connection/one-row.ts';
import type { Table } from './data-catalog.ts';

/** The text of each table, in their order, as the server writes it now. @throws {Error} 1146 for one that is gone */
export async function tableTexts(
  session: MysqlSession,
  tables: readonly Pick<Table, 'name'>[],
): Promise<Map<string, string>> {
  const textOf = async ({ name }: Pick<Table, 'name'>): Promise<[name: string, text: string]> => [
    name,
    await createTable(session, `SHOW CREATE TABLE ${quoteIdent(name)}`),
  ];
  // Sent together: the driver sends each when the one before was answered.
  return new Map(await Promise.all(tables.map(textOf)));
}

/** What SHOW CREATE TABLE says, and SHOW CREATE SEQUENCE. */
export async function createTable(session: MysqlSession, show: string): Promise<string> {
  const row = await oneRow<{ readonly 'Create Table': string }>(session, show);
  return row['Create Table'];
}
