import { execFile } from 'node:child_process';
import { join } from 'node:path';
import { promisify } from 'node:util';
import { describe, expect, it } from 'vitest';
import { type Desk, MAIN, openDesk } from './cli.ts';
import { backUpDaysAgo } from './seed.ts';

const HELPER = join(import.meta.dirname, 'terminal.py');
const PROMPT = 'to confirm: ';
const ENTER = '\r';
const CTRL_C = '\u0003';
const CTRL_D = '\u0004';
const CLEAR_LINE = '\r\u001b[2K';

interface Seen {
  readonly seen: string;
  readonly code: number;
  readonly unsent: number;
}

/** Runs the command line at a terminal and types `answer` at the prompt. */
async function type(desk: Desk, args: readonly string[], answer?: string): Promise<Seen> {
  const steps = answer === undefined ? [] : [{ wait: PROMPT, send: answer }];
  const command = [HELPER, JSON.stringify(steps), process.execPath, MAIN, ...args];
  const { stdout } = await promisify(execFile)('python3', command, { cwd: desk.folder });
  const result = JSON.parse(stdout) as Seen;
  expect(result.unsent).toBe(0);
  return result;
}

async function lossy(): Promise<Desk & { id: string }> {
  const desk = await openDesk();
  const { id } = await backUpDaysAgo(desk.folder, 1);
  desk.sql('DELETE FROM orders');
  return Object.assign(desk, { id });
}

const count = (desk: Desk) => desk.sql('SELECT count(*) AS n FROM orders')[0]!['n'];
const listed = async (desk: Desk): Promise<number> => (await desk.json(['list'])).backups.length;

describe.concurrent('restore at a terminal', () => {
  it('says what will happen, asks for the name, and restores on the right one', async () => {
    await using desk = await lossy();
    const { seen, code } = await type(desk, ['restore', desk.id], `shop${ENTER}`);
    expect(seen).toContain(`All data of shop (sqlite:${desk.database}) will be replaced by ${desk.id}.`);
    expect(seen).toContain('Restored ');
    expect([code, count(desk), await listed(desk)]).toEqual([0, 3, 2]);
  });

  it.for([
    ['a wrong name', `shop2${ENTER}`, 2, 'Type exactly "shop". Nothing was changed.'],
    ['nothing', ENTER, 2, 'Nothing was changed.'],
    ['yes', `yes${ENTER}`, 2, 'Nothing was changed.'],
    ['Ctrl+C', CTRL_C, 1, 'Nothing was changed.'],
    ['Ctrl+D', CTRL_D, 1, 'Nothing was changed.'],
  ] as const)('changes nothing on %s', async ([, answer, expected, words]) => {
    await using desk = await lossy();
    const { seen, code } = await type(desk, ['restore', '--latest'], answer);
    expect(seen).toContain(words);
    expect([code, count(desk), await listed(desk)]).toEqual([expected, 0, 1]);
  });

  it('asks with --json too, and ends with one object', async () => {
    await using desk = await lossy();
    const { seen, code } = await type(desk, ['restore', '--latest', '--json'], `shop${ENTER}`);
    expect(code).toBe(0);
    expect(JSON.parse(seen.slice(seen.indexOf('{')))).toMatchObject({ id: desk.id, rows: 4 });
    expect(seen).not.toContain('[####');
  });

  it('does not ask with --yes', async () => {
    await using desk = await lossy();
    const { seen, code } = await type(desk, ['restore', '--latest', '--yes']);
    expect([code, seen.includes(PROMPT)]).toEqual([0, false]);
  });
});

it('shows a progress bar on one line of the terminal, and takes it away', async () => {
  await using desk = await openDesk();
  desk.sql('CREATE TABLE pad AS SELECT randomblob(20000000) AS b');
  const { seen, code } = await type(desk, ['backup']);
  expect(code).toBe(0);
  const [bar, result] = seen.replaceAll(CLEAR_LINE, '<clear>').split('Backed up shop');
  expect(bar).toMatch(/<clear>dump {7}\[#+\.*\] \d+% {2}\d+\.\d MiB of 19\.\d MiB/);
  expect(bar).not.toContain('\n');
  expect(bar!.endsWith('<clear>')).toBe(true);
  expect(result).not.toContain('<clear>');
});
