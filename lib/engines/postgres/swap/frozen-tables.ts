import type { DumpParts, RawFrame } from '../../engine.ts';
import type { Counts } from '../../sql-load/counts.ts';
import type { Pool } from '../../sql-load/pool.ts';
import type { PgSession } from '../connection/connect.ts';
import { type CopyBlocks, copyBlocks } from '../load/copy-blocks.ts';
import { Statement } from '../sql/items.ts';
import { readCopyFrame } from '../tables/copy-frame.ts';

/** Bytes of small tables that go in in one transaction, and how many of them: each read of a store takes its time. */
const GROUP = 8 * 1024 * 1024;
const TABLES = 100;

/** Bytes sent as one message; the server keeps room for a whole one. */
const SLICE = 1024 * 1024;

type Sizes = DumpParts['tables'];

/** What it takes to bring the rows of tables in. */
export interface Rows {
  readonly pool: Pool<PgSession>;
  readonly counts: Counts;
  /** Frames of these tables. */
  readonly read: (tables: readonly string[]) => AsyncIterable<RawFrame>;
}

/**
 * Brings tables in, several at a time, each by one session and with rows that are frozen: nobody has to mark each of
 * them as committed later, which the first who reads a table does, and that would be our own builds. The server takes
 * frozen rows only from the transaction that has made or emptied the table (manual, COPY, FREEZE).
 */
export async function copyFrozen(tables: Sizes, rows: Rows): Promise<void> {
  const freezable = await readFreezable(rows.pool.sessions[0]!, tables);
  for (const group of groupsOf(tables)) {
    await rows.pool.start((session) => copyGroup(session, group, freezable, rows));
  }
  await rows.pool.idle();
}

/** Neighbours in the dump, so that one read brings them; the larger groups first. */
function groupsOf(tables: Sizes): string[][] {
  const groups: { names: string[]; size: number }[] = [];
  for (const { name, size } of tables) {
    const last = groups.at(-1);
    if (last && last.size + size <= GROUP && last.names.length < TABLES) {
      last.names.push(name);
      last.size += size;
    } else groups.push({ names: [name], size });
  }
  return groups.toSorted((a, b) => b.size - a.size).map(({ names }) => names);
}

/** Not those through which rows go into partitions, nor those of extensions, which have rows of their own. */
const FREEZABLE = `
  SELECT t AS name FROM pg_catalog.unnest($1::text[]) t JOIN pg_catalog.pg_class c ON c.oid = pg_catalog.to_regclass(t)
  WHERE c.relkind = 'r' AND NOT EXISTS (
    SELECT FROM pg_catalog.pg_depend d WHERE d.classid = 'pg_catalog.pg_class'::regclass AND d.objid = c.oid
      AND d.refclassid = 'pg_catalog.pg_extension'::regclass AND d.deptype = 'e')`;

async function readFreezable({ client }: PgSession, tables: Sizes): Promise<ReadonlySet<string>> {
  const { rows } = await client.query<{ name: string }>(FREEZABLE, [tables.map(({ name }) => name)]);
  return new Set(rows.map(({ name }) => name));
}

async function copyGroup(
  session: PgSession,
  group: readonly string[],
  freezable: ReadonlySet<string>,
  { counts, read }: Rows,
): Promise<void> {
  const frozen = group.filter((name) => freezable.has(name));
  const emptied = frozen.map((name) => `ONLY ${name}`).join(', ');
  await session.client.query(frozen.length > 0 ? `BEGIN; TRUNCATE ${emptied}` : 'BEGIN');
  const blocks = copyBlocks(session, counts);
  for await (const frame of read(group)) {
    await copyFrame(blocks, frame, freezable.has(frame.table!));
    frame.release?.();
  }
  await blocks.settle();
  await session.client.query('COMMIT');
}

async function copyFrame(blocks: CopyBlocks, frame: RawFrame, isFrozen: boolean): Promise<void> {
  const { head, data } = readCopyFrame(frame);
  const statement = new Statement(Buffer.from(head), 1, 'UTF8');
  const sql = isFrozen ? Buffer.from(head.replace(/;$/, ' WITH (FREEZE);')) : statement.bytes;
  await blocks.begin({ table: frame.table!, statement }, async () => sql);
  for (let at = 0; at < data.length; at += SLICE) await blocks.write(data.subarray(at, at + SLICE));
}
