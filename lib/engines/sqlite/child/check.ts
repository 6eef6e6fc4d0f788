import type { DatabaseSync } from 'node:sqlite';
import type { TableCount } from '../../engine.ts';
import type { CheckDepth, CheckReport } from './protocol.ts';

const MOST_PROBLEMS = 20;
const SQLITE_ERROR = 1;
const PRAGMAS = { full: 'integrity_check', quick: 'quick_check' } as const;

/**
 * Structure by SQLite's own check (https://www.sqlite.org/pragma.html#pragma_integrity_check), then rows by table.
 * Tables that need an extension or a collation which is not here are named in `warnings`: their pages are backed up
 * like all others, but what is in them cannot be checked.
 */
export function check(database: DatabaseSync, depth: CheckDepth): CheckReport {
  // A row that breaks a CHECK is the application's business: no damage, and no reason to be without a backup.
  database.exec('PRAGMA ignore_check_constraints = ON');
  const warnings = unusableVirtualTables(database);
  const names = tableNames(database);
  const problems = depth === 'rows' ? [] : checkStructure(database, PRAGMAS[depth], names, warnings);
  if (problems.length > 0) return { problems, tables: [], warnings };
  return { problems, tables: names.flatMap((name) => count(database, name, warnings)), warnings };
}

/** One line for each virtual table whose module, or something that it needs, is not here. */
function unusableVirtualTables(database: DatabaseSync): string[] {
  return virtualTableNames(database).flatMap((name) => {
    try {
      database.prepare(`SELECT 1 FROM ${quote(name)}`);
      return [];
    } catch (error) {
      if (!isMissingExtension(error)) throw error;
      return [`Virtual table ${name} could not be checked: ${(error as Error).message}.`];
    }
  });
}

/** Table by table when it cannot run as a whole, for want of a module, function, collation or tokenizer. */
function checkStructure(
  database: DatabaseSync,
  pragma: string,
  names: string[],
  warnings: string[],
): string[] {
  try {
    return run(database, `PRAGMA ${pragma}(${MOST_PROBLEMS})`);
  } catch (error) {
    if (!isMissingExtension(error)) throw error;
    const problems = checkEach(database, pragma, names, warnings);
    if (warnings.length === 0) warnings.push(`Not all could be checked: ${(error as Error).message}.`);
    return problems;
  }
}

function checkEach(database: DatabaseSync, pragma: string, names: string[], warnings: string[]): string[] {
  const problems: string[] = [];
  for (const name of ['sqlite_schema', ...names]) {
    try {
      problems.push(...run(database, `PRAGMA ${pragma}(${quote(name)})`));
    } catch (error) {
      if (!isMissingExtension(error)) throw error;
      warnings.push(`Table ${name} could not be checked: ${(error as Error).message}.`);
    }
  }
  return problems.slice(0, MOST_PROBLEMS);
}

function run(database: DatabaseSync, sql: string): string[] {
  const lines = database
    .prepare(sql)
    .all()
    .map((row) => String(Object.values(row)[0]));
  return lines.filter((line) => line !== 'ok');
}

function virtualTableNames(database: DatabaseSync): string[] {
  const sql = `SELECT name FROM sqlite_schema WHERE type = 'table' AND rootpage = 0 ORDER BY name`;
  return database
    .prepare(sql)
    .all()
    .map((row) => String(row['name']));
}

/** Ordinary tables, shadow tables of virtual ones included; virtual tables hold no pages of their own. */
function tableNames(database: DatabaseSync): string[] {
  const sql = `SELECT name FROM sqlite_schema WHERE type = 'table' AND rootpage > 0
    AND name NOT LIKE 'sqlite\\_%' ESCAPE '\\' ORDER BY name`;
  return database
    .prepare(sql)
    .all()
    .map((row) => String(row['name']));
}

function count(database: DatabaseSync, name: string, warnings: string[]): TableCount[] {
  try {
    const row = database.prepare(`SELECT count(*) AS rows FROM ${quote(name)}`).get();
    return [{ name, rows: Number(row?.['rows']) }];
  } catch (error) {
    if (!isMissingExtension(error)) throw error;
    warnings.push(`Rows of ${name} could not be counted: ${(error as Error).message}.`);
    return [];
  }
}

/**
 * What SQLite does not know here (a module, function, collation or tokenizer) is a plain SQLITE_ERROR, with many
 * texts; damage has codes of its own.
 */
export function isMissingExtension(error: unknown): boolean {
  return ((error as { errcode?: number }).errcode ?? 0) % 256 === SQLITE_ERROR;
}

export function quote(name: string): string {
  return `"${name.replaceAll('"', '""')}"`;
}
