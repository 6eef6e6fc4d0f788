import { afterEach, beforeEach, describe, expect, test } from 'vitest';
import { backup } from '../../lib/backup.ts';
import { type Cofre, databaseFromUrl } from '../../lib/cofre.ts';
import type { RawFrame, Section, TablesInput } from '../../lib/engines/engine.ts';
import { sourceOf } from '../../lib/restore.ts';
import { type RestoreTablesRequest, restoreTables } from '../../lib/restore-tables.ts';
import type { Store } from '../../lib/store/store.ts';
import { fakeClock } from '../support/fake-clock.ts';
import { freeContext, scriptedDatabase } from '../support/scripted-engine.ts';
import { makeWorkspace, type Workspace } from '../support/workspace.ts';

const clock = fakeClock(new Date());
let workspace: Workspace;
let cofre: Cofre;
beforeEach(() => {
  workspace = makeWorkspace();
  cofre = workspace.open({ clock });
});
afterEach(() => workspace.remove());

const text = (section: Section, bytes: string, table?: string): RawFrame => ({
  section,
  rows: table ? 1 : 0,
  bytes: Buffer.from(bytes),
  ...(table && { table }),
});

/** Two tables in turns, as a parallel dump writes them. */
const FRAMES = [
  text('pre-data', 'definitions'),
  text('data', 'a, first', 'public.a'),
  text('data', 'b, first '.repeat(1_000), 'public.b'),
  text('data', 'a, second', 'public.a'),
  text('data', 'sequences'),
  text('post-data', 'indexes'),
];
const TABLES = [
  { name: 'public.a', rows: 2 },
  { name: 'public.b', rows: 1 },
];

const SUMMARY = { tables: TABLES, warnings: [], details: { serverVersionNum: 180_000 } };

/** An engine that can bring tables back, and notes what it was given. */
function tableEngine(read: (input: TablesInput) => Promise<void>) {
  return scriptedDatabase('shop', {
    frames: FRAMES,
    capabilities: { orderedFrames: false, roles: true },
    inspect: async () => ({ exists: true, version: '1', size: 1, warnings: [] }),
    dump: async () => ({
      info: { exists: true, version: '1', size: 1, warnings: [] },
      frames: (async function* () {
        yield* FRAMES;
        return SUMMARY;
      })(),
      summary: () => SUMMARY,
      close: async () => {},
    }),
    loadTables: async (_url, input, _context, { replace }) => {
      await read(input);
      const tables = input.tables.map((name) => ({
        name,
        rows: 2,
        restoredAs: replace ? name : `${name}_r`,
      }));
      return { tables, rows: 2, warnings: [] };
    },
  });
}

/** Counts the bytes that are read from a store. */
function counting(store: Store): Store & { bytes: number } {
  const counted = {
    ...store,
    bytes: 0,
    read: (key: string, range?: { start?: number; end?: number }) => {
      counted.bytes += (range?.end ?? Number.POSITIVE_INFINITY) - (range?.start ?? 0);
      return store.read(key, range);
    },
  };
  return counted;
}

async function collect(frames: AsyncIterable<RawFrame>): Promise<string[]> {
  const all: string[] = [];
  for await (const { bytes } of frames) all.push(Buffer.from(bytes).toString());
  return all;
}

async function prepared(read: (input: TablesInput) => Promise<void>) {
  const database = tableEngine(read);
  const made = await backup(
    cofre,
    { database, compression: 'none', trigger: 'manual', actor: 'test' },
    freeContext,
  );
  const store = counting(cofre.store);
  const request: RestoreTablesRequest = {
    source: sourceOf({ store }, made),
    target: database,
    actor: 'test',
    how: { tables: ['a'], safetyBackup: true },
  };
  return { store, request };
}

describe('restoreTables', () => {
  test('reads the frames of its tables and of the sections asked for, and not one byte more', async () => {
    const seen: string[][] = [];
    const { store, request } = await prepared(async ({ tables, known, details, read }) => {
      expect([tables, known, details]).toEqual([['public.a'], TABLES, { serverVersionNum: 180_000 }]);
      seen.push(await collect(read('data', tables)), await collect(read('pre-data')));
    });
    const done = await restoreTables(cofre, request, freeContext);
    expect(seen).toEqual([['a, first', 'a, second'], ['definitions']]);
    expect(store.bytes).toBe('a, firsta, seconddefinitions'.length);
    expect(done.tables).toEqual([{ name: 'public.a', rows: 2, restoredAs: 'public.a_r' }]);
  });

  test('makes a safety backup before it replaces, and only then', async () => {
    const { request } = await prepared(async () => {});
    expect((await restoreTables(cofre, request, freeContext)).safetyBackup).toBeNull();
    clock.advance(60_000);
    const { safetyBackup } = await restoreTables(
      cofre,
      { ...request, how: { ...request.how, replace: true } },
      freeContext,
    );
    expect((await cofre.catalog.find(safetyBackup!)).trigger).toBe('pre-restore');
    const without = { ...request, how: { ...request.how, replace: true, safetyBackup: false } };
    expect((await restoreTables(cofre, without, freeContext)).safetyBackup).toBeNull();
  });

  test('refuses unknown tables, plain files and engines without tables before anything is read', async () => {
    const { store, request } = await prepared(async () => {});
    const { label, manifest, input } = request.source;
    const sqlite = databaseFromUrl('sqlite:./x.sqlite3');
    for (const [wrong, message] of [
      [{ how: { tables: ['nothing'] } }, 'no table nothing'],
      [{ source: { label, input, manifest: undefined } }, 'no manifest'],
      [{ target: sqlite }, 'cannot restore single tables'],
    ] as const) {
      await expect(restoreTables(cofre, { ...request, ...wrong }, freeContext)).rejects.toMatchObject({
        code: 'USAGE',
        message: expect.stringContaining(message),
      });
    }
    const other = { ...request, source: { label, input, manifest: { ...manifest!, engine: PG } } };
    await expect(restoreTables(cofre, other, freeContext)).rejects.toMatchObject({ code: 'RESTORE_REFUSED' });
    expect(store.bytes).toBe(0);
  });
});

const PG = { name: 'postgres', version: '18' } as const;
