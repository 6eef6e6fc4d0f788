import { copyFileSync, existsSync, readFileSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { describe, expect, it } from 'vitest';
import { type Desk, openDesk } from './cli.ts';
import { backUpDaysAgo } from './seed.ts';

const COUNT = 'SELECT count(*) AS n FROM orders';
const countIn = (desk: Desk, file = desk.database) => desk.sql(COUNT, file)[0]!['n'];

/** A desk with one backup of three orders, and one order fewer since. */
async function lossy(): Promise<Desk & { id: string }> {
  const desk = await openDesk();
  const { id } = await backUpDaysAgo(desk.folder, 1);
  desk.sql('DELETE FROM orders WHERE id = 2');
  return Object.assign(desk, { id });
}

describe.concurrent('cofre restore', () => {
  it('brings the data back, and what was there before is in the safety backup', async () => {
    await using desk = await lossy();
    const restored = await desk.json(['restore', desk.id, '--yes']);
    expect(restored).toMatchObject({ id: desk.id, database: 'shop', rows: 4, tables: 2 });
    expect(restored.target).toBe(`sqlite:${desk.database}`);
    expect(restored.seconds).toBeGreaterThan(0);
    expect(countIn(desk)).toBe(3);
    const { trigger, rows } = await desk.json(['show', restored.safetyBackup]);
    expect([trigger, rows]).toEqual(['pre-restore', 3]);
    await desk.json(['restore', restored.safetyBackup, '--yes', '--no-safety-backup']);
    expect(countIn(desk)).toBe(2);
  });

  it.for(['restore', 'restore_database'])('%s --latest takes the newest wanted one', async (verb) => {
    await using desk = await lossy();
    const { safetyBackup } = await desk.json([verb, '--latest', '--yes']);
    desk.sql('DELETE FROM orders');
    // Again: the safety backup is newer, but nobody means it by "latest".
    const again = await desk.json([verb, '--latest', '--yes', '--no-safety-backup']);
    expect([again.id, again.safetyBackup, countIn(desk)]).toEqual([desk.id, null, 3]);
    expect(safetyBackup).not.toBe(desk.id);
  });

  it('restore_database PATH takes a file of the store, or any SQLite file', async () => {
    await using desk = await lossy();
    const { key } = await desk.json(['show', desk.id]);
    const own = await desk.json(['restore_database', `backups/${key}`, '--yes', '--no-safety-backup']);
    expect([own.id, countIn(desk)]).toEqual([join(desk.folder, 'backups', key), 3]);
    const foreign = join(desk.folder, 'backup.sqlite3');
    copyFileSync(desk.database, foreign);
    desk.sql('DELETE FROM orders');
    await desk.json(['restore_database', foreign, '--yes', '--no-safety-backup']);
    expect(countIn(desk)).toBe(3);
  });

  it('restores into another database with --to, which may not be there yet', async () => {
    await using desk = await lossy();
    const restored = await desk.json(['restore', desk.id, '--to', 'sqlite:./new/copy.sqlite3', '--yes']);
    expect(restored).toMatchObject({ database: 'copy', safetyBackup: null });
    expect(countIn(desk, join(desk.folder, 'new/copy.sqlite3'))).toBe(3);
    expect(countIn(desk)).toBe(2);
  });

  it('takes URLs from the environment, so that no password stands on a command line', async () => {
    await using desk = await lossy();
    const env = { TARGET: 'sqlite:./from env.sqlite3', SOURCE: 'sqlite:./shop.sqlite3' };
    const restore = await desk.run(['restore', desk.id, '--to', '${env:TARGET}', '--yes', '--json'], env);
    expect(JSON.parse(restore.stdout)).toMatchObject({ database: 'from_env', mode: 'transaction', rows: 4 });
    const backup = await desk.run(['backup', '--url', '${env:SOURCE}', '--jobs', '2', '--json'], env);
    expect(JSON.parse(backup.stdout)).toMatchObject({ database: 'shop', rows: 3 });
    expect((await desk.json(['backup', '--url', '${env:SOURCE}'], 2)).error.code).toBe('SECRET_UNAVAILABLE');
  });

  it('tells people what it did', async () => {
    await using desk = await lossy();
    const { code, stdout, stderr } = await desk.run(['restore', desk.id, '--yes']);
    expect([code, stderr]).toEqual([0, '']);
    expect(stdout).toMatch(
      /^Restored shop-.* into sqlite:.*: 4 rows in 2 tables, .*\n {2}What was there before is in shop-/,
    );
  });
});

describe.concurrent('cofre restore changes nothing', () => {
  it('without a terminal and without --yes: exit 2', async () => {
    await using desk = await lossy();
    const { error } = await desk.json(['restore', desk.id], 2);
    expect(error).toMatchObject({ code: 'CONFIRMATION_REQUIRED', hint: expect.stringContaining('--yes') });
    expect(countIn(desk)).toBe(2);
    expect((await desk.json(['list'])).backups).toHaveLength(1);
  });

  it('for a wrong question: no backup named, two named, no such file', async () => {
    await using desk = await lossy();
    expect((await desk.json(['restore', '--yes'], 2)).error.code).toBe('USAGE');
    expect((await desk.json(['restore', desk.id, '--latest', '--yes'], 2)).error.code).toBe('USAGE');
    expect((await desk.json(['restore', './none.sqlite3', '--yes'], 3)).error.code).toBe('BACKUP_NOT_FOUND');
    expect((await desk.json(['restore', '--latest', '--yes', '--store', './none'], 3)).error.code).toBe(
      'BACKUP_NOT_FOUND',
    );
    expect(countIn(desk)).toBe(2);
  });

  it('when the backup is damaged, or is no database', async () => {
    await using desk = await lossy();
    const { key } = await desk.json(['show', desk.id]);
    const path = join(desk.folder, 'backups', key);
    const bytes = readFileSync(path);
    bytes[40]! ^= 1;
    writeFileSync(path, bytes);
    const before = readFileSync(desk.database);
    expect((await desk.json(['restore', desk.id, '--yes'], 1)).error.code).toBe('BACKUP_DAMAGED');
    await desk.json(['restore', 'cofre.json', '--yes'], 1);
    expect(readFileSync(desk.database).equals(before)).toBe(true);
  });

  it('when the target is not in the configuration', async () => {
    await using desk = await lossy();
    writeFileSync(join(desk.folder, 'other.json'), JSON.stringify({ store: './backups' }));
    const args = ['restore', desk.id, '--yes', '--config', 'other.json'];
    expect((await desk.json(args, 2)).error.code).toBe('DATABASE_UNKNOWN');
    expect((await desk.json(['restore', desk.id, '--yes', '--to', 'nonsense'], 2)).error.code).toBe('USAGE');
    expect(existsSync(join(desk.folder, 'nonsense'))).toBe(false);
  });
});
