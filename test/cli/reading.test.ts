import { readFileSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { zstdDecompressSync } from 'node:zlib';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { type Desk, openDesk } from './cli.ts';
import { backUpDaysAgo } from './seed.ts';

let desk: Desk;
let ids: string[];
beforeAll(async () => {
  desk = await openDesk();
  const made = [];
  for (const days of [2, 1, 3]) made.push(await backUpDaysAgo(desk.folder, days));
  ids = made
    .map((it) => it.id)
    .toSorted()
    .reverse();
});
afterAll(() => desk[Symbol.asyncDispose]());

const newest = () => ids[0]!;

describe.concurrent('cofre list', () => {
  it.each(['list', 'list_backups'])('%s: newest first, the newest held', async (verb) => {
    const { backups, damaged } = await desk.json([verb]);
    expect(backups.map((it: { id: string }) => it.id)).toEqual(ids);
    expect(backups.map((it: { held: boolean }) => it.held)).toEqual([true, false, false]);
    expect(damaged).toEqual([]);
  });

  it('is a table for people', async () => {
    const { code, stdout, stderr } = await desk.run(['list']);
    expect([code, stderr]).toEqual([0, '']);
    const lines = stdout.trimEnd().split('\n');
    expect(lines[0]).toMatch(/^ID +MADE +ROWS +DATABASE +STORED +TRIGGER +RETENTION +RESTORE TEST$/);
    expect(lines.slice(1).map((line) => line.split(' ')[0])).toEqual(ids);
  });

  it('is empty for a store or a database that has none, and makes no folder', async () => {
    expect((await desk.json(['list', '--store', './nowhere'])).backups).toEqual([]);
    expect((await desk.json(['list', '--database', 'other'])).backups).toEqual([]);
    expect((await desk.run(['list'], { COFRE_STORE: './nowhere' })).stdout).toMatch(/^No backups in /);
  });

  it('ends quietly when its reader has seen enough', async () => {
    const child = desk.start(['list']);
    child.stdout!.destroy();
    const { promise, resolve } = Promise.withResolvers<number | null>();
    let stderr = '';
    child.stderr!.on('data', (chunk) => {
      stderr += chunk;
    });
    child.on('close', resolve);
    expect([await promise, stderr]).toEqual([0, '']);
  });
});

describe.concurrent('cofre show, verify, url, jobs', () => {
  it('shows a backup with its tables', async () => {
    const shown = await desk.json(['show', newest()]);
    expect(shown).toMatchObject({ id: newest(), frames: 1, rows: 4, trigger: 'manual', actor: 'test' });
    expect(shown.tables).toEqual([
      { name: 'notes', rows: 1 },
      { name: 'orders', rows: 3 },
    ]);
    expect((await desk.run(['show', newest()])).stdout).toMatch(/^sha256 +[0-9a-f]{64}$/m);
  });

  it('prints a signed URL, and nothing else for people', async () => {
    const { url, fileName, expiresAt } = await desk.json(['url', newest(), '--expires', '60']);
    expect(url).toMatch(/^http:\/\/127\.0\.0\.1:8080\/files\/shop\/db_backup_.*&signature=[0-9a-f]{64}$/);
    expect(fileName).toMatch(/\.sqlite3$/);
    expect(Date.parse(expiresAt) - Date.now()).toBeLessThanOrEqual(60_000);
    const { stdout } = await desk.run(['url', newest(), '--stored']);
    expect(new URL(stdout.trim()).searchParams.get('name')).toMatch(/\.zst$/);
  });

  it('reads a backup back, as a job that is listed', async () => {
    const report = await desk.json(['verify', newest()]);
    expect(report).toMatchObject({ id: newest(), ok: true, rows: 4, tables: 2 });
    const { jobs } = await desk.json(['jobs', '--limit', '1']);
    expect(jobs).toMatchObject([{ kind: 'verify', status: 'succeeded', result: report }]);
    expect((await desk.run(['verify', newest()])).stdout).toMatch(/ is whole: 1 frames, /);
    const { jobs: all } = await desk.json(['jobs', '--database', 'shop']);
    const seconds = all.map((it: { createdAt: string }) => it.createdAt.slice(0, 19));
    expect(seconds).toEqual(seconds.toSorted().reverse());
    expect((await desk.run(['jobs'])).stdout).toMatch(/^ID +KIND +DATABASE +STATUS +CREATED +BY +OUTCOME\n/);
  });

  it.each(['show', 'verify', 'download', 'url', 'delete', 'restore'])(
    '%s: exit 3 for an id that is not there',
    async (verb) => {
      const { error } = await desk.json([verb, 'shop-20200101-000000'], 3);
      expect(error).toMatchObject({ code: 'BACKUP_NOT_FOUND', hint: expect.any(String) });
    },
  );
});

describe('cofre download', () => {
  const read = (name: string) => readFileSync(join(desk.folder, name));

  it('saves the plain database under its own name', async () => {
    const { file, form, size } = await desk.json(['download', newest()]);
    expect(form).toBe('plain');
    expect(file).toMatch(/db_backup_\d{8}_\d{6}\.sqlite3$/);
    expect(readFileSync(file).equals(readFileSync(desk.database))).toBe(true);
    expect(size).toBe(readFileSync(desk.database).length);
  });

  it('saves the packed one by choice, or by the name of the file', async () => {
    await desk.json(['download', newest(), '-o', 'copy.sqlite3']);
    const stored = await desk.json(['download', newest(), '--stored', '-o', 'copy.bin']);
    const named = await desk.json(['download', newest(), '--output', 'copy.sqlite3.zst']);
    expect([stored.form, named.form]).toEqual(['stored', 'stored']);
    expect(read('copy.bin').equals(read('copy.sqlite3.zst'))).toBe(true);
    expect(zstdDecompressSync(read('copy.bin')).equals(read('copy.sqlite3'))).toBe(true);
  });

  it('fails on a damaged archive and leaves no file; verify says so too, list goes on', async () => {
    const { key } = await desk.json(['show', ids[2]!]);
    const path = join(desk.folder, 'backups', key);
    const bytes = readFileSync(path);
    bytes[bytes.length >> 1]! ^= 1;
    writeFileSync(path, bytes);
    for (const args of [
      ['verify', ids[2]!],
      ['download', ids[2]!, '-o', 'bad'],
      ['download', ids[2]!, '--stored', '-o', 'bad'],
    ])
      expect((await desk.json(args, 1)).error.code).toBe('BACKUP_DAMAGED');
    expect(() => read('bad')).toThrow('ENOENT');
    expect((await desk.json(['list'])).backups).toHaveLength(3);
  });

  it('a backup whose archive was cut short is no backup: damaged, and told of on stderr', async () => {
    const { key } = await desk.json(['show', ids[1]!]);
    writeFileSync(join(desk.folder, 'backups', key), 'short');
    const { backups, damaged } = await desk.json(['list']);
    expect([backups.length, damaged.length]).toEqual([2, 1]);
    expect((await desk.run(['list'])).stderr).toMatch(/^cofre: not a whole backup: /);
    expect((await desk.json(['restore', ids[1]!, '--yes'], 1)).error.code).toBe('BACKUP_DAMAGED');
  });
});
