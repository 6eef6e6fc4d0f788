import { createHash } from 'node:crypto';
import { existsSync, readdirSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { gunzipSync, zstdDecompressSync } from 'node:zlib';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { type Desk, oneObject, openDesk, runHere } from './cli.ts';
import { backUpDaysAgo } from './seed.ts';

let desk: Desk;
beforeAll(async () => {
  desk = await openDesk();
});
afterAll(() => desk[Symbol.asyncDispose]());

const hash = (bytes: Uint8Array) => createHash('sha256').update(bytes).digest('hex');
const object = (key: string, store = 'backups') => readFileSync(join(desk.folder, store, key));

describe('cofre backup', () => {
  it('stores the database and tells of it in one object', async () => {
    const made = await desk.json(['backup']);
    expect(made).toMatchObject({
      database: 'shop',
      engine: 'sqlite',
      rows: 4,
      compression: 'zstd',
      held: true,
    });
    expect(made.id).toMatch(/^shop-\d{8}-\d{6}$/);
    expect(made.key).toMatch(/^shop\/db_backup_\d{8}_\d{6}\.sqlite3\.zst$/);
    expect(made.manifestKey).toBe(made.key.replace('.sqlite3.zst', '.json'));
    const stored = object(made.key);
    expect([made.size, made.sha256]).toEqual([stored.length, hash(stored)]);
    const raw = readFileSync(desk.database);
    expect(made.rawSize).toBe(raw.length);
    expect(zstdDecompressSync(stored).equals(raw)).toBe(true);
    expect(made.seconds).toBeGreaterThan(0);
    expect(JSON.parse(object(made.manifestKey).toString()).id).toBe(made.id);
  });

  it('says the same to people', async () => {
    const { code, stdout, stderr } = await desk.run(['backup', '--database', 'shop']);
    expect([code, stderr]).toEqual([0, '']);
    expect(stdout).toMatch(/^Backed up shop: 4 rows, .*\n {2}id {6}shop-\d{8}-\d{6}\n/);
  });

  it('packs with gzip, or not at all: then the name is plain', async () => {
    const gzip = await desk.json(['backup', '--compression', 'gzip']);
    expect(gzip.key).toMatch(/\.sqlite3\.gz$/);
    expect(gunzipSync(object(gzip.key)).equals(readFileSync(desk.database))).toBe(true);
    const none = await desk.json(['backup', '--compression=none']);
    expect(none.key).toMatch(/^shop\/db_backup_\d{8}_\d{6}\.sqlite3$/);
    expect(object(none.key).equals(readFileSync(desk.database))).toBe(true);
  });

  it('backs up a database given by URL, under its file name or the name given', async () => {
    const url = 'sqlite:./shop.sqlite3';
    expect(await desk.json(['backup', '--url', url, '--store', './elsewhere'])).toMatchObject({
      database: 'shop',
    });
    const named = await desk.json(['backup', '--url', url, '--database', 'copy', '--store', './elsewhere']);
    expect(object(named.key, 'elsewhere').length).toBe(named.size);
    expect(named.key).toMatch(/^copy\//);
  });

  it.each(['jobs', 'locks', '../../etc', 'a/b', ''])('refuses to call a database "%s"', async (name) => {
    const args = ['backup', '--url', 'sqlite:./shop.sqlite3', '--database', name, '--store', './refused'];
    expect(oneObject(await runHere(desk, [...args, '--json']), 2).error.code).toBe('USAGE');
    expect(existsSync(join(desk.folder, 'refused'))).toBe(false);
  });

  it('fails when there is no such file, and leaves nothing that is listed', async () => {
    const args = ['--url', 'sqlite:./missing.sqlite3', '--store', './none'];
    expect((await desk.json(['backup', ...args], 1)).error.code).toBe('SOURCE_NOT_FOUND');
    expect((await desk.json(['list', '--store', './none'])).backups).toEqual([]);
    expect(existsSync(join(desk.folder, 'missing.sqlite3'))).toBe(false);
  });

  it('fails on a file that is no database, told to people on stderr', async () => {
    const { code, stdout, stderr } = await desk.run(['backup', '--url', 'sqlite:./cofre.json']);
    expect([code, stdout]).toEqual([1, '']);
    expect(stderr).toMatch(/^cofre: .*cofre\.json.*\n {2}\S/);
  });

  it('asks which one when the configuration has several, or has it not', async () => {
    await using two = await openDesk({ databases: { a: { url: 'sqlite:./a' }, b: { url: 'sqlite:./b' } } });
    const { error } = await two.json(['backup'], 2);
    expect(error).toMatchObject({ code: 'USAGE', message: expect.stringContaining('a, b') });
    expect((await two.json(['backup', '--database', 'c'], 2)).error.code).toBe('DATABASE_UNKNOWN');
  });
});

describe('backup_database, as in the manual of old', () => {
  it('keeps the backups of --days and removes older ones', async () => {
    await using old = await openDesk();
    const expired = await backUpDaysAgo(old.folder, 61);
    const young = await backUpDaysAgo(old.folder, 59);
    const made = await old.json(['backup_database', '--days=60']);
    expect(made.removed).toEqual([expired.id]);
    const { backups } = await old.json(['list_backups']);
    expect(backups.map((it: { id: string }) => it.id)).toEqual([made.id, young.id]);
    expect(readdirSync(join(old.folder, 'backups/shop')).filter((it) => !it.startsWith('.'))).toHaveLength(4);
  });
});
