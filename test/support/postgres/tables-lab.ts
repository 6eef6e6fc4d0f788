import type {
  EngineContext,
  RawFrame,
  TableCount,
  TablesInput,
  TablesOptions,
  TablesResult,
} from '../../../lib/engines/engine.ts';
import { Splitter } from '../../../lib/engines/postgres/script/splitter.ts';
import { loadTables } from '../../../lib/engines/postgres/tables/load-tables.ts';
import { contextOf } from '../../contracts/engine/harness.ts';
import { forServer } from '../../servers/postgres/for-server.ts';
import { type PostgresServer, type PostgresVersion, startPostgres } from '../../servers/postgres/server.ts';
import { type Judge, judge } from '../../servers/postgres/tools.ts';
import { fakeClock } from '../fake-clock.ts';

/** Rows in a frame of a backup made here: few, so that tables have many frames. */
const ROWS = 100;
export const LOCK_MS = 1_000;
/** What names of copies end in. */
export const STAMP = '20261124_131415';
export const NOW = '2026-11-24T13:14:15Z';

/** A dump in frames, as a backup has them. */
export interface TablesBackup {
  readonly preData: RawFrame;
  readonly data: readonly RawFrame[];
  readonly known: readonly TableCount[];
}

export interface Wishes extends Partial<TablesOptions> {
  readonly backup: TablesBackup;
  readonly tables: readonly string[];
  readonly context?: Partial<EngineContext>;
  /** Changes what is read. */
  readonly read?: TablesInput['read'];
  /** By default `LOCK_MS`. */
  readonly lockWaitMs?: number;
}

export interface TablesLab {
  readonly server: PostgresServer;
  /** A database made by this script, and its backup. */
  make(script: string): Promise<{ url: string; backup: TablesBackup }>;
  restore(url: string, wishes: Wishes): Promise<TablesResult>;
  /** Runs SQL as the superuser; gives bare rows. */
  sql(url: string, script: string): Promise<string>;
  /** All there is, as pg_dump sees it. */
  fingerprint(url: string, ...args: string[]): Promise<string>;
}

export async function tablesLab(version: PostgresVersion): Promise<TablesLab> {
  const server = await startPostgres(version);
  const tools = await judge(version);
  const superuser = (url: string) => server.url(databaseOf(url));
  const made = new Map<string, { template: string; backup: TablesBackup }>();
  const prepare = async (script: string) => {
    const template = await server.createDatabase();
    await tools.psql(template, script);
    return { template, backup: await takeTables(tools, template, server.major) };
  };
  return {
    server,
    make: async (script) => {
      const { template, backup } = made.get(script) ?? (await prepare(script));
      made.set(script, { template, backup });
      return { url: await server.createDatabase(undefined, databaseOf(template)), backup };
    },
    restore: (url, wishes) => restore(url, wishes),
    sql: async (url, script) => (await tools.psql(superuser(url), script)).trimEnd(),
    fingerprint: (url, ...args) => tools.pgDump(superuser(url), ...args),
  };
}

const databaseOf = (url: string) => decodeURIComponent(new URL(url).pathname.slice(1));

async function restore(
  url: string,
  { backup, tables, context, read = readerOf(backup), lockWaitMs = LOCK_MS, ...options }: Wishes,
): Promise<TablesResult> {
  const input: TablesInput = { tables, known: backup.known, read };
  const settings = contextOf({ clock: fakeClock(NOW), ...context });
  return await loadTables(url, input, settings, { replace: false, ...options }, { lockWaitMs });
}

/** Refuses to read more than is allowed: post-data, or tables that were not named. */
export function readerOf({ preData, data }: TablesBackup): TablesInput['read'] {
  return async function* (section, tables) {
    if (section === 'pre-data') yield preData;
    else if (section === 'data' && tables) yield* data.filter((frame) => tables.includes(frame.table!));
    else throw new Error(`${section} was read`);
  };
}

async function takeTables(tools: Judge, url: string, major: number): Promise<TablesBackup> {
  const preData = Buffer.from(forServer(await tools.pgDump(url, '--section=pre-data'), major));
  const text = Buffer.from(await tools.pgDump(url, '--section=data'));
  const data: RawFrame[] = [];
  let head = { table: '', sql: '' };
  for (const item of new Splitter().push(text)) {
    if (item.kind === 'copy') {
      head = { table: item.table, sql: item.statement.text };
      data.push(frameOf(head, []));
    } else if (item.kind === 'rows') {
      const lines = item.bytes.toString().split('\n').slice(0, -1);
      while (lines.length > 0) data.push(frameOf(head, lines.splice(0, ROWS)));
    }
  }
  return {
    preData: { section: 'pre-data', rows: 0, bytes: preData },
    data,
    known: countsOf(data),
  };
}

function frameOf({ table, sql }: { table: string; sql: string }, lines: string[]): RawFrame {
  const bytes = Buffer.from(`${sql}\n${lines.map((line) => `${line}\n`).join('')}\\.\n\n`);
  return { section: 'data', table, rows: lines.length, bytes };
}

function countsOf(data: readonly RawFrame[]): TableCount[] {
  const counts = new Map<string, number>();
  for (const { table, rows } of data) counts.set(table!, (counts.get(table!) ?? 0) + rows);
  return [...counts].map(([name, rows]) => ({ name, rows }));
}
