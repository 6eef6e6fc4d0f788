import type { MysqlSession } from '../connection/connect.ts';
import { quoteIdent } from '../connection/identifiers.ts';
import type { Table } from './data-catalog.ts';

/** The text of each table, as the server writes it now. @throws {Error} 1146 for one that is gone */
export async function tableTexts(
  session: MysqlSession,
  tables: readonly Pick<Table, 'name'>[],
): Promise<Map<string, string>> {
  const texts = new Map<string, string>();
  // Sent together: the driver sends each when the one before was answered.
  await Promise.all(
    tables.map(async ({ name }) => {
      const [row] = await session.query<Record<string, string>>(`SHOW CREATE TABLE ${quoteIdent(name)}`);
      texts.set(name, row!['Create Table']!);
    }),
  );
  return texts;
}
