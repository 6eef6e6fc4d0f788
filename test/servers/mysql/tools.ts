import { spawn } from 'node:child_process';
import { once } from 'node:events';
import { join } from 'node:path';
import { buffer, text } from 'node:stream/consumers';
import { unpackedServer } from './packages.ts';
import type { Flavor, MysqlVersion } from './versions.ts';

/** The server's own programs, of its own version where its packages have them: what Cofre's dumps and restores are judged by. */
export interface Judge {
  /** Holds `mysql`, `mysqldump` and, of MariaDB 10.11's packages, `mydumper` and `myloader`. */
  readonly bin: string;
  /** A plain dump, with whatever else the arguments ask for. */
  dump(url: string, ...args: string[]): Promise<Buffer>;
  /** Runs a script, which stops at its first error; gives bare rows, columns separated by tabs. */
  run(url: string, script: string | Uint8Array, ...args: string[]): Promise<string>;
  /** Copies a database with all that mysqldump can. */
  copy(source: string, target: string): Promise<void>;
}

/** All objects, every byte, rows in a fixed order, and neither dates nor names of databases. */
export const WHOLE = [
  '--routines',
  '--triggers',
  '--events',
  '--hex-blob',
  '--order-by-primary',
  '--skip-comments',
];

/**
 * Unpacks the programs into `.cache` when they are not there yet. Every method throws an Error with what the program
 * wrote to its standard error, when it fails.
 */
export async function judge(name: MysqlVersion): Promise<Judge> {
  const { tools: bin, version } = await unpackedServer(name);
  const tools: Omit<Judge, 'bin'> = {
    dump: (url, ...args) => output(join(bin, 'mysqldump'), url, [...DUMP_ARGS[version.flavor], ...args]),
    run: async (url, script, ...args) =>
      String(await output(join(bin, 'mysql'), url, [...MYSQL_ARGS, ...args], script)),
    async copy(source, target) {
      await tools.run(target, await tools.dump(source, '--single-transaction', ...WHOLE));
    },
  };
  return { bin, ...tools };
}

const CLIENT_ARGS = ['--default-character-set=utf8mb4', '--max-allowed-packet=1G'];
const MYSQL_ARGS = [...CLIENT_ARGS, '--batch', '--raw', '--skip-column-names', '--binary-mode'];

/** Without what belongs to a whole server. */
const DUMP_ARGS: Readonly<Record<Flavor, readonly string[]>> = {
  mysql: [...CLIENT_ARGS, '--set-gtid-purged=OFF', '--no-tablespaces'],
  mariadb: CLIENT_ARGS,
};

async function output(
  program: string,
  url: string,
  args: readonly string[],
  input: string | Uint8Array = '',
): Promise<Buffer> {
  const { hostname, port, username, password, pathname } = new URL(url);
  const place = [`--host=${hostname}`, `--port=${port}`, `--user=${decodeURIComponent(username)}`];
  const env = { PATH: process.env['PATH'], HOME: '/nonexistent', LC_ALL: 'C.UTF-8', TZ: 'UTC' };
  const child = spawn(
    program,
    ['--no-defaults', '--protocol=tcp', ...place, ...args, decodeURIComponent(pathname.slice(1))],
    { env: { ...env, MYSQL_PWD: decodeURIComponent(password) }, stdio: 'pipe' },
  );
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
