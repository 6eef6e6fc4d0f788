import { spawnSync } from 'node:child_process';
import { readFileSync } from 'node:fs';
import { afterEach, beforeEach, expect, test } from 'vitest';
import { type Cofre, databaseFromUrl } from '../../lib/cofre.ts';
import { thisProcess } from '../../lib/process.ts';
import { sourceOf } from '../../lib/restore.ts';
import { runBackup } from '../../lib/tasks/backup.ts';
import { runRestore } from '../../lib/tasks/restore.ts';
import { runCli, startCli } from '../support/cli-process.ts';
import { clockAhead } from '../support/fake-clock.ts';
import { fingerprint, makeSample } from '../support/sample-database.ts';
import { makeWorkspace, type Workspace } from '../support/workspace.ts';
import { leaseHeld, shutGate } from './gate.ts';

let workspace: Workspace;
let cofre: Cofre;
/** Cofre on a host whose clock is an hour on: every lease of ours has run out there. */
let later: Cofre;
const { signal } = new AbortController();

beforeEach(() => {
  workspace = makeWorkspace();
  cofre = workspace.open();
  later = workspace.open({ clock: clockAhead(1 / 24) });
  makeSample(workspace.path('one.sqlite3'), { name: 'one', rows: 2_000 });
  makeSample(workspace.path('two.sqlite3'), { name: 'two', rows: 2_000 });
});
afterEach(() => workspace.remove());

const options = () => ({ cwd: workspace.folder });
const backupArgs = (name: string) => ['backup', '--url', `sqlite:./${name}.sqlite3`, '--json'];
const database = (name: string) => databaseFromUrl(`sqlite:${workspace.path(`${name}.sqlite3`)}`);

async function backUp(where: Cofre, name: string): Promise<string> {
  const task = { database: database(name), compression: 'zstd', trigger: 'manual', actor: 'test' } as const;
  return (await runBackup(where, task, { signal })).id;
}

/** Starts the command, stops it once it has the lease, lets `meanwhile` happen, and lets it go on. */
async function stopped(args: readonly string[], meanwhile: () => Promise<unknown>) {
  const open = shutGate(workspace.path('one.sqlite3'));
  const run = startCli(args, options());
  await leaseHeld(cofre, 'one');
  await new Promise((resolve) => setTimeout(resolve, 300));
  process.kill(run.pid, 'SIGSTOP');
  open();
  await meanwhile();
  process.kill(run.pid, 'SIGCONT');
  return await run.end;
}

test('a backup that was stopped past its lease wakes up and cannot commit', async () => {
  let newer = '';
  const end = await stopped(backupArgs('one'), async () => {
    newer = await backUp(later, 'one');
  });
  expect(end.code).toBe(1);
  expect(JSON.parse(end.stdout).error).toMatchObject({ code: 'LEASE_LOST', hint: expect.any(String) });
  const { backups, damaged, orphans } = await cofre.catalog.scan();
  expect([backups.map((it) => it.id), damaged, orphans]).toEqual([[newer], [], []]);
  expect((await runCli(backupArgs('one'), options())).code).toBe(0);
});

test('a restore that was stopped past its lease wakes up and changes nothing', async () => {
  makeSample(workspace.path('three.sqlite3'), { name: 'three', rows: 500 });
  const [two, three] = [await backUp(cofre, 'two'), await backUp(cofre, 'three')];
  const args = ['restore', two, '--to', 'sqlite:./one.sqlite3', '--yes', '--json'];
  const end = await stopped(args, async () => {
    const source = sourceOf(later, await later.catalog.find(three));
    await runRestore(
      later,
      { source, target: database('one'), actor: 'test', how: { safetyBackup: false } },
      { signal },
    );
  });
  expect(end.code).toBe(1);
  expect(JSON.parse(end.stdout).error).toMatchObject({ code: 'LEASE_LOST' });
  expect(fingerprint(workspace.path('one.sqlite3'))).toBe(fingerprint(workspace.path('three.sqlite3')));
});

/** A lease as another process would have left it. */
async function leaveLease(holder: { host: string; pid: number; started: string }, expiresInMs: number) {
  const now = Date.now();
  const who = { jobId: '20261123T120000-00000000', kind: 'backup', actor: 'somebody' };
  const record = {
    holder: { ...who, since: new Date(now).toISOString(), ...holder },
    expiresAt: new Date(now + expiresInMs).toISOString(),
  };
  await cofre.store.put('locks/one.json', Buffer.from(JSON.stringify(record)));
}

const HALF_AN_HOUR = 1_800_000;

test('the lease of a dead process of this host is taken over at once', async () => {
  const dead = Number(spawnSync(process.execPath, ['-p', 'process.pid']).stdout.toString());
  await leaveLease({ ...thisProcess(), pid: dead }, HALF_AN_HOUR);
  expect((await runCli(backupArgs('one'), options())).code).toBe(0);
});

test('so is the lease of a process whose number another one has now', async () => {
  await leaveLease({ ...thisProcess(), started: '1' }, HALF_AN_HOUR);
  expect((await runCli(backupArgs('one'), options())).code).toBe(0);
});

test('the lease of a living process of this host is respected', async () => {
  await leaveLease(thisProcess(), HALF_AN_HOUR);
  expect((await runCli(backupArgs('one'), options())).code).toBe(4);
});

test('the lease of another host is respected until it has run out, though its process cannot be seen', async () => {
  await leaveLease({ host: '0123456789ab', pid: 1, started: '1' }, HALF_AN_HOUR);
  const refused = await runCli(backupArgs('one'), options());
  expect(refused.code).toBe(4);
  expect(JSON.parse(refused.stdout).error.message).toContain(
    'backup job 20261123T120000-00000000 of somebody',
  );
  expect(await backUp(later, 'one')).toMatch(/^one-/);
});

test('a lease that cannot be read is replaced', async () => {
  await cofre.store.put('locks/one.json', Buffer.from('{"holder":'));
  expect((await runCli(backupArgs('one'), options())).code).toBe(0);
  const { holder } = JSON.parse(readFileSync(workspace.path('backups/locks/one.json'), 'utf8'));
  expect(holder).toBeNull();
});
