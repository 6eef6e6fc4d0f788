import type { MysqlSession } from '../connection/connect.ts';
import type { DatabaseFacts } from '../schema/database.ts';
import type { Rename } from './plan.ts';

export interface TableName {
  readonly name: string;
  readonly kind: string;
}

export async function readTableNames(session: MysqlSession): Promise<TableName[]> {
  return await session.query<TableName>(
    `SELECT TABLE_NAME AS name, TABLE_TYPE AS kind FROM information_schema.TABLES
     WHERE TABLE_SCHEMA = DATABASE() AND TABLE_TYPE IN ('BASE TABLE', 'SYSTEM VERSIONED', 'SEQUENCE', 'VIEW') ORDER BY 1`,
  );
}

export function tablesOf(all: readonly TableName[]): string[] {
  return all.filter(({ kind }) => kind !== 'VIEW').map(({ name }) => name);
}

export function renaming(from: Rename['from'], to: Rename['to']): Rename {
  return { from, to };
}

/** Old views whose names new tables have: they move aside in the same statement. */
export function viewsInTheWay(
  old: readonly TableName[],
  fresh: readonly TableName[],
  { lowerCaseTableNames }: DatabaseFacts,
): string[] {
  const same = (name: string) => (lowerCaseTableNames === 0 ? name : name.toLowerCase());
  const taken = new Set(tablesOf(fresh).map(same));
  return old.filter(({ kind, name }) => kind === 'VIEW' && taken.has(same(name))).map(({ name }) => name);
}
