import { execFile } from 'node:child_process';
import { readdirSync, readFileSync, statSync, writeFileSync } from 'node:fs';
import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { promisify } from 'node:util';
import { gzipSync } from 'node:zlib';
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { bundleFunctions } from '../../infra/bundle.ts';
import { FUNCTION_NAMES, type FunctionName } from '../../lib/stack-names.ts';

const run = promisify(execFile);
const MB = 1_000_000;
/** Those of PostgreSQL hold pg_dump in WebAssembly. */
const LIMITS: Partial<Record<FunctionName, number>> = { backup: 3 * MB, restore: 3 * MB };

let folder: string;
beforeAll(async () => {
  folder = await mkdtemp(join(tmpdir(), 'cofre-bundles-'));
  writeFileSync(join(folder, 'ca.pem'), 'certificate');
  const input = { configuration: '{"databases":{}}', folder, files: ['./ca.pem'] };
  await bundleFunctions(join(folder, 'all'), { ...input, engines: new Set(['sqlite', 'postgres']) });
  await bundleFunctions(join(folder, 'sqlite'), { ...input, engines: new Set(['sqlite']) });
});
afterAll(() => rm(folder, { recursive: true }));

const filesOf = (set: string, name: string) =>
  readdirSync(join(folder, set, name), { recursive: true }) as string[];

/** A little more than its zip, which deflates the same but has shorter trailers. */
function packedSize(name: FunctionName): number {
  const files = filesOf('all', name).map((it) => join(folder, 'all', name, it));
  const packed = files.filter((it) => statSync(it).isFile()).map((it) => gzipSync(readFileSync(it)).length);
  return packed.reduce((sum, size) => sum + size, 0);
}

test.each(FUNCTION_NAMES)('%s loads in a fresh Node, and has its handler', async (name) => {
  const bundle = join(folder, 'all', name);
  const script = `console.log(typeof (await import(${JSON.stringify(`${bundle}/index.mjs`)})).handler); process.exit(0);`;
  const env = {
    LAMBDA_TASK_ROOT: bundle,
    AWS_REGION: 'eu-west-1',
    COFRE_STORE: 's3://bucket/backups',
    COFRE_STACK: 'cofre',
    COFRE_SIGN_IN: '{"userPoolId":"eu-west-1_abc","clientId":"id"}',
  };
  const { stdout } = await run(process.execPath, ['--input-type=module', '-e', script], { env });
  expect(stdout).toBe('function\n');
});

test.each(FUNCTION_NAMES)('%s is small enough', (name) => {
  expect(packedSize(name)).toBeLessThan(LIMITS[name] ?? 2 * MB);
});

describe('a function has what it needs and nothing else', () => {
  test('pg_dump where PostgreSQL is dumped, SQLite’s child where files are worked on', () => {
    const with_ = (set: string, file: string) =>
      FUNCTION_NAMES.filter((it) => filesOf(set, it).includes(file));
    expect(with_('all', 'pg_dump.wasm')).toEqual(['backup', 'restore']);
    expect(with_('all', 'postgres-ddl.mjs')).toEqual(['backup', 'restore']);
    expect(with_('sqlite', 'pg_dump.wasm')).toEqual([]);
    expect(with_('all', 'sqlite-child.mjs')).toEqual(['backup', 'restore', 'undo', 'discard', 'verify']);
    expect(with_('all', 'page.json')).toEqual(['admin']);
  });

  test('the configuration and its certificates, but for the functions that know nothing of databases', () => {
    for (const name of FUNCTION_NAMES)
      expect(filesOf('all', name).includes('cofre.json'), name).toBe(!['admin', 'authorizer'].includes(name));
    expect(readFileSync(join(folder, 'all/backup/ca.pem'), 'utf8')).toBe('certificate');
  });
});
