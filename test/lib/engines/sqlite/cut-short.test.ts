import { readFileSync, truncateSync } from 'node:fs';
import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { DatabaseSync } from 'node:sqlite';
import { afterAll, beforeAll, expect, test } from 'vitest';
import { sqliteEngine } from '../../../../lib/engines/sqlite/engine.ts';
import { contextOf, refusalOf } from '../../../contracts/engine/harness.ts';

let folder: string;
let file: string;

/** Its last pages are free ones: no check of SQLite's looks at what is in them. */
beforeAll(async () => {
  folder = await mkdtemp(join(tmpdir(), 'cofre-cut-'));
  file = join(folder, 'foreign.sqlite3');
  const database = new DatabaseSync(file);
  database.exec(`CREATE TABLE kept (a); INSERT INTO kept VALUES (1);
    CREATE TABLE dropped (b); INSERT INTO dropped VALUES (randomblob(100000)); DROP TABLE dropped`);
  database.close();
});
afterAll(() => rm(folder, { recursive: true, force: true }));

async function* frames(path: string) {
  yield { section: 'data', rows: 0, bytes: readFileSync(path) } as const;
}

test('a foreign file that lacks a part of its last page is refused; whole, it is taken', async () => {
  const target = `sqlite:${join(folder, 'target.sqlite3')}`;
  const load = () => sqliteEngine().load(target, { frames: frames(file) }, contextOf());
  await expect(load()).resolves.toMatchObject({ rows: 1 });
  truncateSync(file, readFileSync(file).length - 100);
  expect(await refusalOf(load())).toBe('BACKUP_DAMAGED');
});
