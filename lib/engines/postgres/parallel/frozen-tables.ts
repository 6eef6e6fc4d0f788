import type { DumpParts, RawFrame } from '../../engine.ts';
import type { Counts } from '../../sql/load/counts.ts';
import type { Pool } from '../../sql/load/pool.ts';
import { type CopyBlocks, copyBlocks } from '../load/copy-blocks.ts';
import { readTables } from '../schema/table-facts.ts';
import { readCopyFrame } from '../script/copy-frame.ts';
import { Statement } from '../script/items.ts';
import type { PgSession } from '../wire/connect.ts';
import type { Build } from './build.ts';
import { locate, workOf } from './build-all.ts';
import { runTasks, type Work } from './run-tasks.ts';

/** Bytes of small tables that go in in one transaction, and how many of them: each read of a store takes its time. */
const GROUP = 8 * 1024 * 1024;
const TABLES = 100;

/** Bytes sent as one message; the server keeps room for a whole one. */
const SLICE = 1024 * 1024;

type Sizes = DumpParts['tables'];

/** What it takes to bring the rows of tables in. */
export interface Rows {
  readonly pool: Pool<PgSession>;
  /** One of the pool's. */
  readonly first: PgSession;
  readonly counts: Counts;
  /** Frames of these tables. */
  readonly read: (tables: readonly string[]) => AsyncIterable<RawFrame>;
}

/** Copies go first: builds can be done while the last of them are under way. */
const FIRST = 2 ** 60;

/**
 * Brings tables in, several at a time, each by one session and with rows that are frozen: nobody has to mark each of
 * them as committed later, which the first who reads a table does, and that would be our own builds. The server takes
 * frozen rows only from the transaction that has made or emptied the table (manual, COPY, FREEZE).
 *
 * Then runs `builds`, of these tables or others whose rows are there, each as soon as its table is.
 * @returns the builds that it has run
 */
export async function copyFrozen(
  tables: Sizes,
  builds: readonly Build[],
  { pool, first, counts, read }: Rows,
): Promise<Build[]> {
  const names = [...tables.map(({ name }) => name), ...builds.map(({ table }) => table)];
  const facts = await readTables(first.client, names);
  const sizes = new Map(tables.map(({ name, size }) => [name, size]));
  const copies = groupsOf(tables).map(({ names, size }): Work => {
    const found = names.map((name) => facts.get(name));
    const frozen = new Set(names.filter((_, n) => found[n]?.freezable));
    const uses = [...new Set(found.flatMap((it) => it?.oids ?? []))];
    return {
      uses,
      shares: false,
      size: FIRST + size,
      run: (it) => copyGroup(it, names, frozen, counts, read),
    };
  });
  const located = builds.flatMap((build) => locate(build, facts) ?? []);
  const early = located.filter((build) => build.facts.table.kind === 'r');
  const works = early.map((build) => ({ ...workOf(build), size: sizes.get(build.table) ?? 0 }));
  await runTasks(pool, [...copies, ...works]);
  await pool.idle();
  return early;
}

/** Neighbours in the dump, so that one read brings them. */
function groupsOf(tables: Sizes): { readonly names: readonly string[]; readonly size: number }[] {
  const groups: { names: string[]; size: number }[] = [];
  for (const { name, size } of tables) {
    const last = groups.at(-1);
    if (last && last.size + size <= GROUP && last.names.length < TABLES) {
      last.names.push(name);
      last.size += size;
    } else groups.push({ names: [name], size });
  }
  return groups;
}

async function copyGroup(
  session: PgSession,
  names: readonly string[],
  frozen: ReadonlySet<string>,
  counts: Counts,
  read: Rows['read'],
): Promise<void> {
  const emptied = [...frozen].map((name) => `ONLY ${name}`).join(', ');
  await session.client.query(frozen.size > 0 ? `BEGIN; TRUNCATE ${emptied}` : 'BEGIN');
  const blocks = copyBlocks(session, counts);
  for await (const frame of read(names)) {
    await copyFrame(blocks, frame, frozen);
    frame.release?.();
  }
  await blocks.settle();
  await session.client.query('COMMIT');
}

async function copyFrame(blocks: CopyBlocks, frame: RawFrame, frozen: ReadonlySet<string>): Promise<void> {
  const { head, name, data } = readCopyFrame(frame);
  const statement = new Statement(Buffer.from(head), 1, 'UTF8');
  const sql = frozen.has(name) ? Buffer.from(head.replace(/;$/, ' WITH (FREEZE);')) : statement.bytes;
  await blocks.begin({ table: name, statement }, async () => sql);
  for (let at = 0; at < data.length; at += SLICE) await blocks.write(data.subarray(at, at + SLICE));
}
