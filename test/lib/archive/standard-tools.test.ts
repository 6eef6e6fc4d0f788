import { execFileSync } from 'node:child_process';
import { readFileSync, writeFileSync } from 'node:fs';
import { afterAll, beforeAll, expect, test } from 'vitest';
import { databaseFromUrl } from '../../../lib/cofre.ts';
import { runBackup } from '../../../lib/tasks/backup.ts';
import { makeSample } from '../../support/sample-database.ts';
import { makeWorkspace } from '../../support/workspace.ts';
import { ensureZstd } from '../../support/zstd-tool.ts';

const workspace = makeWorkspace();
const source = workspace.path('source.sqlite3');
afterAll(() => workspace.remove());

beforeAll(() => {
  // Several frames of 2 MiB, so that the tools must take joined ones.
  makeSample(source, { name: 'source', rows: 12_000 });
  ensureZstd();
});

test.each([
  ['zstd', 'zstd'],
  ['gzip', 'gzip'],
] as const)('an archive packed with %s unpacks to the source by `%s -d`', async (compression, tool) => {
  const { file, frames } = await backUp(compression);
  expect(frames).toBeGreaterThan(2);
  expect(run(tool, '-d', '-c', file).equals(readFileSync(source))).toBe(true);
  run(tool, '-t', file);
});

test('an uncompressed archive is the source, byte by byte', async () => {
  const { file } = await backUp('none');
  expect(readFileSync(file).equals(readFileSync(source))).toBe(true);
});

test('zstd sees a flipped bit by itself: the frames carry their own checksum', async () => {
  const { file } = await backUp('zstd');
  const bytes = readFileSync(file);
  const middle = Math.floor(bytes.length / 2);
  bytes[middle] = bytes[middle]! ^ 4;
  writeFileSync(file, bytes);
  expect(() => run('zstd', '-t', file)).toThrow();
});

async function backUp(compression: 'zstd' | 'gzip' | 'none') {
  const cofre = workspace.open();
  const task = {
    database: databaseFromUrl(`sqlite:${source}`),
    compression,
    trigger: 'manual',
    actor: 'test',
  } as const;
  const { id } = await runBackup(cofre, task, { signal: new AbortController().signal });
  const { key, manifest } = await cofre.catalog.find(id);
  return { file: workspace.path(`backups/${key}`), frames: manifest.frames.length };
}

function run(tool: string, ...args: string[]): Buffer {
  return execFileSync(tool, args, { maxBuffer: 64 * 1024 * 1024, stdio: ['ignore', 'pipe', 'pipe'] });
}
