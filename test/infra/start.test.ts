import { spawn } from 'node:child_process';
import { once } from 'node:events';
import { cpSync, existsSync, mkdtempSync, readFileSync, rmSync, symlinkSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join, resolve } from 'node:path';
import { createInterface } from 'node:readline';
import { DatabaseSync } from 'node:sqlite';
import { zstdDecompressSync } from 'node:zlib';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { ended, type Result } from '../cli/cli.ts';

const ROOT = resolve(import.meta.dirname, '../..');
/** What `npm start` needs of the project. */
const PARTS = ['package.json', 'cofre.json', 'functions', 'infra', 'lib'];

let copy: string;
beforeAll(() => {
  // The project's own data and backups are whoever works on it, so all this happens in a copy.
  copy = mkdtempSync(join(tmpdir(), 'cofre-start-'));
  for (const part of PARTS) cpSync(join(ROOT, part), join(copy, part), { recursive: true });
  symlinkSync(join(ROOT, 'node_modules'), join(copy, 'node_modules'));
});
afterAll(() => rmSync(copy, { recursive: true, force: true }));

function spawnNpm(...args: string[]) {
  const { PATH = '', HOME = '/' } = process.env;
  return spawn('npm', args, {
    cwd: copy,
    env: { PATH, HOME },
    stdio: ['ignore', 'pipe', 'pipe'],
    detached: true,
  });
}
const start = (...args: string[]): Promise<Result> => ended(spawnNpm('start', '-s', '--', ...args));
const sample = () => join(copy, 'data/helpdesk.sqlite3');

async function listed(): Promise<{ id: string; key: string }[]> {
  const { stdout } = await ended(spawnNpm('run', '-s', 'cofre', '--', 'list', '--json'));
  return JSON.parse(stdout).backups;
}

describe('npm start -- --once', () => {
  it('makes the sample, backs it up, says how to go on, and ends', async () => {
    const { code, stdout, stderr } = await start('--once');
    expect([code, stderr]).toEqual([0, '']);
    expect(stdout).toMatch(
      /^Made a sample helpdesk database: .*data\/helpdesk\.sqlite3\nBacked up helpdesk: [\d,]+ rows, /,
    );
    const [made, ...others] = await listed();
    expect(others).toEqual([]);
    expect(stdout).toContain(`npm run -s cofre -- restore ${made!.id}\n`);
    const stored = readFileSync(join(copy, 'backups', made!.key));
    expect(zstdDecompressSync(stored).equals(readFileSync(sample()))).toBe(true);
  });

  it('never overwrites the sample, and backs it up again when asked to', async () => {
    using database = new DatabaseSync(sample());
    database.exec("UPDATE tickets SET subject = 'Mine' WHERE id = 1");
    const { code, stdout } = await start('--once');
    expect([code, stdout.includes('Made a sample')]).toEqual([0, false]);
    expect(database.prepare('SELECT subject FROM tickets WHERE id = 1').get()).toEqual({ subject: 'Mine' });
    expect(await listed()).toHaveLength(2);
  });
});

describe('npm start', () => {
  it('makes no backup when there is one, serves, and ends when told to', async () => {
    const child = spawnNpm('start', '-s', '--', '--port', '0');
    const lines: string[] = [];
    for await (const line of createInterface({ input: child.stdout })) {
      lines.push(line);
      if (line.includes('http://')) break;
    }
    const [, url] = /(http:\/\/127\.0\.0\.1:\d+)/.exec(lines.at(-1)!)!;
    expect(lines[0]).toBe(`Newest backup of helpdesk: ${(await listed())[0]!.id}`);
    const page = await fetch(url!);
    expect([page.status, await page.text()]).toEqual([200, expect.stringContaining('<title>')]);
    expect(await (await fetch(`${url}/api/backups`)).json()).toMatchObject({ backups: [{}, {}] });
    const exited = once(child, 'exit');
    // As Ctrl+C at a terminal does: to all processes of the group, npm's and ours.
    process.kill(-child.pid!, 'SIGINT');
    await exited;
    await expect.poll(() => fetch(url!).catch(() => 'gone')).toBe('gone');
  });

  it('serves a configuration of elsewhere, without the sample', async () => {
    const config = join(copy, 'elsewhere.json');
    writeFileSync(config, JSON.stringify({ store: './other', databases: {} }));
    expect((await start('--once', '--config', config)).code).toBe(0);
    expect(existsSync(join(copy, 'other'))).toBe(false);
  });

  it.each([[['--bogus']], [['--port', 'eighty']], [['--port', '70000']], [['--config', 'none.json']]])(
    '%j: exit 2, said on stderr',
    async (args) => {
      const { code, stdout, stderr } = await start(...args);
      expect(stderr).toMatch(/^cofre: .*\n {2}\S/);
      expect([code, stdout.includes('http://')]).toEqual([2, false]);
    },
  );
});

it('starts the command line also for scripts that name its start file of before', async () => {
  const run = (file: string) =>
    ended(
      spawn('node', ['infra/local/run.mjs', file, '--version'], {
        cwd: copy,
        stdio: ['ignore', 'pipe', 'pipe'],
      }),
    );
  const [now, before] = [await run('infra/local/cli.ts'), await run(join(copy, 'lib/cli/main.ts'))];
  expect([now.code, now.stdout]).toEqual([0, '0.1.0\n']);
  expect([before.code, before.stdout]).toEqual([0, now.stdout]);
});
