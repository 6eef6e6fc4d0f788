import { setTimeout as sleep } from 'node:timers/promises';
import { Client } from 'pg';
import type { TableCount } from '../../../lib/engines/engine.ts';
import type { PostgresServer } from '../../servers/postgres/server.ts';
import type { Judge } from '../../servers/postgres/tools.ts';
import { strangerServer } from '../stranger-server.ts';

/** What can be seen of databases without the engine under test, and done to them. */
export interface Eye {
  /** Port of something that is no database server. */
  readonly strangerPort: number;
  admin(sql: string): Promise<void>;
  execute(database: string, sql: string): Promise<void>;
  number(database: string, sql: string): Promise<number>;
  counts(database: string): Promise<TableCount[]>;
  fingerprint(database: string): Promise<string>;
  traces(database: string): Promise<unknown>;
  leftovers(): Promise<string[]>;
  lock(database: string): Promise<() => Promise<void>>;
  sever(): Promise<void>;
  close(): Promise<void>;
}

/** How long sessions of dumps and loads may take to vanish from the server's view, ms. */
const SETTLE_MS = 8_000;
/** How long locks may outlive whoever took them, ms. */
const LET_GO_MS = 120_000;
const OURS = `SELECT application_name AS name FROM pg_stat_activity WHERE application_name LIKE 'cofre %'`;

export async function openEye(server: PostgresServer, judge: Judge): Promise<Eye> {
  const stranger = await strangerServer();
  const admin = await connect(server.superuserUrl);
  const seen = new Map<string, { identity: string; text: string }>();
  const exists = async (database: string) =>
    (await admin.query('SELECT FROM pg_database WHERE datname = $1', [database])).rowCount === 1;
  const within = <T>(database: string, use: (client: Client) => Promise<T>) =>
    withClient(server.url(database), use);
  const sessions = async () => (await admin.query<{ name: string }>(OURS)).rows.map(({ name }) => name);
  const read = async (database: string) => {
    const identity = await within(database, identityOf);
    const text = await judge
      .pgDump(server.url(database), '--lock-wait-timeout=300')
      .catch((error: Error) =>
        /lock timeout|statement timeout/.test(error.message) ? undefined : Promise.reject(error),
      );
    if (text !== undefined) seen.set(database, { identity, text });
    return text ?? unread(database, identity);
  };
  /**
   * Somebody holds the tables, so nobody can read them now. What is committed is what was read before, as long as the
   * catalogs that everybody sees name the same tables in the same files: a lock's holder shows no change. So a test
   * that changes a database reads it before it has anybody killed who may hold it for ever.
   */
  const unread = (database: string, identity: string): string | undefined => {
    const last = seen.get(database);
    return last?.identity === identity ? last.text : undefined;
  };
  const fingerprint = async (database: string) => {
    if (!(await exists(database))) return 'no database';
    // Whoever has just committed, or was killed, lets go of its locks a moment later.
    for (const until = Date.now() + LET_GO_MS; Date.now() < until; ) {
      const text = await read(database);
      if (text !== undefined) return text;
    }
    throw new Error(`${database} is locked and has never been read as it is now`);
  };
  return {
    strangerPort: stranger.port,
    admin: async (sql) => void (await admin.query(sql)),
    execute: (database, sql) => within(database, async (client) => void (await client.query(sql))),
    number: (database, sql) =>
      within(database, async (client) => Number(Object.values((await client.query(sql)).rows[0])[0])),
    counts: (database) => within(database, countsOf),
    fingerprint,
    traces: async (database) => ({
      databases: (
        await admin.query(
          "SELECT oid, datname, datallowconn FROM pg_database WHERE datname ~ '^cofre_' OR datname = $1",
          [database],
        )
      ).rows,
      prepared: (await admin.query('SELECT gid FROM pg_prepared_xacts')).rows,
      sessions: await settled(sessions),
      objects: (await exists(database)) ? await within(database, identityOf) : null,
    }),
    leftovers: async () => [
      ...(await sessions()),
      ...(await admin.query("SELECT datname FROM pg_database WHERE datname ~ '^cofre_'")).rows.map((row) =>
        String(row.datname),
      ),
    ],
    lock: (database) => lock(server.url(database)),
    sever: async () => {
      await admin.query(
        `SELECT pg_terminate_backend(pid) FROM pg_stat_activity WHERE application_name LIKE 'cofre %'`,
      );
      while ((await sessions()).length > 0) await sleep(5);
    },
    close: async () => {
      stranger.close();
      await admin.end();
    },
  };
}

async function connect(url: string): Promise<Client> {
  const connection = new URL(url);
  connection.search = '';
  const client = new Client({ connectionString: connection.href });
  client.on('error', () => {});
  await client.connect();
  return client;
}

async function withClient<T>(url: string, use: (client: Client) => Promise<T>): Promise<T> {
  const client = await connect(url);
  try {
    return await use(client);
  } finally {
    await client.end();
  }
}

/** Which relations there are, and in which files: read from committed catalogs, without a lock on any table. */
async function identityOf(client: Client): Promise<string> {
  const { rows } = await client.query(
    `SELECT oid, relname, relfilenode, xmin::text FROM pg_class WHERE oid >= 16384 ORDER BY oid`,
  );
  return JSON.stringify(rows);
}

async function countsOf(client: Client): Promise<TableCount[]> {
  const { rows } = await client.query<{ name: string }>(
    `SELECT format('%I.%I', n.nspname, c.relname) AS name FROM pg_class c JOIN pg_namespace n ON n.oid = relnamespace
     WHERE relkind = 'r' AND n.nspname NOT IN ('pg_catalog', 'information_schema')`,
  );
  const counts: TableCount[] = [];
  for (const { name } of rows) {
    const { rows: found } = await client.query(`SELECT count(*)::int AS rows FROM ONLY ${name}`);
    counts.push({ name, rows: found[0].rows });
  }
  return counts;
}

async function lock(url: string): Promise<() => Promise<void>> {
  const client = await connect(url);
  const tables = (await countsOf(client)).map(({ name }) => name);
  await client.query(`BEGIN; LOCK TABLE ${tables.join(', ')} IN ACCESS EXCLUSIVE MODE`);
  return () => client.end();
}

/** What is there once it no longer changes for the better: a backend takes a moment to vanish. */
async function settled(look: () => Promise<string[]>): Promise<string[]> {
  const until = Date.now() + SETTLE_MS;
  let found = await look();
  while (found.length > 0 && Date.now() < until) {
    await sleep(10);
    found = await look();
  }
  return found;
}
