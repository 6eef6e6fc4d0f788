import type {
  EngineContext,
  LoadInput,
  LoadOptions,
  LoadResult,
  RawFrame,
} from '../../../lib/engines/engine.ts';
import { Splitter } from '../../../lib/engines/postgres/script/splitter.ts';
import { loadSwapped } from '../../../lib/engines/postgres/swap/load.ts';
import { contextOf, replay, sizeOf } from '../../contracts/engine/harness.ts';
import { forServer } from '../../servers/postgres/for-server.ts';
import { type PostgresServer, type PostgresVersion, startPostgres } from '../../servers/postgres/server.ts';
import { type Judge, judge } from '../../servers/postgres/tools.ts';

/** Rows in a frame of a backup made here: few, so that tables have many frames. */
const ROWS = 100;
export const LIMITS = { lockWaitMs: 1_500, jobs: 3 };

export interface Frames {
  readonly frames: readonly RawFrame[];
}

export interface SwapLab {
  readonly server: PostgresServer;
  readonly tools: Judge;
  /** A database made by this script. */
  make(script: string, name?: string): Promise<string>;
  /** A backup as the judge's pg_dump sees it, in frames. */
  take(url: string): Promise<Frames>;
  swap(
    url: string,
    input: LoadInput,
    options?: LoadOptions,
    context?: Partial<EngineContext>,
  ): Promise<LoadResult>;
  /** All that is in a database; as the superuser, whoever the URL names. */
  fingerprint(url: string): Promise<string>;
  /** The dump of what psql makes of a source's dump: what a restore is to be equal to. */
  copyOf(source: string): Promise<string>;
  /** Names of all databases, but those that a server begins with and those of `except`. */
  databases(): Promise<string[]>;
  /** Temporary databases and sessions that are not over. */
  leftovers(): Promise<string[]>;
  sql(script: string, database?: string): Promise<string>;
}

export const databaseOf = (url: string) => decodeURIComponent(new URL(url).pathname.slice(1));

export async function swapLab(version: PostgresVersion): Promise<SwapLab> {
  const [server, tools] = [await startPostgres(version), await judge(version)];
  const sql = async (script: string, database = 'postgres') => (await server.sql(database, script)).trimEnd();
  const fingerprint = (url: string) => tools.pgDump(server.url(databaseOf(url)));
  const lines = async (query: string) => (await sql(query)).split('\n').filter(Boolean);
  return {
    server,
    tools,
    sql,
    fingerprint,
    make: async (script, name) => {
      const url = await server.createDatabase(name);
      await tools.psql(url, script);
      return url;
    },
    take: (url) => take(tools, url),
    swap: (url, input, options, context) => loadSwapped(url, input, contextOf(context), LIMITS, options),
    copyOf: async (source) => {
      const copy = await server.createDatabase();
      await tools.psql(copy, forServer(await tools.pgDump(source), server.major));
      return await tools.pgDump(copy);
    },
    databases: () =>
      lines("SELECT datname FROM pg_database WHERE NOT datistemplate AND datname <> 'postgres' ORDER BY 1"),
    leftovers: () =>
      lines(`SELECT datname FROM pg_database WHERE datname ~ '^cofre_'
        UNION ALL SELECT application_name FROM pg_stat_activity WHERE application_name LIKE 'cofre %'`),
  };
}

/** With the manifest's part, as a restore gives it. */
export function inputOf({ frames }: Frames): LoadInput {
  const rows = new Map<string, number>();
  for (const frame of frames) {
    if (frame.table !== undefined) rows.set(frame.table, (rows.get(frame.table) ?? 0) + frame.rows);
  }
  const tables = [...rows].map(([name, count]) => ({ name, rows: count }));
  return { frames: replay(frames), expected: { rawSize: sizeOf(frames), tables } };
}

/** The same, to be read in any order, as a restore of a backup in a store gives it. */
export function withParts({ frames }: Frames): LoadInput {
  const sizes = new Map<string, number>();
  for (const { table, bytes } of frames) {
    if (table !== undefined) sizes.set(table, (sizes.get(table) ?? 0) + bytes.length);
  }
  return {
    ...inputOf({ frames }),
    parts: {
      tables: [...sizes].map(([name, size]) => ({ name, size })),
      read: (section, tables) =>
        replay(frames.filter((frame) => frame.section === section && isAmong(frame.table, tables))),
    },
  };
}

function isAmong(table: string | undefined, tables: readonly string[] | undefined): boolean {
  if (!tables) return true;
  return table === undefined ? tables.length === 0 : tables.includes(table);
}

async function take(tools: Judge, url: string): Promise<Frames> {
  const section = async (name: string) => Buffer.from(await tools.pgDump(url, `--section=${name}`));
  const frame = (section: RawFrame['section'], bytes: Uint8Array) => ({ section, rows: 0, bytes });
  return {
    frames: [
      frame('pre-data', await section('pre-data')),
      ...dataFrames(await section('data')),
      frame('post-data', await section('post-data')),
    ],
  };
}

/** Tables in blocks of a few rows; what else there is comes after them. */
function dataFrames(text: Buffer): RawFrame[] {
  const [frames, others]: [RawFrame[], string[]] = [[], []];
  let [table, head] = ['', ''];
  for (const item of new Splitter().push(text)) {
    if (item.kind === 'statement') others.push(item.text);
    else if (item.kind === 'copy') {
      [table, head] = [item.table, item.statement.text];
      frames.push(dataFrame(table, head, []));
    } else if (item.kind === 'rows') {
      const lines = item.bytes.toString().split('\n').slice(0, -1);
      while (lines.length > 0) frames.push(dataFrame(table, head, lines.splice(0, ROWS)));
    }
  }
  return [...frames, { section: 'data', rows: 0, bytes: Buffer.from(`${others.join('\n')}\n`) }];
}

function dataFrame(table: string, head: string, lines: string[]): RawFrame {
  const bytes = Buffer.from(`${head}\n${lines.map((line) => `${line}\n`).join('')}\\.\n\n`);
  return { section: 'data', table, rows: lines.length, bytes };
}
