import { randomBytes } from 'node:crypto';
import { mkdtempSync } from 'node:fs';
import { join } from 'node:path';
import { CERTIFICATE, KEY } from '../certificate.ts';
import { startGuarded } from '../guarded.ts';
import { freePort } from '../process.ts';
import { quickestFolder } from '../quickest-folder.ts';
import { basicOptions, PASSWORD, SUPERUSER, templateFolder } from './data-folder.ts';
import { type Installation, unpackedServer } from './packages.ts';
import { type Judge, judge } from './tools.ts';
import type { Flavor, MysqlVersion } from './versions.ts';

export { PASSWORD } from './data-folder.ts';
export { FLAVORS, type Flavor, type MysqlVersion } from './versions.ts';

/** A MySQL or MariaDB server that a test started, on 127.0.0.1 only, with TLS on and passwords asked for. */
export interface MysqlServer extends Databases {
  readonly version: MysqlVersion;
  readonly flavor: Flavor;
  readonly port: number;
  /** Its temporary folder; the data folder is `data` in it. */
  readonly folder: string;
  /** Its Unix socket. */
  readonly socket: string;
  /** The server's certificate, which is its own authority; for `localhost` and `127.0.0.1`. */
  readonly caFile: string;
  /** The programs of its own version; of MySQL 8.0 those of a later one. */
  readonly tools: Judge;
  /** Ends the server and removes its files. Resolves when both are gone; safe to call twice. */
  stop(): Promise<void>;
}

export interface Databases {
  /** URL of a database, for the superuser or another user that has the password of `createUser`. */
  url(database?: string, user?: string): string;
  /** Runs a script as the superuser; gives its bare rows. @throws Error with the message of `mysql` */
  sql(database: string, script: string | Uint8Array): Promise<string>;
  /** Makes an empty database; gives its URL. `options` is SQL, such as `CHARACTER SET latin1`. */
  createDatabase(name?: string, options?: string): Promise<string>;
  /** Makes a user that can log in as `url` says; `grants` such as `SELECT, SHOW VIEW ON shop.*`. */
  createUser(name: string, grants?: readonly string[], identified?: string): Promise<void>;
}

export interface ServerOptions {
  /** Options of the server, without dashes; they win over those of `SETTINGS`. */
  readonly settings?: Readonly<Record<string, string | number>>;
  /** Where its temporary folder is made. */
  readonly folder?: string;
  /** With a binary log, as most servers in earnest have one. */
  readonly binlog?: boolean;
}

const SETTINGS: Readonly<Record<string, string | number>> = {
  'bind-address': '127.0.0.1',
  'skip-name-resolve': 'ON',
  'secure-file-priv': '',
  'max-connections': 100,
  'max-allowed-packet': '64M',
  'innodb-buffer-pool-size': '128M',
  'performance-schema': 'OFF',
  // Nobody needs these files after a crash.
  'innodb-doublewrite': 'OFF',
  'innodb-flush-log-at-trx-commit': 0,
};

const OWN: Readonly<Record<Flavor, Readonly<Record<string, string | number>>>> = {
  mysql: { mysqlx: 'OFF', 'log-error-verbosity': 2 },
  mariadb: { 'innodb-log-file-size': '64M', 'log-warnings': 1, 'event-scheduler': 'ON' },
};

/**
 * Starts a server in a temporary folder, in about a second once it is unpacked. It dies with this process.
 *
 * @throws Error when it cannot be unpacked or does not start; the message ends with its last output.
 */
export async function startMysql(version: MysqlVersion, options: ServerOptions = {}): Promise<MysqlServer> {
  const installation = await unpackedServer(version);
  const template = await templateFolder(installation);
  const tools = await judge(version);
  const launch = () => launchServer(installation, template, options);
  // Somebody else may take the free port between our look and the start.
  const server = await launch().catch(launch);
  return {
    version,
    flavor: installation.version.flavor,
    tools,
    ...server,
    ...databasesOf(server.port, tools),
  };
}

async function launchServer(
  installation: Installation,
  template: string,
  { settings, folder: parent = quickestFolder(), binlog = false }: ServerOptions,
) {
  const { flavor } = installation.version;
  const port = await freePort();
  const folder = mkdtempSync(join(parent, `cofre-${flavor}-`));
  const data = join(folder, 'data');
  const socket = join(folder, 'mysql.sock');
  const tls = {
    'ssl-cert': join(data, CERTIFICATE),
    'ssl-key': join(data, KEY),
    'ssl-ca': join(data, CERTIFICATE),
  };
  const all = {
    ...SETTINGS,
    ...OWN[flavor],
    ...tls,
    ...settings,
    port,
    socket,
    'pid-file': join(folder, 'pid'),
  };
  const args = Object.entries(all).map(([name, value]) => `--${name}=${value}`);
  const { stop } = await startGuarded({
    folder,
    template,
    command: join(installation.bin, 'mysqld'),
    args: [...basicOptions(installation, data), binlog ? '--log-bin' : '--skip-log-bin', ...args],
    signal: 'KILL',
    isUp: (output) => output.some((line) => /ready for connections/.test(line)),
  });
  return { port, folder, socket, caFile: join(template, CERTIFICATE), stop };
}

function databasesOf(port: number, { run }: Judge): Databases {
  const url = (database = '', user = SUPERUSER) =>
    `mysql://${encodeURIComponent(user)}:${encodeURIComponent(PASSWORD)}@127.0.0.1:${port}/${encodeURIComponent(database)}`;
  const sql = (database: string, script: string | Uint8Array) => run(url(database), script);
  return {
    url,
    sql,
    async createDatabase(name = `db_${randomBytes(5).toString('hex')}`, options = '') {
      await sql('', `CREATE DATABASE ${identifier(name)} ${options}`);
      return url(name);
    },
    async createUser(name, grants = [], identified = `BY ${literal(PASSWORD)}`) {
      const user = `${literal(name)}@'%'`;
      const statements = [
        `CREATE USER ${user} IDENTIFIED ${identified}`,
        ...grants.map((grant) => `GRANT ${grant} TO ${user}`),
      ];
      await sql('', statements.join(';\n'));
    },
  };
}

/** Quoted, whatever it holds. */
export function identifier(name: string): string {
  return `\`${name.replaceAll('`', '``')}\``;
}

function literal(text: string): string {
  return `'${text.replaceAll('\\', '\\\\').replaceAll("'", "\\'")}'`;
}
