import { join } from 'node:path';
import { DatabaseSync } from 'node:sqlite';
import { makeSampleDatabase } from '../../../infra/local/sample.ts';
import { fingerprint } from '../../support/sqlite-fingerprint.ts';
import type { Source } from './source.ts';

/** A file that functions see as they would see one on EFS. */
export async function sqliteSource(folder: string): Promise<Source> {
  const path = join(folder, 'helpdesk.sqlite3');
  makeSampleDatabase(path);
  return {
    engine: 'sqlite',
    name: 'helpdesk',
    entry: { url: `sqlite:${path}` },
    secrets: {},
    fingerprint: async () => fingerprint(path),
    damage: async () => {
      using database = new DatabaseSync(path);
      database.exec("DELETE FROM comments WHERE id % 3 = 0; UPDATE users SET name = 'Nobody'");
    },
    [Symbol.asyncDispose]: async () => {},
  };
}
