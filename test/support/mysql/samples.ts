import { existsSync, readdirSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import type { Flavor, MysqlServer } from '../../servers/mysql/server.ts';

const here = import.meta.dirname;

/**
 * - `chinook`: a small shop, as most databases are.
 * - `every-kind`: every kind of object and value that mysqldump can copy; see `every-kind/`.
 * - `beyond`: what it cannot, or copies as something else; see `beyond/`.
 * - `wide`: a table of 1,000 columns, values of 3 MB, tables of many frames.
 * - `occupied`: what is in the way of a restore: the names of `every-kind`, used for something else.
 */
export type SampleName = 'chinook' | 'every-kind' | 'beyond' | 'wide' | 'occupied';

/** Makes a database with a sample in it, and gives its URL. @throws Error when the server refuses a part of it */
export async function loadSample(server: MysqlServer, name: SampleName): Promise<string> {
  const url = await server.createDatabase(undefined, 'CHARACTER SET latin1 COLLATE latin1_german1_ci');
  for (const script of scriptsOf(name, server.flavor)) await server.tools.run(url, script);
  return url;
}

function scriptsOf(name: SampleName, flavor: Flavor): readonly (string | Buffer)[] {
  if (name === 'wide') return [wide()];
  if (name === 'chinook') return [chinook()];
  if (existsSync(join(here, name))) return folder(name, flavor);
  return [readFileSync(join(here, `${name}.sql`))];
}

/** The file makes a database of its own and changes to it; we have one. */
function chinook(): string {
  const file = readFileSync(join(here, '../../data/chinook-mysql.sql'), 'utf8');
  return file.replace(/^(DROP DATABASE|CREATE DATABASE|USE) .*;$/gm, '');
}

/** Ordered by name; files called `only-…` are for that server. Bytes: not all of them are text in UTF-8. */
function folder(name: string, flavor: Flavor): Buffer[] {
  const files = readdirSync(join(here, name)).sort();
  const wanted = files.filter((file) => !file.startsWith('only-') || file === `only-${flavor}.sql`);
  return wanted.map((file) => readFileSync(join(here, name, file)));
}

function wide(): string {
  const columns = Array.from({ length: 1_000 }, (_, n) => `c${n} INT`);
  const values = columns.map((_, n) => (n % 3 === 0 ? 'NULL' : n));
  return `
    CREATE TABLE wide (${columns.join(', ')});
    INSERT INTO wide VALUES (${values.join(', ')}), (${values.toReversed().join(', ')});
    CREATE TABLE long_values (id INT PRIMARY KEY, t LONGTEXT CHARACTER SET utf8mb4, b LONGBLOB, l LONGTEXT CHARACTER SET latin1);
    INSERT INTO long_values VALUES
      (1, REPEAT('it''s é\\n', 200000), REPEAT(_binary'\\0\\'\\\\a\\Z', 300000), REPEAT('é', 1500000)),
      (2, 'short', 'short', 'short'), (3, REPEAT('x', 2097152), '', NULL), (4, '', REPEAT('y', 1048576), ''), (5, NULL, NULL, NULL);
    CREATE TABLE many (id INT PRIMARY KEY AUTO_INCREMENT, t VARCHAR(2000) CHARACTER SET utf8mb4);
    INSERT INTO many (t) VALUES (REPEAT('a', 1000)), (REPEAT('b', 1500)), (''), (NULL), (REPEAT('🙂', 400));
    ${'INSERT INTO many (t) SELECT CONCAT(LEFT(t, 1800), id) FROM many;\n'.repeat(10)}`;
}
