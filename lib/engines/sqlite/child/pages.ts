import { closeSync, openSync, readSync } from 'node:fs';
import type { DatabaseSync } from 'node:sqlite';
import type { RowSum } from '../../content/content.ts';
import { rowSummer } from '../../content/row-sum.ts';
import { facts } from './snapshot.ts';

/**
 * Sums a table's pages as they are in the file at `path`, which nobody else uses and no log belongs to. A restore brings
 * the file's image back, so they are the same; what has rebuilt a table has changed them.
 * @throws {Error} when it has none: then nothing would be compared
 */
export function sumOfPages(database: DatabaseSync, table: string, path: string): RowSum {
  const page = Buffer.alloc(facts(database).pageSize);
  const summer = rowSummer();
  const file = openSync(path, 'r');
  try {
    for (const number of pagesOf(database, table)) {
      const read = readSync(file, page, 0, page.length, (number - 1) * page.length);
      if (read < page.length) throw new Error(`The file ends within page ${number}.`);
      summer.add(page);
    }
  } finally {
    closeSync(file);
  }
  const sum = summer.result();
  if (sum.rows === 0) throw new Error(`No pages of table ${table} were found.`);
  return sum;
}

/** By the virtual table that follows a b-tree from its root (https://www.sqlite.org/dbstat.html). */
function* pagesOf(database: DatabaseSync, table: string): Generator<number> {
  for (const { pageno } of database.prepare('SELECT pageno FROM dbstat WHERE name = ?').iterate(table))
    yield Number(pageno);
}
