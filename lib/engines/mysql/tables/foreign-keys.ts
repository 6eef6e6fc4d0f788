import type { MysqlSession } from '../connection/connect.ts';
import { quoteIdent } from '../connection/identifiers.ts';
import { qualified } from '../swap/names.ts';
import { refused } from './live.ts';

/** A foreign key from or to one of the tables whose rows are replaced. */
export interface ForeignKey {
  readonly name: string;
  readonly child: readonly [schema: string, table: string];
  readonly parent: readonly [schema: string, table: string];
  /** Pairs of columns: the child's, the parent's. */
  readonly columns: readonly (readonly [child: string, parent: string])[];
}

interface Row {
  readonly name: string;
  readonly schema: string;
  readonly table: string;
  readonly column: string;
  readonly parentSchema: string;
  readonly parentTable: string;
  readonly parentColumn: string;
}

const KEYS = `
  SELECT CONSTRAINT_NAME AS name, TABLE_SCHEMA AS \`schema\`, TABLE_NAME AS \`table\`, COLUMN_NAME AS \`column\`,
    REFERENCED_TABLE_SCHEMA AS parentSchema, REFERENCED_TABLE_NAME AS parentTable, REFERENCED_COLUMN_NAME AS parentColumn
  FROM information_schema.KEY_COLUMN_USAGE
  WHERE REFERENCED_TABLE_NAME IS NOT NULL AND (TABLE_SCHEMA = ? AND TABLE_NAME IN (?)
    OR REFERENCED_TABLE_SCHEMA = ? AND REFERENCED_TABLE_NAME IN (?))
  ORDER BY TABLE_SCHEMA, TABLE_NAME, CONSTRAINT_NAME, ORDINAL_POSITION`;

export async function findForeignKeys(
  session: MysqlSession,
  database: string,
  tables: readonly string[],
): Promise<ForeignKey[]> {
  const rows = await session.query<Row>(KEYS, [database, tables, database, tables]);
  const keys = new Map<string, ForeignKey>();
  for (const row of rows) {
    const id = `${row.schema}/${row.table}/${row.name}`;
    const columns = [...(keys.get(id)?.columns ?? []), [row.column, row.parentColumn] as const];
    const [child, parent] = [[row.schema, row.table] as const, [row.parentSchema, row.parentTable] as const];
    keys.set(id, { name: row.name, child, parent, columns });
  }
  return [...keys.values()];
}

/** Names of the two tables of the nth key in a question: locks are for these. */
export const aliases = (n: number) => ({ child: `cofre_child_${n}`, parent: `cofre_parent_${n}` });

/** @throws {CofreError} `RESTORE_REFUSED` when a row refers to one that is not there */
export async function requireKept(session: MysqlSession, keys: readonly ForeignKey[]): Promise<void> {
  for (const [n, key] of keys.entries()) {
    const orphans = await countOrphans(session, key, aliases(n));
    if (orphans === 0) continue;
    const [child, parent] = [key.child[1], key.parent[1]];
    throw refused(
      `${orphans} rows of ${child} would refer to rows of ${parent} that are not there (foreign key ${key.name}).`,
    );
  }
}

async function countOrphans(
  session: MysqlSession,
  { child, parent, columns }: ForeignKey,
  as: ReturnType<typeof aliases>,
): Promise<number> {
  const own = columns.map(([column]) => `${as.child}.${quoteIdent(column)}`);
  const pairs = columns.map(([, other], n) => `${own[n]} = ${as.parent}.${quoteIdent(other)}`);
  const [row] = await session.query<{ orphans: unknown }>(
    `SELECT COUNT(*) AS orphans FROM ${qualified(...child)} ${as.child}
     WHERE ${own.map((column) => `${column} IS NOT NULL`).join(' AND ')}
       AND NOT EXISTS (SELECT 1 FROM ${qualified(...parent)} ${as.parent} WHERE ${pairs.join(' AND ')})`,
  );
  return Number(row?.orphans);
}
