// How large the functions' bundles are, and how soon a fresh Node has loaded them: node infra/local/run.mjs bench/bundles.ts
import { execFile } from 'node:child_process';
import { readdirSync, readFileSync, statSync } from 'node:fs';
import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { promisify } from 'node:util';
import { gzipSync } from 'node:zlib';
import { bundleFunctions } from '../infra/bundle.ts';
import { FUNCTION_NAMES, type FunctionName } from '../lib/stack-names.ts';

const run = promisify(execFile);
const ROUNDS = 7;
/** A function's initialization should stay below it, ms: Lambda starts one whenever none is free. */
const GOAL_MS = 300;

const folder = await mkdtemp(join(tmpdir(), 'cofre-bundles-'));
try {
  const engines = new Set(['sqlite', 'postgres'] as const);
  await bundleFunctions(folder, { configuration: '{"databases":{}}', folder, files: [], engines });
  for (const name of FUNCTION_NAMES) console.log(await lineOf(name));
} finally {
  await rm(folder, { recursive: true });
}

async function lineOf(name: FunctionName): Promise<string> {
  const ms = Math.round(await initialization(join(folder, name)));
  const kilobytes = Math.round(packedSize(join(folder, name)) / 1_000);
  const columns = `${name.padEnd(11)}${String(kilobytes).padStart(6)} kB${String(ms).padStart(6)} ms`;
  return ms < GOAL_MS ? columns : `${columns}  above ${GOAL_MS} ms`;
}

/** Milliseconds that a fresh Node needs for the module: the best of some. */
async function initialization(bundle: string): Promise<number> {
  const script = `const began = performance.now(); await import(${JSON.stringify(`${bundle}/index.mjs`)});
    console.log(performance.now() - began); process.exit(0);`;
  const env = {
    LAMBDA_TASK_ROOT: bundle,
    AWS_REGION: 'eu-west-1',
    COFRE_STORE: 's3://bucket/backups',
    COFRE_STACK: 'cofre',
    COFRE_SIGN_IN: '{"userPoolId":"eu-west-1_abc","clientId":"id"}',
  };
  const times: number[] = [];
  for (let round = 0; round < ROUNDS; round += 1) {
    const { stdout } = await run(process.execPath, ['--input-type=module', '-e', script], { env });
    times.push(Number(stdout));
  }
  return Math.min(...times);
}

/** A little more than its zip. */
function packedSize(bundle: string): number {
  const files = (readdirSync(bundle, { recursive: true }) as string[]).map((it) => join(bundle, it));
  const packed = files.filter((it) => statSync(it).isFile()).map((it) => gzipSync(readFileSync(it)).length);
  return packed.reduce((sum, size) => sum + size, 0);
}
