import { mkdirSync, readdirSync } from 'node:fs';
import { join } from 'node:path';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { describeRestoreTest } from '../../lib/cli/commands/restore-test-texts.ts';
import type { RestoreTestReport } from '../../lib/tasks/restore-test.ts';
import { type Desk, openDesk } from './cli.ts';
import { backUpDaysAgo } from './seed.ts';

let desk: Desk;
let id: string;
beforeAll(async () => {
  desk = await openDesk();
  id = (await backUpDaysAgo(desk.folder, 1)).id;
});
afterAll(() => desk[Symbol.asyncDispose]());

describe('cofre restore-test', () => {
  it('restores, compares, says so, and leaves nothing in the temporary folder', async () => {
    const TMPDIR = join(desk.folder, 'tmp');
    mkdirSync(TMPDIR);
    const { code, stdout, stderr } = await desk.run(['restore-test', id], { TMPDIR });
    expect([code, stderr]).toEqual([0, '']);
    expect(stdout).toMatch(
      new RegExp(
        `^Restored ${id} into a scratch database on this machine \\(.*\\), in .* s: everything came back equal.`,
      ),
    );
    expect(stdout).toMatch(/compared \d+ definitions, 4 rows in \d tables/);
    expect(readdirSync(TMPDIR)).toEqual([]);
  });

  it('is told by show and list afterwards', async () => {
    const report = await desk.json(['restore-test', '--latest', '--database', 'shop']);
    expect(report).toMatchObject({ id, result: 'equal', different: 0, explained: 0, differences: [] });
    const { restoreTest } = await desk.json(['show', id]);
    expect(restoreTest).toMatchObject({ result: 'equal', finishedAt: report.finishedAt });
    const { backups } = await desk.json(['list']);
    expect(backups[0].restoreTest).toEqual(restoreTest);
    expect((await desk.run(['show', id])).stdout).toMatch(
      /^restored {3}for a test at .* on this machine .*: equal$/m,
    );
    expect((await desk.run(['list'])).stdout).toMatch(/ equal \d{4}-\d\d-\d\d$/m);
  });

  it.each([
    ['nothing to test', ['restore-test'], 2, 'USAGE'],
    ['an id and --latest', ['restore-test', 'ID', '--latest'], 2, 'USAGE'],
    ['a backup that there is not', ['restore-test', 'shop-20200101-000000'], 3, 'BACKUP_NOT_FOUND'],
    ['--into with --here', ['restore-test', 'ID', '--into', 'sqlite:./x', '--here'], 2, 'USAGE'],
    ['--into for SQLite', ['restore-test', 'ID', '--into', 'sqlite:./x.sqlite3'], 2, 'USAGE'],
  ])('refuses %s', async (_, args, exit, code) => {
    const { error } = await desk.json(
      args.map((it) => (it === 'ID' ? id : it)),
      exit,
    );
    expect(error).toMatchObject({ code, hint: expect.any(String) });
  });
});

describe('its words', () => {
  const report: RestoreTestReport = {
    id: 'shop-20261123-020000',
    database: 'shop',
    result: 'different',
    server: 'postgres://cofre@db:5432',
    serverVersion: '18.4',
    objects: 1_200,
    tables: 2,
    rows: 1_234_567,
    seconds: 41,
    startedAt: '2026-11-23T02:00:00.000Z',
    finishedAt: '2026-11-23T02:00:41.000Z',
    different: 2,
    explained: 1,
    differences: [
      {
        kind: 'VIEW',
        object: 'public.seen',
        was: 'CREATE VIEW seen AS\n  SELECT 1;',
        is: null,
        explained: null,
      },
      {
        kind: 'ROWS',
        object: 'public.orders',
        was: { rows: 2_000, sum: '0'.repeat(32) },
        is: { rows: 1_999, sum: 'f'.repeat(32) },
        explained: null,
      },
    ],
    warnings: ['Look here.'],
  };

  it('name every difference with both sides, those that are left out, and the warnings', () => {
    expect(describeRestoreTest(report).split('\n')).toEqual([
      'Restored shop-20261123-020000 into a scratch database on postgres://cofre@db:5432 (18.4), in 41 s: it came back CHANGED.',
      '  compared 1,200 definitions, 1,234,567 rows in 2 tables',
      '  different: VIEW public.seen',
      '    was CREATE VIEW seen AS',
      '        SELECT 1;',
      '    is  not there',
      '  different: ROWS public.orders',
      `    was 2,000 rows, sum ${'0'.repeat(32)}`,
      `    is  1,999 rows, sum ${'f'.repeat(32)}`,
      '  and 1 more',
      '  warning Look here.',
    ]);
  });

  it('say why something is explained', () => {
    const explained = { ...report.differences[0]!, explained: 'missing-role' } as const;
    const text = describeRestoreTest({
      ...report,
      result: 'explained',
      different: 0,
      differences: [explained],
    });
    expect(text).toContain('everything came back, but for what the server itself makes');
    expect(text).toContain('explained (a role that this server does not have): VIEW public.seen');
  });
});
