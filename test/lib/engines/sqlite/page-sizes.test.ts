import { expect, test } from 'vitest';
import { contextOf, inputOf } from '../../../contracts/engine/harness.ts';
import { createDatabase, integrity, numberOf, temporaryFolder, urlOf } from '../../../support/sqlite.ts';
import { engine, save } from '../../../support/sqlite-engine.ts';
import { fingerprint } from '../../../support/sqlite-fingerprint.ts';
import { sqliteProcess } from '../../../support/sqlite-process.ts';

const PAGE_SIZES = [512, 1_024, 2_048, 4_096, 8_192, 16_384, 32_768, 65_536];
/** Small and huge rows, so that every page size has overflow pages. */
const ROWS = `CREATE TABLE t (id INTEGER PRIMARY KEY, body BLOB);
  CREATE INDEX t_by_size ON t (length(body));
  WITH RECURSIVE n(i) AS (SELECT 1 UNION ALL SELECT i + 1 FROM n WHERE i < 300)
    INSERT INTO t SELECT i, randomblob(CASE WHEN i % 50 = 0 THEN 300000 ELSE 20 * i END) FROM n;`;

for (const mode of ['DELETE', 'WAL'] as const) {
  test(`${PAGE_SIZES.length} page sizes from 512 to 65536 (${mode}): dumped, also pages that are only in the log, and loaded`, async () => {
    using folder = temporaryFolder();
    for (const size of PAGE_SIZES) {
      const path = createDatabase(folder.file(), mode, ROWS, size);
      await using app = await sqliteProcess(path);
      await app.run('DELETE FROM t WHERE id % 3 = 0; UPDATE t SET body = randomblob(9000) WHERE id % 7 = 0');
      const [copy, target] = [folder.file(), folder.file()];
      const taken = await save(path, copy);
      await engine.load(urlOf(target), inputOf(taken), contextOf());
      await app.kill();
      expect(taken.summary.details['pageSize']).toBe(size);
      if (mode === 'WAL') expect(taken.summary.details['walFrames']).toBeGreaterThan(0);
      expect(integrity(copy)).toEqual(['ok']);
      expect([fingerprint(copy), fingerprint(target)]).toEqual([fingerprint(path), fingerprint(path)]);
    }
  });
}

for (const mode of ['DELETE', 'WAL'] as const) {
  test(`a WAL target of another page size takes the page size of the backup (${mode}), and stays in WAL mode (2 pairs)`, async () => {
    using folder = temporaryFolder();
    for (const [from, to] of [
      [4_096, 1_024],
      [512, 65_536],
    ] as const) {
      const source = createDatabase(folder.file(), mode, ROWS, from);
      const target = createDatabase(
        folder.file(),
        'WAL',
        'CREATE TABLE old (a); INSERT INTO old VALUES (1)',
        to,
      );
      await engine.load(urlOf(target), inputOf(await save(source, folder.file())), contextOf());
      expect(fingerprint(target)).toBe(fingerprint(source));
      expect(numberOf(target, 'PRAGMA page_size')).toBe(from);
      await using app = await sqliteProcess(target);
      expect(await app.all('PRAGMA journal_mode')).toEqual([{ journal_mode: 'wal' }]);
    }
  });

  test(`a rollback-journal target of another page size takes that of the backup (${mode}, 2 pairs)`, async () => {
    using folder = temporaryFolder();
    for (const [from, to] of [
      [1_024, 4_096],
      [65_536, 512],
    ] as const) {
      const source = createDatabase(folder.file(), mode, ROWS, from);
      const target = createDatabase(
        folder.file(),
        'DELETE',
        'CREATE TABLE old (a); INSERT INTO old VALUES (1)',
        to,
      );
      await engine.load(urlOf(target), inputOf(await save(source, folder.file())), contextOf());
      expect(fingerprint(target)).toBe(fingerprint(source));
    }
  });
}
