import { execFile } from 'node:child_process';
import { once } from 'node:events';
import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join, resolve } from 'node:path';
import { promisify } from 'node:util';
import { Worker } from 'node:worker_threads';
import { afterAll, beforeAll, expect, test } from 'vitest';
import { makeSampleDatabase } from '../../infra/local/sample.ts';

const run = promisify(execFile);
const BUILD = resolve(import.meta.dirname, '../../infra/build.ts');

let folder: string;

beforeAll(async () => {
  folder = await mkdtemp(join(tmpdir(), 'cofre-build-'));
  await run(process.execPath, [BUILD, join(folder, 'dist')]);
  makeSampleDatabase(join(folder, 'shop.sqlite3'), { users: 20, tickets: 50, commentsPerTicket: 3 });
});
afterAll(() => rm(folder, { recursive: true, force: true }));

async function cofre(...args: string[]) {
  const { stdout } = await run(process.execPath, ['dist/cofre.mjs', ...args, '--json'], { cwd: folder });
  return JSON.parse(stdout);
}

test('the bundle backs up and restores on its own: its SQLite child process lies beside it', async () => {
  const made = await cofre('backup', '--url', 'sqlite:./shop.sqlite3');
  const restored = await cofre('restore', made.id, '--to', 'sqlite:./copy.sqlite3', '--yes');
  expect(restored.rows).toBe(made.rows);
});

test('the bundle runs pg_dump: its thread and the WebAssembly lie beside it', async () => {
  // Authenticated, and ready for a query: as much of a server as pg_dump needs to begin.
  const greeting = Buffer.from('R\0\0\0\b\0\0\0\0S\0\0\0\x18server_version\x0018.1\0Z\0\0\0\x05I');
  const workerData = { flag: new SharedArrayBuffer(4) };
  const worker = new Worker(join(folder, 'dist/postgres-ddl.mjs'), { workerData });
  worker.postMessage({ args: [], key: 'key', greeting });
  try {
    const [{ query }] = await once(worker, 'message');
    expect(Buffer.from(query).toString()).toMatch(/^Q.*SELECT/s);
  } finally {
    await worker.terminate();
  }
});

test('the bundle serves the admin page, which was built into it', async () => {
  const child = execFile(process.execPath, ['dist/cofre.mjs', 'serve', '--port', '0'], { cwd: folder });
  try {
    const url = await new Promise<string>((found) =>
      child.stdout!.on('data', (text: string) => {
        const address = /http:\/\/127\.0\.0\.1:\d+/.exec(text)?.[0];
        if (address) found(address);
      }),
    );
    expect(await (await fetch(`${url}/`)).text()).toContain('<title>');
    expect((await fetch(`${url}/app.js`)).status).toBe(200);
  } finally {
    child.kill();
  }
});

test('the bundle reads secrets: the SDK that it loads for them is whole', async () => {
  const env = {
    PATH: process.env['PATH'],
    AWS_ENDPOINT_URL: 'http://127.0.0.1:1',
    AWS_REGION: 'us-east-1',
    AWS_ACCESS_KEY_ID: 'test',
    AWS_SECRET_ACCESS_KEY: 'test',
  };
  const url = '${secret:shop}';
  const failed = await run(process.execPath, ['dist/cofre.mjs', 'backup', '--url', url], {
    cwd: folder,
    env,
  }).catch((error: { stderr: string }) => error);
  expect(failed.stderr).toContain('The secret shop cannot be read');
});
