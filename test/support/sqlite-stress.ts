import { integrity, withDatabase } from './sqlite.ts';

/** Tables of one row each, which every transaction of the workload changes: their generations are always equal. */
export const COUNTERS = Array.from({ length: 12 }, (_, n) => `counter_${n}`);
/** Ids of the rows that transactions rewrite, a few at a time. */
export const BODIES = 1_500;

/**
 * A workload whose every page can be told from its older versions. Each transaction steps all counters and rewrites
 * some bodies: each carries the generation that wrote it, a length (up to 30 kB, so on overflow pages) and a text that
 * follows from both. Triggers keep totals over all of them. One stale or foreign page anywhere breaks a sum, a
 * text, an index or the equality of the counters.
 */
export function stressSchema(autoVacuum: 'NONE' | 'FULL' | 'INCREMENTAL'): string {
  return `
    PRAGMA auto_vacuum = ${autoVacuum};
    VACUUM;
    BEGIN;
    ${COUNTERS.map((name) => `CREATE TABLE ${name} (generation INTEGER); INSERT INTO ${name} VALUES (1);`).join('\n')}
    CREATE TABLE totals (rows INTEGER, generations INTEGER, sizes INTEGER);
    INSERT INTO totals VALUES (0, 0, 0);
    CREATE TABLE bodies (id INTEGER PRIMARY KEY, g INTEGER, size INTEGER, body TEXT);
    CREATE INDEX bodies_by_generation ON bodies (g, size);
    CREATE TRIGGER body_added AFTER INSERT ON bodies BEGIN
      UPDATE totals SET rows = rows + 1, generations = generations + new.g, sizes = sizes + new.size; END;
    CREATE TRIGGER body_removed AFTER DELETE ON bodies BEGIN
      UPDATE totals SET rows = rows - 1, generations = generations - old.g, sizes = sizes - old.size; END;
    WITH RECURSIVE n(i) AS (SELECT 1 UNION ALL SELECT i + 1 FROM n WHERE i < ${BODIES})
      INSERT INTO bodies SELECT i, 1, 50 + i * 5, printf('%.*c', 50 + i * 5, 'b') FROM n;
    COMMIT;`;
}

/** What is wrong with a database of the workload; `[]` when it is exactly what one transaction left. */
export function inconsistencies(path: string): string[] {
  const checks = { ...CHECKS, 'counters differ': `SELECT count(DISTINCT generation) - 1 FROM (${UNION})` };
  const failed = withDatabase(path, (database) =>
    Object.entries(checks).filter(([, sql]) => Object.values(database.prepare(sql).get()!)[0] !== 0),
  );
  return [...integrity(path).filter((line) => line !== 'ok'), ...failed.map(([title]) => title)];
}

const UNION = COUNTERS.map((name) => `SELECT generation FROM ${name}`).join(' UNION ALL ');

const CHECKS = {
  'rows are missing': 'SELECT (SELECT rows FROM totals) - (SELECT count(*) FROM bodies NOT INDEXED)',
  'rows are stale': 'SELECT (SELECT generations FROM totals) - (SELECT sum(g) FROM bodies NOT INDEXED)',
  'lengths are stale':
    'SELECT (SELECT sizes FROM totals) - (SELECT sum(size) FROM bodies INDEXED BY bodies_by_generation)',
  'texts are stale':
    "SELECT count(*) FROM bodies WHERE body <> printf('%.*c', size, char(97 + g % 26)) OR length(body) <> size",
  'rows are newer than the counters': `SELECT count(*) FROM bodies WHERE g > (SELECT generation FROM ${COUNTERS[0]})`,
};
