import { execFile, spawn } from 'node:child_process';
import { once } from 'node:events';
import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { promisify } from 'node:util';
import { afterAll, beforeAll, describe, expect, test } from 'vitest';

const SUPPORT = join(import.meta.dirname, '../../support');
const run = promisify(execFile);

/** What is moved, MiB. Measured with 4,096 too: the growth is the same. */
const TOTAL = 1024;

/** What memory may grow by, MiB. A read hands out buffers of Node's sockets, which wait for the garbage collector. */
const LIMITS = { upload: 100, read: 180 };

let folder: string;
let sink: ReturnType<typeof spawn>;
let endpoint: string;
beforeAll(async () => {
  folder = await mkdtemp(join(tmpdir(), 'cofre-memory-'));
  sink = spawn(process.execPath, [join(SUPPORT, 's3-sink.ts'), String(TOTAL * 2 ** 20)], {
    stdio: ['ignore', 'pipe', 'inherit'],
  });
  const [port] = await once(sink.stdout!, 'data');
  endpoint = `http://127.0.0.1:${String(port).trim()}`;
});
afterAll(async () => {
  sink?.kill('SIGKILL');
  await rm(folder, { recursive: true });
});

describe(`memory stays bounded while ${TOTAL} MiB are moved (4 cases)`, () => {
  test.each([
    ['upload', 'the S3 store'],
    ['read', 'the S3 store'],
    ['upload', 'the directory store'],
    ['read', 'the directory store'],
  ] as const)('%s by %s', async (mode, which) => {
    const place = which === 'the S3 store' ? endpoint : folder;
    const script = join(SUPPORT, 'store-memory.ts');
    const { stdout } = await run(process.execPath, [script, mode, String(TOTAL), place]);
    expect(JSON.parse(stdout).grownMiB).toBeLessThan(LIMITS[mode]);
  });
});
