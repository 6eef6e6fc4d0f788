import { createHash } from 'node:crypto';
import { existsSync, mkdtempSync, readFileSync } from 'node:fs';
import { createServer } from 'node:http';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { PassThrough, Readable } from 'node:stream';
import { text } from 'node:stream/consumers';
import { afterAll, beforeAll, beforeEach, describe, expect, it } from 'vitest';
import { runCli } from '../../lib/cli/run.ts';
import type { Process } from '../../lib/cli/session.ts';
import type { Stack } from '../../lib/cli/stack/api.ts';
import { openScene, type Scene } from '../access/scene.ts';
import { NO_SERVER, query } from './cli.ts';
import { backUpDaysAgo } from './seed.ts';

const ARN = 'arn:aws:iam::123456789012:user/ana';

let scene: Scene;
let folder: string;
let older: string;
beforeAll(async () => {
  scene = await openScene({
    config: {
      databases: { shop: { url: 'sqlite:./shop.sqlite3' } },
      mail: { transport: 'outbox:./outbox', from: 'cofre@example.com', recipients: ['ana@example.com'] },
    },
  });
  older = (await backUpDaysAgo(scene.desk.folder, 2)).id;
});
beforeEach(() => {
  folder = mkdtempSync(join(tmpdir(), 'cofre-stack-'));
});
afterAll(() => scene[Symbol.asyncDispose]());

interface Ran {
  readonly code: number;
  readonly out: string;
  readonly err: string;
}

const open = async (): Promise<Stack> => ({
  store: 's3://bucket/backups',
  caller: ARN,
  invoke: (event) => scene.api(event),
});

/** Runs the command line in an empty folder: whatever it knows, it knows from the stack. */
async function run(args: readonly string[], change: Partial<Process> = {}): Promise<Ran> {
  const [stdout, stderr] = [new PassThrough(), new PassThrough()];
  const process = { stdin: Readable.from([]), stdout, stderr, env: {}, cwd: folder };
  const signal = new AbortController().signal;
  const code = await runCli(args, { ...process, signal, openStack: open, ...change }, { serve: NO_SERVER });
  return { code, out: await text(stdout.end()), err: await text(stderr.end()) };
}

const STACK = ['--stack', 'cofre-test'];

async function json(...args: string[]) {
  const { code, out, err } = await run([...STACK, ...args, '--json']);
  expect({ code, err, out: code === 0 ? '' : out }).toEqual({ code: 0, err: '', out: '' });
  return JSON.parse(out);
}

describe('everything that the stack can do', () => {
  it('makes a backup, follows it to its end, and says who asked', async () => {
    const report = await json('backup', '--days', '30', '--email');
    expect(report).toMatchObject({ database: 'shop', rows: 4, mailed: ['ana@example.com'] });
    expect((await json('jobs', '--limit', '1')).jobs).toMatchObject([
      { kind: 'backup', status: 'succeeded', actor: `iam:${ARN}` },
    ]);
  });

  it('the option may also stand behind the command, or in the environment', async () => {
    expect(JSON.parse((await run(['list', ...STACK, '--json'])).out).backups.length).toBeGreaterThan(1);
    const { out } = await run(['list', '--json'], { env: { COFRE_STACK: 'cofre-test' } });
    expect(JSON.parse(out).backups.length).toBeGreaterThan(1);
  });

  it('lists, shows and verifies, also in words', async () => {
    const { out } = await run([...STACK, 'list']);
    expect(out).toMatch(/^ID +MADE/);
    expect(out).toContain(older);
    expect((await run([...STACK, 'show', older])).out).toContain('orders');
    expect((await run([...STACK, 'verify', older])).out).toContain(`${older} is whole: `);
    expect((await run([...STACK, 'jobs'])).out).toContain('verify');
    expect((await run([...STACK, 'prune', '--days', '999', '--dry-run'])).out).toContain('Would remove 0 of');
  });

  it.each(['zstd', 'gzip', 'none'])('downloads what was packed by %s, plain and as stored', async (kind) => {
    // Several frames: they unpack to one file only for who knows that there may be more than one.
    scene.desk.sql('INSERT INTO notes VALUES (hex(randomblob(5000000)))');
    const { id, sha256, fileName, size } = await json('backup', '--compression', kind);
    scene.desk.sql('DELETE FROM notes WHERE length(text) > 100');
    expect((await json('show', id)).frames).toBeGreaterThan(1);
    const plain = await json('download', id, '-o', 'plain.sqlite3');
    expect(query(plain.file, 'SELECT max(length(text)) AS n FROM notes')).toEqual([{ n: 10_000_000 }]);
    expect(query(plain.file, 'PRAGMA integrity_check')).toEqual([{ integrity_check: 'ok' }]);
    const stored = await json('download', id, '--stored');
    expect(stored).toMatchObject({ file: join(folder, fileName), size });
    expect(createHash('sha256').update(readFileSync(stored.file)).digest('hex')).toBe(sha256);
  });

  it('prints a presigned URL', async () => {
    const { url } = await json('url', older, '--stored');
    expect((await fetch(url)).headers.get('content-disposition')).toContain('.zst');
  });

  it('restores, by id and the latest, on the name given back', async () => {
    const { id } = await json('backup');
    scene.desk.sql('DELETE FROM orders');
    expect(await json('restore', '--latest', '--yes')).toMatchObject({ id, database: 'shop', rows: 4 });
    expect(scene.desk.sql('SELECT count(*) AS n FROM orders')).toEqual([{ n: 3 }]);
    const { safetyBackup } = await json('restore', older, '--yes', '--no-safety-backup');
    expect(safetyBackup).toBeNull();
  });

  it('prunes and deletes', async () => {
    const { backups } = await json('list');
    const { removed } = await json('prune', '--keep-last', String(backups.length - 1));
    expect(removed).toBe(1);
    const victim = (await json('list')).backups.find((it: { held: boolean }) => !it.held).id;
    expect(await json('delete', victim)).toEqual({ id: victim, deleted: true });
    expect((await run([...STACK, 'show', victim])).code).toBe(3);
  });
});

