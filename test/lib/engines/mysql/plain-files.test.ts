import { writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { gzipSync, zstdCompressSync } from 'node:zlib';
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { FLAVORS } from '../../../servers/mysql/server.ts';
import { runCli } from '../../../support/cli-process.ts';
import { seenByMysqldump } from '../../../support/mysql/judged.ts';
import { little } from '../../../support/mysql/little.ts';
import { type LoadLab, loadText, openLoadLab } from '../../../support/mysql/load-lab.ts';
import { makeWorkspace, type Workspace } from '../../../support/workspace.ts';
import { messageOf } from '../codes.ts';

describe.each(FLAVORS)('files of other tools, on %s', (flavor) => {
  let lab: LoadLab;
  let workspace: Workspace;
  let source: string;
  let seen: string;

  beforeAll(async () => {
    lab = await openLoadLab(flavor);
    workspace = makeWorkspace();
    source = await lab.make(little('a', 2_000));
    seen = await seenByMysqldump(lab.server, source);
  });
  afterAll(async () => {
    workspace?.remove();
    await lab?.server.stop();
  });

  test('mysqldump --databases, plain and packed: what the command line says, and what is there then', async () => {
    const file = await lab.server.tools.dump(source, '--routines', '--triggers', '--events', '--databases');
    const forms = { 'dump.sql': file, 'dump.sql.gz': gzipSync(file), 'dump.sql.zst': zstdCompressSync(file) };
    const target = await lab.make(little('b'));
    for (const [path, bytes] of Object.entries(forms)) {
      writeFileSync(join(workspace.folder, path), bytes);
      const args = ['restore', path, '--to', target, '--yes', '--no-safety-backup', '--store', './backups'];
      const { code, stdout, stderr } = await runCli(args, { cwd: workspace.folder });
      expect([code, stderr]).toEqual([0, '']);
      expect(stdout).toMatch(/^Restored .*dump\.sql\S* into mysql:\/\/\S+: 2,002 rows in 4 tables, /);
      expect(stdout).toContain("warning The dump's own USE was passed over");
      expect(stdout).not.toContain('p%40ss');
      expect(await seenByMysqldump(lab.server, target)).toBe(seen);
    }
  });

  const OPTIONS: Record<string, readonly string[]> = {
    'a row each, no transaction': ['--skip-extended-insert', '--skip-opt', '--no-autocommit'],
    'compact, complete': ['--compact', '--complete-insert'],
    'as it comes': [],
    'with REPLACE': ['--replace'],
    'with INSERT IGNORE': ['--insert-ignore', '--skip-quote-names'],
    'in a transaction, with a position': ['--single-transaction'],
  };

  test.for(Object.entries(OPTIONS))('mysqldump: %s', async ([, options]) => {
    const dump = await lab.server.tools.dump(source, '--routines', '--triggers', '--events', ...options);
    // A compact one does not say it itself.
    const file = Buffer.concat([Buffer.from('SET foreign_key_checks = 0;\n'), dump]);
    const target = await lab.make(little('b'));
    const result = await loadText(target, file);
    expect(result.tables.find(({ name }) => name === 'parents')).toEqual({ name: 'parents', rows: 2_000 });
    const copy = await lab.make();
    await lab.server.tools.run(copy, file);
    expect(await seenByMysqldump(lab.server, target)).toBe(await seenByMysqldump(lab.server, copy));
  });

  test('a table that refers to one that comes later: refused, with what to do', async () => {
    const file = await lab.server.tools.dump(source, '--compact');
    expect(await messageOf(() => loadText(lab.reserve(), file))).toMatch(
      /^RESTORE_REFUSED: The server does not take line \d+ of the dump: /,
    );
  });

  test('by hand: no rows stay uncommitted in one of its sessions, however the script says so', async () => {
    const table = (name: string) => `
      CREATE TABLE ${name} (id INT PRIMARY KEY);
      INSERT INTO ${name} VALUES (1);
      ALTER TABLE ${name} ADD COLUMN n INT;
      INSERT INTO ${name} VALUES (2, 2);`;
    const script = `SET unique_checks = 0, autocommit = 0; ${['a', 'b', 'c', 'd'].map(table).join('')} COMMIT;`;
    const target = await lab.make();
    await loadText(target, script);
    expect(await lab.sql(target, 'SELECT id FROM d ORDER BY id')).toBe('1\n2\n');
  });

  test('by hand: rows that rely on those before them, on keys, and on numbers that they are given', async () => {
    const script = `
      CREATE TABLE owners (id INT AUTO_INCREMENT PRIMARY KEY, name VARCHAR(20));
      CREATE TABLE pets (id INT AUTO_INCREMENT PRIMARY KEY, owner INT NOT NULL, FOREIGN KEY (owner) REFERENCES owners (id));
      CREATE TABLE log (n INT AUTO_INCREMENT PRIMARY KEY, what VARCHAR(40));
      DELIMITER //
      CREATE TRIGGER told AFTER INSERT ON pets FOR EACH ROW BEGIN INSERT INTO log (what) VALUES (NEW.owner); END//
      DELIMITER ;
      ${Array.from({ length: 40 }, (_, n) => `INSERT INTO owners (name) VALUES ('o${n}'); INSERT INTO pets (owner) VALUES (${n + 1}), (1);`).join('\n')}
      SET @last = LAST_INSERT_ID();
      INSERT INTO owners (name) VALUES (CONCAT('after ', @last));
      UPDATE owners SET name = 'renamed' WHERE id = 2;
      INSERT INTO pets (owner) SELECT id FROM owners WHERE id < 3;`;
    const [target, copy] = [await lab.make(), await lab.make()];
    await loadText(target, script);
    await lab.server.tools.run(copy, script);
    expect(await seenByMysqldump(lab.server, target)).toBe(await seenByMysqldump(lab.server, copy));
  });
});
