import { readdirSync, statSync } from 'node:fs';
import { join } from 'node:path';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { type Desk, ended, eventually, openDesk, type Result } from './cli.ts';

let desk: Desk;
beforeAll(async () => {
  desk = await openDesk();
  // Large enough that a backup is under way for a while; random, so that it does not pack.
  desk.sql('CREATE TABLE pad AS SELECT randomblob(100000000) AS b UNION ALL SELECT randomblob(100000000)');
});
afterAll(() => desk[Symbol.asyncDispose]());

const files = (store: string) => {
  try {
    return readdirSync(join(desk.folder, store, 'shop')).map((it) => join(desk.folder, store, 'shop', it));
  } catch {
    return [];
  }
};
const uploads = (store: string) =>
  files(store).filter((it) => it.includes('.cofre-tmp') && statSync(it, { throwIfNoEntry: false })?.size);

/** Runs a backup and sends `signal` once its first bytes are in the store. */
async function interrupt(store: string, signal: NodeJS.Signals): Promise<Result> {
  const child = desk.start(['backup', '--json', '--store', store]);
  await eventually(async () => uploads(store).length > 0 || child.exitCode !== null, 'the upload to begin');
  child.kill(signal);
  return await ended(child);
}

describe('a backup that is interrupted', () => {
  it.each(['SIGINT', 'SIGTERM'] as const)(
    'by %s: exit 1, nothing listed, the job failed, no upload left',
    async (signal) => {
      const store = `./${signal}`;
      const { code, stdout, stderr } = await interrupt(store, signal);
      expect([code, stderr]).toEqual([1, '']);
      expect(JSON.parse(stdout).error).toMatchObject({
        code: 'ABORTED',
        message: `Interrupted by ${signal}.`,
      });
      expect(await desk.json(['list', '--store', store])).toEqual({ backups: [], damaged: [] });
      expect((await desk.json(['jobs', '--store', store])).jobs).toMatchObject([
        { status: 'failed', error: { code: 'ABORTED' } },
      ]);
      expect(files(store).filter((it) => !it.endsWith('.cofre-tags'))).toEqual([]);
    },
  );

  it('by SIGKILL: nothing listed, the job lost, and the next backup goes ahead at once', async () => {
    const store = './SIGKILL';
    expect((await interrupt(store, 'SIGKILL')).code).toBeNull();
    expect((await desk.json(['list', '--store', store])).backups).toEqual([]);
    expect((await desk.json(['jobs', '--store', store])).jobs).toMatchObject([
      { status: 'failed', error: { code: 'WORKER_LOST' } },
    ]);
    const made = await desk.json(['backup', '--store', store]);
    expect((await desk.json(['list', '--store', store])).backups).toMatchObject([{ id: made.id }]);
  });
});

it('a restore that is interrupted leaves the database as it was', async () => {
  const { id } = await desk.json(['backup', '--store', './kept']);
  desk.sql('UPDATE orders SET cents = 1');
  const child = desk.start(['restore', id, '--yes', '--no-safety-backup', '--store', './kept', '--json']);
  const spooling = () =>
    readdirSync(desk.folder).some((it) => it !== 'shop.sqlite3' && it.includes('shop.sqlite3'));
  await eventually(async () => spooling() || child.exitCode !== null, 'the restore to begin');
  child.kill('SIGTERM');
  expect(JSON.parse((await ended(child)).stdout).error.code).toBe('ABORTED');
  expect(desk.sql('SELECT sum(cents) AS n FROM orders')).toEqual([{ n: 3 }]);
  expect(readdirSync(desk.folder).filter((it) => it.startsWith('.') || it.includes('shop.'))).toEqual([
    'shop.sqlite3',
  ]);
});
