import { randomBytes } from 'node:crypto';
import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { runAs } from '../account.ts';
import { CERTIFICATE } from '../certificate.ts';
import { startGuarded } from '../guarded.ts';
import { freePort } from '../process.ts';
import { quickestFolder } from '../quickest-folder.ts';
import { makeFolder, PASSWORD, SUPERUSER, templateFolder } from './data-folder.ts';
import { installedServer } from './packages.ts';
import { type Judge, judge } from './tools.ts';
import { majorOf, type PostgresVersion } from './versions.ts';

export { PACKAGED_MAJORS, type PostgresVersion } from './versions.ts';

/** A PostgreSQL server that a test started, on 127.0.0.1 only, with TLS on and passwords asked for. */
export interface PostgresServer extends Databases {
  readonly version: PostgresVersion;
  readonly major: number;
  readonly port: number;
  /** Its temporary folder; the data folder is `data` in it. */
  readonly folder: string;
  /** The server's certificate, which is its own authority; for `localhost` and `127.0.0.1`. */
  readonly caFile: string;
  /** Ends the server and removes its files. Resolves when both are gone; safe to call twice. */
  stop(): Promise<void>;
}

export interface Databases {
  readonly superuserUrl: string;
  /** URL of a database, for the superuser or another role that has the password of `createRole`. */
  url(database: string, user?: string): string;
  /** Runs a script as the superuser with psql; gives its bare rows. @throws Error with psql's message */
  sql(database: string, script: string): Promise<string>;
  /** Makes an empty database, or a copy of another; gives its URL. */
  createDatabase(name?: string, template?: string): Promise<string>;
  /** Makes a role that can log in as `url` says. `options` is SQL, such as `CREATEDB`. */
  createRole(name: string, options?: string): Promise<void>;
}

export interface ServerOptions {
  /** Settings as in postgresql.conf; they win over those of `SETTINGS`. */
  readonly settings?: Readonly<Record<string, string | number>>;
  /** Where its temporary folder is made. */
  readonly folder?: string;
}

const SETTINGS = {
  listen_addresses: '127.0.0.1',
  unix_socket_directories: '',
  ssl: 'on',
  max_connections: 100,
  // Two-phase commits can be in the way of a restore, so tests make some.
  max_prepared_transactions: 5,
  // Publications and subscriptions warn without it.
  wal_level: 'logical',
  // Nobody needs these files after a crash.
  fsync: 'off',
  full_page_writes: 'off',
  synchronous_commit: 'off',
  jit: 'off',
  timezone: 'UTC',
  log_timezone: 'UTC',
};

/**
 * Starts a server in a temporary folder, in about a second once it is installed. It dies with this process.
 *
 * @throws Error when it cannot be installed or does not start; the message ends with its last output.
 */
export async function startPostgres(
  version: PostgresVersion,
  options: ServerOptions = {},
): Promise<PostgresServer> {
  const installation = await installedServer(version);
  const template = await templateFolder(installation, String(version));
  const tools = await judge();
  const launch = () => launchServer(installation.bin, template, options);
  // Somebody else may take the free port between our look and the start.
  const server = await launch().catch(launch);
  return { version, major: majorOf(version), ...server, ...databasesOf(server.port, tools) };
}

async function launchServer(
  bin: string,
  template: string,
  { settings, folder: parent = quickestFolder() }: ServerOptions,
) {
  const port = await freePort();
  const folder = makeFolder(join(parent, 'cofre-postgres-'));
  const all = Object.entries({ ...SETTINGS, ...settings, port });
  const args = ['-D', join(folder, 'data'), ...all.flatMap(([name, value]) => ['-c', `${name}=${value}`])];
  const command = join(bin, 'postgres');
  const isUp = () => isReady(folder);
  const { stop } = await startGuarded({
    folder,
    template,
    command,
    args,
    signal: 'QUIT',
    isUp,
    account: runAs,
  });
  return { port, folder, caFile: join(template, CERTIFICATE), stop };
}

/** The last line of postmaster.pid tells the state (`pidfile.h`). */
function isReady(folder: string): boolean {
  try {
    return /^ready\s*$/m.test(readFileSync(join(folder, 'data/postmaster.pid'), 'utf8'));
  } catch {
    return false;
  }
}

function databasesOf(port: number, { psql }: Judge): Databases {
  const url = (database: string, user = SUPERUSER) =>
    `postgres://${encodeURIComponent(user)}:${encodeURIComponent(PASSWORD)}@127.0.0.1:${port}/${encodeURIComponent(database)}`;
  const sql = (database: string, script: string) => psql(url(database), script);
  return {
    url,
    superuserUrl: url('postgres'),
    sql,
    async createDatabase(name = `db_${randomBytes(5).toString('hex')}`, template = 'template0') {
      await sql('postgres', `CREATE DATABASE ${identifier(name)} TEMPLATE ${identifier(template)}`);
      return url(name);
    },
    async createRole(name, options = '') {
      const password = `'${PASSWORD.replaceAll("'", "''")}'`;
      await sql('postgres', `CREATE ROLE ${identifier(name)} LOGIN PASSWORD ${password} ${options}`);
    },
  };
}

/** Quoted, whatever it holds. */
export function identifier(name: string): string {
  return `"${name.replaceAll('"', '""')}"`;
}
