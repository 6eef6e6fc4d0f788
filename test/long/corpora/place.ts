import { join } from 'node:path';
import { type Flavor, type MysqlServer, startMysql } from '../../servers/mysql/server.ts';
import { type PostgresServer, type PostgresVersion, startPostgres } from '../../servers/postgres/server.ts';
import { judge } from '../../servers/postgres/tools.ts';
import { runClient } from './client.ts';

/** Where databases are made of scripts: a server of its own, which ends with this process. */
export interface Place {
  readonly title: string;
  /** An empty database `test`, whatever was in one of that name; gives its URL. */
  makeDatabase(): Promise<string>;
  /** Loads a script, past the errors of its statements; gives these. `folder`: where the script is. */
  load(url: string, script: Uint8Array, folder: string): Promise<string[]>;
  isUp(): Promise<boolean>;
  stop(): Promise<void>;
}

/** Many scripts name it, as it is what their own drivers call it. */
const DATABASE = 'test';
const SECONDS = 90;

export async function postgresPlace(version: PostgresVersion): Promise<Place> {
  const server = await startPostgres(version, { settings: { allow_in_place_tablespaces: 'on' } });
  const { bin } = await judge();
  return {
    title: `PostgreSQL ${version}`,
    makeDatabase: async () => {
      await server.sql('postgres', `DROP DATABASE IF EXISTS ${DATABASE} WITH (FORCE)`);
      return await server.createDatabase(DATABASE);
    },
    load: async (url, input, folder) => {
      const args = ['-XAtq', '-f', '-', '-d', url];
      // What the scripts of PostgreSQL's regression tests ask for.
      const env = { PGCLIENTENCODING: 'UTF8', PG_ABS_SRCDIR: join(folder, '..'), PG_LIBDIR: '$libdir' };
      return await runClient({ program: join(bin, 'psql'), args, env, input, seconds: SECONDS });
    },
    isUp: () => answers(server, 'postgres'),
    stop: server.stop,
  };
}

export async function mysqlPlace(flavor: Flavor): Promise<Place> {
  const server = await startMysql(flavor);
  return {
    title: flavor === 'mysql' ? 'MySQL 9.7' : 'MariaDB 10.11',
    makeDatabase: async () => {
      await endOthers(server);
      await server.sql('', `SET foreign_key_checks = 0; DROP DATABASE IF EXISTS ${DATABASE}`);
      return await server.createDatabase(DATABASE);
    },
    load: async (url, input) => {
      const { hostname, port, username, password } = new URL(url);
      const place = [`--host=${hostname}`, `--port=${port}`, `--user=${decodeURIComponent(username)}`];
      const args = ['--no-defaults', '--protocol=tcp', '--force', '--batch', ...place, DATABASE];
      const env = { MYSQL_PWD: decodeURIComponent(password) };
      const program = join(server.tools.bin, 'mysql');
      return await runClient({ program, args, env, input, seconds: SECONDS });
    },
    isUp: () => answers(server, ''),
    stop: server.stop,
  };
}

/** A client that was killed may still hold locks. */
async function endOthers(server: MysqlServer): Promise<void> {
  const user = `user = substring_index(user(), '@', 1) AND id <> connection_id() AND command <> 'Daemon'`;
  const ids = await server.sql('', `SELECT id FROM information_schema.processlist WHERE ${user}`);
  for (const id of ids.split('\n').filter(Boolean)) await server.sql('', `KILL ${id}`).catch(() => {});
}

async function answers(
  server: Pick<PostgresServer | MysqlServer, 'sql'>,
  database: string,
): Promise<boolean> {
  return await server.sql(database, 'SELECT 1').then(
    () => true,
    () => false,
  );
}