describe('refusals', () => {
  it.each([
    [['restore', 'shop-20200101-000000', '--yes'], 3, 'BACKUP_NOT_FOUND'],
    [['backup', '--database', 'other'], 2, 'DATABASE_UNKNOWN'],
    [['backup', '--url', 'sqlite:./x'], 2, 'USAGE'],
    [['backup', '--jobs', '2'], 2, 'USAGE'],
    [['backup', '--recipients', 'a@b.c'], 2, 'USAGE'],
    [['list', '--store', './x'], 2, 'USAGE'],
    [['list', '--config', './x.json'], 2, 'USAGE'],
    [['restore', '--latest', '--to', 'sqlite:./x', '--yes'], 2, 'USAGE'],
    [['restore', '--yes'], 2, 'USAGE'],
    [['restore', '--latest'], 2, 'CONFIRMATION_REQUIRED'],
    [['restore', '--latest', '--mode', 'swap', '--yes'], 2, 'USAGE'],
    [['restore', '--undo', '--yes'], 2, 'USAGE'],
    [['prune'], 2, 'USAGE'],
    [['url', 'x', '--expires', '10'], 2, 'USAGE'],
    [['serve'], 2, 'USAGE'],
    [['delete', '..%2F'], 2, 'USAGE'],
  ])('%j: exit %i, %s', async (args, exit, code) => {
    const { code: exited, out } = await run([...STACK, ...args, '--json']);
    expect([exited, JSON.parse(out).error.code]).toEqual([exit, code]);
    expect(JSON.parse(out).error.hint).toEqual(expect.any(String));
  });

  it('the newest backup is not deleted, but by force', async () => {
    const held = (await json('list')).backups.find((it: { held: boolean }) => it.held).id;
    const { code, err } = await run([...STACK, 'delete', held]);
    expect([code, err]).toEqual([1, expect.stringContaining('newest whole backup')]);
  });

  it('a job that fails is told with its own error', async () => {
    const job = { database: 'shop', kind: 'backup', trigger: 'manual', actor: 'x' } as const;
    const failing = async (): Promise<Stack> => ({
      ...(await open()),
      invoke: async (event) => {
        const answer = await scene.api({ ...event, path: '/api/me', httpMethod: 'GET' });
        const error = { code: 'SOURCE_NOT_FOUND', message: 'It is gone.', hint: 'Look.' };
        const failed = { id: 'x', ...job, status: 'failed', error };
        return { ...answer, statusCode: 202, body: JSON.stringify({ job: failed }) };
      },
    });
    const { code, err } = await run([...STACK, 'backup', '--database', 'shop'], { openStack: failing });
    expect([code, err]).toEqual([1, 'cofre: It is gone.\n  Look.\n']);
  });

  it('on a terminal a job is followed with a bar, which goes when it ends', async () => {
    const steps = [10, 60].map((bytes) => ({ phase: 'dump', table: 'orders', bytes, totalBytes: 100 }));
    const slow = async (): Promise<Stack> => ({
      ...(await open()),
      invoke: async (event) => {
        const answer = await scene.api(event);
        const step = event.path.startsWith('/api/jobs/') ? steps.shift() : undefined;
        if (!step) return answer;
        const progress = { rows: null, secondsLeft: 3, note: null, ...step };
        return {
          ...answer,
          body: JSON.stringify({ ...JSON.parse(answer.body), status: 'running', progress }),
        };
      },
    });
    const stderr = Object.assign(new PassThrough(), { isTTY: true, columns: 120 });
    const { code } = await run([...STACK, 'backup'], { stderr, openStack: slow });
    const shown = await text(stderr.end());
    expect(code).toBe(0);
    expect(shown).toContain('[##......................] 10%  10 B of 100 B  orders  3 s left');
    expect(shown).toContain('60%');
    expect(shown.endsWith('\r\u001b[2K')).toBe(true);
  });

  it('no longer followed, a job goes on, and the command says so', async () => {
    const stop = new AbortController();
    const slow = async (): Promise<Stack> => ({
      ...(await open()),
      invoke: async (event) => {
        const answer = await scene.api(event);
        if (event.httpMethod !== 'POST') return answer;
        setTimeout(() => stop.abort(new Error('Interrupted')), 50);
        const { job } = JSON.parse(answer.body);
        return { ...answer, body: JSON.stringify({ job: { ...job, status: 'running' } }) };
      },
    });
    const { code, err } = await run([...STACK, 'backup'], { signal: stop.signal, openStack: slow });
    expect([code, err]).toEqual([1, expect.stringContaining('goes on in AWS')]);
    await scene.settled();
    const [job] = await scene.cofre.journal.list({ limit: 1 });
    expect(job).toMatchObject({ status: 'succeeded' });
  });
});

