import { setTimeout as sleep } from 'node:timers/promises';
import { type Connection, createConnection, type RowDataPacket } from 'mysql2/promise';
import type { TableCount } from '../../../lib/engines/engine.ts';
import { identifier, type MysqlServer, PASSWORD } from '../../servers/mysql/server.ts';
import { strangerServer } from '../stranger-server.ts';
import { seenByMysqldump } from './judged.ts';

/** The user of the engine under test: its sessions are those of this user. */
export const USER = 'cofre';

/** What can be seen of databases without the engine under test, and done to them. */
export interface Eye {
  /** Port of something that is no database server. */
  readonly strangerPort: number;
  admin(sql: string): Promise<void>;
  execute(database: string, statements: readonly string[]): Promise<void>;
  number(database: string, sql: string): Promise<number>;
  counts(database: string): Promise<TableCount[]>;
  fingerprint(database: string): Promise<string>;
  traces(database: string): Promise<unknown>;
  leftovers(): Promise<string[]>;
  lock(database: string): Promise<() => Promise<void>>;
  sever(): Promise<void>;
  close(): Promise<void>;
}

/**
 * How long sessions of dumps and loads may take to vanish from the view of the server, and a last statement to end, ms. Whoever
 * looks for those of somebody that lives waits for so long in vain.
 */
const SETTLE_MS = 8_000;

export async function openEye(server: MysqlServer): Promise<Eye> {
  const stranger = await strangerServer();
  const admin = await connect(server);
  const rows = async <Row = Record<string, unknown>>(sql: string, values: readonly string[] = []) =>
    (await admin.query<RowDataPacket[]>(sql, [...values]))[0] as Row[];
  const databases = async (like: string) =>
    (await rows<{ name: string }>(SCHEMATA, [like])).map(({ name }) => name);
  const exists = async (database: string) => (await databases(database.replaceAll('_', '\\_'))).length === 1;
  const sessions = async () =>
    (await rows<{ User: string; Id: number; Command: string }>('SHOW PROCESSLIST')).filter(
      ({ User }) => User === USER,
    );
  return {
    strangerPort: stranger.port,
    admin: async (sql) => void (await admin.query(sql)),
    execute: async (database, statements) => {
      const client = await connect(server, database);
      for (const sql of statements) await client.query(sql);
      await client.end();
    },
    number: async (database, sql) => {
      const client = await connect(server, database);
      const [found] = await client.query<RowDataPacket[]>(sql);
      await client.end();
      return Number(Object.values(found[0]!)[0]);
    },
    counts: (database) => countsOf(rows, database),
    fingerprint: async (database) => {
      // The server goes on with a statement that it has begun, though its client was killed.
      await settled(async () => (await sessions()).filter(({ Command }) => Command === 'Query'));
      return (await exists(database)) ? await seenByMysqldump(server, server.url(database)) : 'no database';
    },
    traces: async (database) => ({
      databases: [...(await databases('cofre\\_%')), await exists(database)],
      sessions: await settled(async () => (await sessions()).map(({ Id }) => Id)),
      tables: await rows(TABLES, [database]),
    }),
    leftovers: async () => [
      ...(await settled(async () => (await sessions()).map(({ Id }) => `session ${Id}`))),
      ...(await databases('cofre\\_%')),
    ],
    lock: async (database) => {
      const client = await connect(server, database);
      const names = (await countsOf(rows, database)).map(({ name }) => `${identifier(name)} WRITE`);
      await client.query(`LOCK TABLES ${names.join(', ')}`);
      return () => client.end();
    },
    sever: async () => {
      for (const { Id } of await sessions()) await admin.query(`KILL ${Id}`).catch(() => {});
      while ((await sessions()).length > 0) await sleep(5);
    },
    close: async () => {
      stranger.close();
      await admin.end();
    },
  };
}

const SCHEMATA =
  'SELECT SCHEMA_NAME AS name FROM information_schema.SCHEMATA WHERE SCHEMA_NAME LIKE ? ORDER BY 1';
const TABLES = `SELECT TABLE_NAME, TABLE_TYPE, ENGINE FROM information_schema.TABLES WHERE TABLE_SCHEMA = ? ORDER BY 1`;

function connect({ port }: MysqlServer, database?: string): Promise<Connection> {
  const place = { host: '127.0.0.1', port, user: 'root', password: PASSWORD };
  return createConnection({ ...place, ...(database !== undefined && { database }) });
}

async function countsOf(
  rows: <Row>(sql: string, values?: readonly string[]) => Promise<Row[]>,
  database: string,
): Promise<TableCount[]> {
  const tables = await rows<{ TABLE_NAME: string; TABLE_TYPE: string }>(TABLES, [database]);
  const counts: TableCount[] = [];
  for (const { TABLE_NAME: name, TABLE_TYPE } of tables) {
    if (TABLE_TYPE !== 'BASE TABLE') continue;
    const [found] = await rows<{ n: number }>(
      `SELECT COUNT(*) AS n FROM ${identifier(database)}.${identifier(name)}`,
    );
    counts.push({ name, rows: Number(found!.n) });
  }
  return counts;
}

/** What is there once it no longer changes for the better: a session takes a moment to vanish. */
async function settled<T>(look: () => Promise<T[]>): Promise<T[]> {
  const until = Date.now() + SETTLE_MS;
  let found = await look();
  while (found.length > 0 && Date.now() < until) {
    await sleep(10);
    found = await look();
  }
  return found;
}
