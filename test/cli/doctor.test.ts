import { writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { expect, test } from 'vitest';
import { temporaryBeside } from '../../lib/engines/sqlite/file/temporary.ts';
import { openDesk } from './cli.ts';

test('a database in order', async () => {
  await using desk = await openDesk();
  const { code, stdout } = await desk.run(['doctor']);
  expect(code).toBe(0);
  expect(stdout).toMatch(/^shop \(sqlite:.*shop\.sqlite3, sqlite 3\.\d+\.\d+\): in order\.\n$/);
});

test('what a killed run has left is cleared, and said', async () => {
  await using desk = await openDesk();
  const left = temporaryBeside(desk.database).replace(`-${process.pid}-`, '-999999999-');
  writeFileSync(left, 'x');
  expect(await desk.json(['doctor', '--database', 'shop'])).toMatchObject({
    ok: true,
    databases: [
      {
        database: 'shop',
        ok: true,
        findings: [{ kind: 'mended', text: expect.stringContaining('One thing') }],
      },
    ],
  });
});

test('what is wrong and stays so: exit 1, and one object all the same', async () => {
  await using desk = await openDesk();
  const url = `sqlite:${join(desk.folder, 'nowhere.sqlite3')}`;
  expect(await desk.json(['doctor', '--url', url], 1)).toMatchObject({
    ok: false,
    databases: [{ version: null, findings: [{ kind: 'problem', text: 'There is no such database.' }] }],
  });
});

test('without any database: exit 2', async () => {
  await using desk = await openDesk({ databases: {} });
  expect((await desk.run(['doctor'])).code).toBe(2);
});