describe('a download that breaks off', () => {
  /** Serves `bytes` but drops the connection after every `piece` of them, `drops` times. */
  async function flaky(bytes: Buffer, piece: number, drops: number) {
    const asked: string[] = [];
    const server = createServer((request, response) => {
      const from = Number(/bytes=(\d+)-/.exec(request.headers.range ?? '')?.[1] ?? 0);
      asked.push(String(request.url));
      response.writeHead(from > 0 ? 206 : 200, { 'content-length': bytes.length - from });
      if (asked.length > drops) response.end(bytes.subarray(from));
      else response.write(bytes.subarray(from, from + piece), () => response.destroy());
    }).listen(0, '127.0.0.1');
    await new Promise((listening) => server.once('listening', listening));
    const { port } = server.address() as { port: number };
    return { asked, url: `http://127.0.0.1:${port}`, stop: () => server.close() };
  }

  async function download(change: (bytes: Buffer) => Buffer, drops: number) {
    const { id, key, fileName } = await json('backup', '--compression', 'none');
    const bytes = change(readFileSync(join(scene.desk.folder, 'backups', key)));
    const server = await flaky(bytes, 4_000, drops);
    let minted = 0;
    const openStack = async (): Promise<Stack> => ({
      ...(await open()),
      invoke: async (event) => {
        const answer = await scene.api(event);
        if (!event.path.endsWith('/download-url')) return answer;
        minted += 1;
        return {
          ...answer,
          body: JSON.stringify({ ...JSON.parse(answer.body), url: `${server.url}/${minted}` }),
        };
      },
    });
    const ran = await run([...STACK, 'download', id, '--json'], { openStack });
    server.stop();
    return { ...ran, asked: server.asked, file: join(folder, fileName) };
  }

  it('goes on where it was, each time with a fresh URL', async () => {
    const { code, asked, file } = await download((it) => it, 2);
    expect([code, asked]).toEqual([0, ['/1', '/2', '/3']]);
    expect(readFileSync(file).equals(readFileSync(scene.desk.database))).toBe(true);
  });

  it('is given up in the end, and leaves no file', async () => {
    const { code, out, file } = await download((it) => Buffer.concat([it.subarray(0, 0)]), 99);
    expect([code, JSON.parse(out).error.code]).toEqual([1, 'STORE_UNAVAILABLE']);
    expect(existsSync(file)).toBe(false);
  });

  it('one byte that differs leaves no file', async () => {
    const flipped = (bytes: Buffer) => {
      const copy = Buffer.from(bytes);
      copy[5_000]! ^= 1;
      return copy;
    };
    const { code, out, file } = await download(flipped, 0);
    expect([code, JSON.parse(out).error.code]).toEqual([1, 'BACKUP_DAMAGED']);
    expect(existsSync(file)).toBe(false);
  });
});
