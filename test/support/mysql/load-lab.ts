import type {
  EngineContext,
  Expected,
  LoadInput,
  LoadOptions,
  LoadResult,
  RawFrame,
} from '../../../lib/engines/engine.ts';
import { load } from '../../../lib/engines/mysql/load.ts';
import { contextOf, replay } from '../../contracts/engine/harness.ts';
import {
  type MysqlServer,
  type MysqlVersion,
  type ServerOptions,
  startMysql,
} from '../../servers/mysql/server.ts';
import { type Dumped, databaseOf, dumped } from './dumping.ts';

/** How long loads of these tests wait for locks, ms. */
export const LOCK_MS = 1_500;

/** A server, and loads into its databases. */
export interface LoadLab {
  readonly server: MysqlServer;
  /** A new database with what `script` makes. */
  make(script?: string | Uint8Array): Promise<string>;
  /** URL of a database that does not exist. */
  reserve(): string;
  /** Bare rows of what a script asks. */
  sql(url: string, script: string): Promise<string>;
  /** Databases of the server that are ours or temporary. */
  leftovers(): Promise<string[]>;
}

export interface LoadParts {
  readonly options?: LoadOptions;
  readonly context?: Partial<EngineContext>;
  readonly expected?: Expected;
  readonly lockWaitMs?: number;
  readonly jobs?: number;
}

export async function openLoadLab(version: MysqlVersion, options: ServerOptions = {}): Promise<LoadLab> {
  const server = await startMysql(version, options);
  let reserved = 0;
  return {
    server,
    make: async (script = '') => {
      const url = await server.createDatabase(undefined, 'CHARACTER SET latin1');
      await server.tools.run(url, script);
      return url;
    },
    reserve: () => server.url(`reserved_${++reserved}`),
    sql: (url, script) => server.tools.run(url, script),
    leftovers: async () => {
      const names = await server.sql('', "SHOW DATABASES LIKE 'cofre%'");
      return names.split('\n').filter(Boolean);
    },
  };
}

/** Loads a dump that is a text, cut anywhere, as a file is. */
export function loadText(url: string, dump: string | Uint8Array, parts: LoadParts = {}): Promise<LoadResult> {
  const bytes = Buffer.from(dump as string);
  async function* frames(): AsyncGenerator<RawFrame> {
    for (let at = 0; at < bytes.length; at += 65_536) {
      yield { section: 'data', rows: 0, bytes: bytes.subarray(at, at + 65_536) };
    }
  }
  return loadInput(url, { frames: frames(), ...(parts.expected && { expected: parts.expected }) }, parts);
}

/** Loads a dump of ours, as a restore does of a backup and its manifest. */
export function loadDumped(
  url: string,
  { frames, text, summary }: Dumped,
  parts: LoadParts = {},
): Promise<LoadResult> {
  const { tables, details } = summary;
  return loadInput(
    url,
    { frames: replay(frames), expected: { rawSize: text.length, tables, details } },
    parts,
  );
}

function loadInput(url: string, input: LoadInput, parts: LoadParts): Promise<LoadResult> {
  const { options, context, lockWaitMs = LOCK_MS, jobs = 3 } = parts;
  return load(url, input, contextOf(context), { lockWaitMs, jobs }, options);
}

export { databaseOf, dumped };
