import { afterEach, beforeEach, expect, test } from 'vitest';
import type { Cofre } from '../../lib/cofre.ts';
import { type CliEnd, runCli, startCli } from '../support/cli-process.ts';
import { fingerprint, makeSample } from '../support/sample-database.ts';
import { makeWorkspace, type Workspace } from '../support/workspace.ts';
import { leaseHeld, shutGate } from './gate.ts';

let workspace: Workspace;
let cofre: Cofre;

beforeEach(() => {
  workspace = makeWorkspace();
  cofre = workspace.open();
  makeSample(workspace.path('one.sqlite3'), { name: 'one', rows: 2_000 });
  makeSample(workspace.path('two.sqlite3'), { name: 'two', rows: 2_000 });
});
afterEach(() => workspace.remove());

const options = () => ({ cwd: workspace.folder });
const backupArgs = (name: string) => ['backup', '--url', `sqlite:./${name}.sqlite3`];
const restoreArgs = (id: string, name: string) => [
  'restore',
  id,
  '--to',
  `sqlite:./${name}.sqlite3`,
  '--yes',
];

function expectBusy({ code, stdout, stderr }: CliEnd, holder: RegExp): void {
  expect({ code, stdout }).toEqual({ code: 4, stdout: '' });
  expect(stderr).toMatch(holder);
  expect(stderr).toMatch(/\n {2}Wait until/);
}

test.each([2, 5])(
  'of %i backups of one database at once exactly one works, and the others name it',
  async (starters) => {
    const open = shutGate(workspace.path('one.sqlite3'));
    const runs = Array.from({ length: starters }, () => startCli(backupArgs('one'), options()));
    const ended: CliEnd[] = [];
    for (const { end } of runs) void end.then((it) => ended.push(it));
    const { jobId } = await leaseHeld(cofre, 'one');
    while (ended.length < starters - 1) await Promise.race(runs.map(({ end }) => end.then(pause)));
    for (const refused of ended)
      expectBusy(refused, new RegExp(`one is busy: backup job ${jobId} of cli:\\w+`));
    open();
    const codes = (await Promise.all(runs.map(({ end }) => end))).map((it) => it.code);
    expect(codes.sort()).toEqual([0, ...Array.from({ length: starters - 1 }, () => 4)]);
    const { backups, damaged, orphans } = await cofre.catalog.scan();
    expect([backups.length, damaged, orphans]).toEqual([1, [], []]);
  },
);

const pause = () => new Promise((resolve) => setTimeout(resolve, 20));

test('a backup during a restore is refused, and so is a restore during a backup', async () => {
  const { stdout } = await runCli([...backupArgs('two'), '--json'], options());
  const { id } = JSON.parse(stdout);
  const pairs = [
    [restoreArgs(id, 'one'), backupArgs('one'), /one is busy: restore job/],
    [backupArgs('one'), restoreArgs(id, 'one'), /one is busy: backup job/],
  ] as const;
  for (const [first, second, holder] of pairs) {
    const before = fingerprint(workspace.path('one.sqlite3'));
    const open = shutGate(workspace.path('one.sqlite3'));
    const running = startCli(first, options());
    await leaseHeld(cofre, 'one');
    expectBusy(await runCli(second, options()), holder);
    open();
    expect(await running.end).toMatchObject({ code: 0 });
    const restored = first[0] === 'restore' ? fingerprint(workspace.path('two.sqlite3')) : before;
    expect(fingerprint(workspace.path('one.sqlite3'))).toBe(restored);
  }
});

test('backups of two databases at once both work', async () => {
  const open = shutGate(workspace.path('one.sqlite3'));
  const one = startCli(backupArgs('one'), options());
  await leaseHeld(cofre, 'one');
  expect(await runCli(backupArgs('two'), options())).toMatchObject({ code: 0, stderr: '' });
  open();
  expect(await one.end).toMatchObject({ code: 0, stderr: '' });
  expect((await cofre.catalog.scan()).backups.map((it) => it.database).sort()).toEqual(['one', 'two']);
});

test('what reads goes on during a backup: list, show, verify, jobs', async () => {
  const { id } = JSON.parse((await runCli([...backupArgs('one'), '--json'], options())).stdout);
  const open = shutGate(workspace.path('one.sqlite3'));
  const running = startCli(backupArgs('one'), options());
  await leaseHeld(cofre, 'one');
  for (const args of [['list'], ['show', id], ['verify', id]]) {
    const { code, stdout } = await runCli(args, options());
    expect({ code, found: stdout.includes(id) }).toEqual({ code: 0, found: true });
  }
  expect((await runCli(['jobs'], options())).stdout).toMatch(/backup +one +running/);
  open();
  expect(await running.end).toMatchObject({ code: 0 });
});
