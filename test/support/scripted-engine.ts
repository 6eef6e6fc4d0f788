import type { Trigger } from '../../lib/archive/manifest.ts';
import { backup, type Database, type VerbDeps } from '../../lib/backup.ts';
import type { Backup } from '../../lib/catalog.ts';
import type { Dump, Engine, RawFrame } from '../../lib/engines/engine.ts';
import { sqliteUrls } from '../../lib/engines/sqlite/file/path.ts';
import { CofreError } from '../../lib/errors.ts';
import type { JobContext } from '../../lib/jobs/run.ts';
import type { Store } from '../../lib/store/store.ts';
import type { FakeClock } from './fake-clock.ts';

/** A database that yields what a test says; `fail` makes its dumps break in the middle. */
export interface ScriptedDatabase extends Database {
  fail: boolean;
}

/** What a test wants otherwise than the script has it. */
export type Script = Partial<Engine> & { readonly frames?: readonly RawFrame[] };

export function scriptedDatabase(name: string, { frames: own, ...more }: Script = {}): ScriptedDatabase {
  const script = { name, url: `sqlite:./${name}.sqlite3`, fail: false };
  const summary = { tables: [{ name: 't', rows: 3 }], warnings: [], details: {} };
  async function* frames(): Dump['frames'] {
    if (own) {
      yield* own;
      return summary;
    }
    yield { section: 'data', rows: 1, bytes: Buffer.from(`rows of ${name}`) };
    if (script.fail) throw new CofreError('SOURCE_FAILED', 'The connection broke.', { hint: 'Try again.' });
    yield { section: 'data', rows: 2, bytes: Buffer.from('more rows') };
    return summary;
  }
  const unused = () => Promise.reject(new Error('not in the script'));
  const engine: Engine = {
    name: 'sqlite',
    title: 'SQLite',
    urls: sqliteUrls,
    plainFile: {
      extension: 'sqlite3',
      mediaType: 'application/vnd.sqlite3',
      content: 'pages',
      byHand: () => [],
    },
    capabilities: { orderedFrames: true, roles: false },
    modes: ['transaction'],
    inspect: unused,
    load: unused,
    verify: unused,
    sweep: async () => 0,
    restoreTest: { openScratch: unused, content: unused, explain: () => null },
    dump: async () => ({
      info: { exists: true, version: '1', size: 1, warnings: [] },
      frames: frames(),
      summary: () => summary,
      close: async () => {},
    }),
    ...more,
  };
  return Object.assign(script, { engine });
}

/** A job's context for work that runs without a job. */
export const freeContext: JobContext = {
  job: undefined as never,
  signal: new AbortController().signal,
  report: () => {},
  fence: async () => {},
};

export interface ScriptedBackup {
  readonly name?: string;
  readonly trigger?: Trigger;
  readonly fail?: boolean;
  readonly fence?: () => Promise<void>;
}

/** Backs a scripted database up, a minute after whatever was before. */
export async function makeBackup(
  deps: VerbDeps,
  clock: FakeClock,
  { name = 'shop', trigger = 'manual', fail = false, fence = freeContext.fence }: ScriptedBackup = {},
): Promise<Backup> {
  clock.advance(60_000);
  const database = Object.assign(scriptedDatabase(name), { fail });
  const request = { database, compression: 'zstd', trigger, actor: 'test' } as const;
  return await backup(deps, request, { ...freeContext, fence });
}

/** A store that fails from the n-th call of one method on: what is there then is what a kill would leave. */
export function dyingStore(store: Store, method: 'put' | 'setTag' | 'delete', call: number): Store {
  let calls = 0;
  const dies = async (...args: never[]) => {
    calls += 1;
    if (calls >= call) throw new CofreError('STORE_UNAVAILABLE', 'killed', { hint: 'none' });
    return await (store[method] as (...args: never[]) => Promise<unknown>)(...args);
  };
  return { ...store, [method]: dies } as Store;
}
