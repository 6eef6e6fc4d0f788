import type {
  EngineContext,
  Expected,
  LoadInput,
  LoadOptions,
  LoadResult,
} from '../../../lib/engines/engine.ts';
import { load } from '../../../lib/engines/postgres/load.ts';
import { contextOf } from '../../contracts/engine/harness.ts';
import {
  type PostgresServer,
  type PostgresVersion,
  type ServerOptions,
  startPostgres,
} from '../../servers/postgres/server.ts';
import { type Judge, judge } from '../../servers/postgres/tools.ts';

/** How long loads of these tests wait for locks, ms. */
export const LOCK_MS = 1_500;

/** A server, PostgreSQL's own programs, and loads of their dumps. */
export interface LoadLab {
  readonly server: PostgresServer;
  readonly tools: Judge;
  /** A new database with what `sql` makes. */
  make(sql?: string): Promise<string>;
  dump(url: string, ...args: string[]): Promise<string>;
  sql(url: string, script: string): Promise<string>;
  load(url: string, dump: string, parts?: LoadParts): Promise<LoadResult>;
}

export interface LoadParts {
  readonly options?: LoadOptions;
  readonly context?: Partial<EngineContext>;
  readonly expected?: Expected;
  readonly lockWaitMs?: number;
}

export async function openLoadLab(version: PostgresVersion, options: ServerOptions = {}): Promise<LoadLab> {
  const [server, tools] = await Promise.all([startPostgres(version, options), judge(version)]);
  const sql = (url: string, script: string) => tools.psql(url, script);
  return {
    server,
    tools,
    sql,
    make: async (script = '') => {
      const url = await server.createDatabase();
      await sql(url, script);
      return url;
    },
    dump: (url, ...args) => tools.pgDump(url, ...args),
    load: (url, dump, { options, context, expected, lockWaitMs = LOCK_MS } = {}) =>
      load(url, inputOf(dump, expected), contextOf(context), { lockWaitMs, jobs: 2 }, options),
  };
}

/** Cut anywhere, as a file is. */
function inputOf(dump: string, expected?: Expected): LoadInput {
  const bytes = Buffer.from(dump);
  async function* frames() {
    for (let at = 0; at < bytes.length; at += 65_536) {
      yield { section: 'data' as const, rows: 0, bytes: bytes.subarray(at, at + 65_536) };
    }
  }
  return { frames: frames(), ...(expected && { expected }) };
}
