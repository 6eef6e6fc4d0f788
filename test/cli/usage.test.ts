import { writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { type Desk, ended, eventually, lock, oneObject, openDesk, runHere } from './cli.ts';

const VERBS = [
  'backup',
  'restore',
  'serve',
  'list',
  'show',
  'verify',
  'download',
  'url',
  'jobs',
  'doctor',
  'prune',
  'delete',
];
const ALIASES = ['backup_database', 'list_backups', 'restore_database'];

let desk: Desk;
beforeAll(async () => {
  desk = await openDesk();
});
afterAll(() => desk[Symbol.asyncDispose]());

describe('help', () => {
  it('lists every verb and alias', async () => {
    const { code, stdout, stderr } = await desk.run(['--help']);
    expect([code, stderr]).toEqual([0, '']);
    for (const verb of VERBS) expect(stdout).toMatch(new RegExp(`^ {2}${verb}[| ]`, 'm'));
    for (const alias of ALIASES) expect(stdout).toContain(`|${alias} `);
  });

  it.for([...VERBS, ...ALIASES])('%s --help shows the options that all take', async (verb) => {
    const { code, stdout, stderr } = await runHere(desk, [verb, '--help']);
    expect([code, stderr]).toEqual([0, '']);
    expect(stdout).toMatch(/--store <store>[\s\S]*--config <file>[\s\S]*--json/);
  });

  it('names the kinds of URL there are', async () => {
    for (const verb of ['backup', 'restore'])
      expect((await runHere(desk, [verb, '--help'])).stdout.replaceAll(/\s+/g, ' ')).toContain(
        'sqlite:./file.sqlite3 or postgres://user:password@host:5432/db',
      );
  });

  it('--version is a version', async () => {
    expect((await runHere(desk, ['--version'])).stdout).toMatch(/^\d+\.\d+\.\d+\n$/);
  });

  it('without a verb: help on stderr, exit 2', async () => {
    const { code, stdout, stderr } = await runHere(desk, []);
    expect([code, stdout]).toEqual([2, '']);
    expect(stderr).toContain('Usage: cofre');
  });
});

describe('exit 2 for what was typed wrong', () => {
  it.for([
    ['nope'],
    ['backup', '--bogus'],
    ['show'],
    ['backup', '--days', '0'],
    ['backup', '--compression', 'lzma'],
    ['list', 'too', 'many'],
    ['serve', '--port', '65536'],
    ['url', 'x', '--expires', '0'],
    ['backup', '--recipients', 'a@example.com'],
    ['backup', '--email'],
    ['backup', '--url', 'oracle://x'],
    ['list', '--store', 'ftp://x'],
    ['backup', '--jobs', '0'],
    ['backup', '--jobs', '65'],
    ['backup', '--jobs', '2.5'],
    ['restore', 'shop.sqlite3', '--mode', 'fast'],
    ['restore', 'shop.sqlite3', '--yes', '--replace'],
    ['restore', 'shop.sqlite3', '--table', 'orders'],
    ['restore', 'shop.sqlite3', '--table', 'orders', '--mode', 'swap'],
    ['restore', 'shop.sqlite3', '--table', 'orders', '--no-owner'],
    ['restore', '--undo'],
    ['restore', '--undo', 'shop.sqlite3'],
    ['restore', '--undo', '--latest'],
    ['restore', '--undo', '--table', 'orders'],
    ['restore', '--undo', '--mode', 'swap'],
    // What SQLite cannot do is said before anybody is asked.
    ['restore', 'shop.sqlite3', '--mode', 'swap'],
    ['restore', 'shop.sqlite3', '--jobs', '2'],
    ['restore', 'shop.sqlite3', '--no-owner'],
    ['restore', 'shop.sqlite3', '--no-privileges'],
    ['restore', 'shop.sqlite3', '--terminate-connections'],
  ])('%j', async (args) => {
    const { error } = oneObject(await runHere(desk, [...args, '--json']), 2);
    expect(error).toMatchObject({ code: 'USAGE', message: expect.stringMatching(/\S/) });
  });

  it('is told on stderr to people', async () => {
    const { code, stdout, stderr } = await desk.run(['backup', '--bogus']);
    expect([code, stdout]).toEqual([2, '']);
    expect(stderr).toMatch(/unknown option '--bogus'/);
  });
});

describe('exit 2 for a broken configuration, naming the field', () => {
  const CASES: [string, string][] = [
    ['{"stoer": "./backups"}', 'stoer'],
    ['{"databases": {"shop": {"url": 7}}}', 'databases.shop.url'],
    ['{"databases": {"shop": {"url": "shop.sqlite3"}}}', 'databases.shop.url'],
    ['{"databases": {"shop": {"url": "sqlite:x", "schedule": "daily"}}}', 'databases.shop'],
    ['{"databases": {"shop": {"url": "sqlite:x", "days": 0}}}', 'databases.shop.days'],
    ['{"databases": {"shop": {"url": "sqlite:x", "recipients": ["no"]}}}', 'databases.shop.recipients.0'],
    ['{"databases": {"jobs": {"url": "sqlite:x"}}}', 'databases.jobs'],
    ['{"mail": {"transport": "outbox:x", "from": "nobody"}}', 'mail.from'],
    ['{"retention": {"dialy": 3}}', 'dialy'],
    ['{"server": {"port": 70000}}', 'server.port'],
    ['{', 'not JSON'],
  ];

  it.for(CASES.map(([text, field], n) => [n, text, field] as const))('%#: %s', async ([n, text, field]) => {
    const file = `broken-${n}.json`;
    writeFileSync(join(desk.folder, file), text);
    const { error } = oneObject(await runHere(desk, ['list', '--json', '--config', file]), 2);
    expect(error).toMatchObject({ code: 'CONFIG_INVALID', message: expect.stringContaining(file) });
    expect(error.message).toContain(field);
  });

  it('names the file that is not there', async () => {
    const { error } = await desk.json(['list', '--config', 'none.json'], 2);
    expect(error.message).toContain('none.json');
    const { code, stderr } = await desk.run(['list'], { COFRE_CONFIG: 'none.json' });
    expect([code, stderr.includes('none.json')]).toEqual([2, true]);
  });

  it('names the environment variable that is not set', async () => {
    writeFileSync(
      join(desk.folder, 'secret.json'),
      '{"databases": {"s": {"url": "sqlite:${env:NOT_SET_HERE}"}}}',
    );
    const { error } = await desk.json(['backup', '--config', 'secret.json'], 2);
    expect(error).toMatchObject({
      code: 'SECRET_UNAVAILABLE',
      message: expect.stringContaining('NOT_SET_HERE'),
    });
  });
});

it('exit 4 while another job works on the database, and that one goes on', async () => {
  const held = lock(desk.database);
  const first = desk.start(['backup', '--json']);
  try {
    await eventually(
      async () => (await desk.json(['jobs'])).jobs[0]?.status === 'running',
      'the first backup to run',
    );
    for (const args of [['backup'], ['restore', 'shop.sqlite3', '--yes']])
      expect((await desk.json(args, 4)).error).toMatchObject({
        code: 'BUSY',
        message: expect.stringContaining('backup job'),
      });
  } finally {
    held[Symbol.dispose]();
  }
  expect(oneObject(await ended(first), 0).rows).toBe(4);
});
