import { Client } from 'pg';
import { startPostgres } from '../../servers/postgres/server.ts';
import { judge } from '../../servers/postgres/tools.ts';
import { runCli } from '../../support/cli-process.ts';
import { makeWorkspace, type Workspace } from '../../support/workspace.ts';

/** Two databases with a backup each, and a target that is always exactly one of them, on a server of its own. */
export interface Scene extends AsyncDisposable {
  readonly workspace: Workspace;
  /** Ids of the backups of `a` and `b`, and what `pg_dump` says of each. */
  readonly ids: Readonly<Record<string, string>>;
  readonly prints: Readonly<Record<string, string>>;
  url(database: string): string;
  /** Text of `pg_dump`. */
  print(database: string): Promise<string>;
  /** Asks the server on a connection that is in nobody's way. */
  ask(sql: string): Promise<readonly Record<string, unknown>[]>;
  /** Which database has the name: changes in the moment of a swap. */
  identity(database: string): Promise<string>;
  /** Which of the two the database is, by committed catalogs: changes in the moment of a commit. */
  committed(database: string): Promise<string>;
  /** Databases and sessions that Cofre has made and not yet cleared. */
  leftovers(): Promise<string[]>;
}

/** Large enough that every part of a run takes a while. */
const SCHEMA = (name: string, rows: number) => `
  CREATE TABLE is_${name} (id bigint PRIMARY KEY);
  CREATE TABLE owners (id integer PRIMARY KEY, name text UNIQUE);
  CREATE TABLE notes (id bigserial PRIMARY KEY, owner integer REFERENCES owners, body text, at timestamptz DEFAULT now());
  INSERT INTO owners SELECT n, '${name} ' || n FROM generate_series(1, 50) n;
  INSERT INTO notes (owner, body) SELECT 1 + n % 50, repeat(md5(n::text), 10) FROM generate_series(1, ${rows}) n;
  CREATE INDEX notes_body ON notes (body);
  CREATE VIEW seen AS SELECT name, count(*) FROM owners JOIN notes ON owner = owners.id GROUP BY name;`;

export async function openScene(rows: number): Promise<Scene> {
  const opened = new AsyncDisposableStack();
  const server = await startPostgres(17);
  opened.defer(() => server.stop());
  const workspace = makeWorkspace();
  opened.defer(() => workspace.remove());
  const tools = await judge();
  const admin = new Client({ connectionString: server.superuserUrl.replace(/\?.*/, '') });
  await admin.connect();
  opened.defer(() => admin.end());
  const [ids, prints]: [Record<string, string>, Record<string, string>] = [{}, {}];
  const print = (database: string) => tools.pgDump(server.url(database));
  for (const name of ['a', 'b']) {
    await server.createDatabase(name);
    await server.sql(name, SCHEMA(name, name === 'a' ? rows : rows + 500));
    prints[name] = await print(name);
    const args = ['backup', '--url', server.url(name), '--store', './backups', '--json'];
    const { stdout } = await runCli(args, { cwd: workspace.folder });
    ids[name] = JSON.parse(stdout).id;
  }
  await server.createDatabase('target');
  const watchers = new Map<string, Client>();
  const watch = async (database: string): Promise<Client> => {
    const found = watchers.get(database);
    if (found) return found;
    const client = new Client({ connectionString: server.url(database).replace(/\?.*/, '') });
    await client.connect();
    opened.defer(() => client.end());
    watchers.set(database, client);
    return client;
  };
  return {
    workspace,
    ids,
    prints,
    url: (database) => server.url(database),
    print,
    ask: async (sql) => (await admin.query(sql)).rows,
    identity: async (database) => {
      const { rows } = await admin.query('SELECT oid FROM pg_database WHERE datname = $1', [database]);
      return String(rows[0]?.oid);
    },
    committed: async (database) => {
      const { rows } = await (await watch(database)).query(
        "SELECT relname FROM pg_class WHERE relname ~ '^is_.$'",
      );
      return String(rows[0]?.relname);
    },
    leftovers: async () => {
      const { rows } = await admin.query(
        `SELECT datname AS name FROM pg_database WHERE datname ~ '^cofre_' OR NOT datallowconn AND datname <> 'template0'
         UNION ALL SELECT application_name FROM pg_stat_activity WHERE application_name LIKE 'cofre %'`,
      );
      return rows.map((row) => String(row.name));
    },
    [Symbol.asyncDispose]: () => opened.disposeAsync(),
  };
}
