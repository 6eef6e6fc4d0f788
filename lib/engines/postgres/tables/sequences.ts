import type { PgSession } from '../wire/connect.ts';
import { quoteIdent } from '../wire/identifiers.ts';
import { oneRow } from '../wire/one-row.ts';
import type { Replaced } from './live-set.ts';

/** A sequence that a column of a replaced table draws from. */
export interface LiveSequence {
  /** SQL names. */
  readonly sequence: string;
  readonly table: string;
  /** Reads no rows of tables that inherit from it. */
  readonly only: boolean;
  readonly column: string;
  /** 64-bit numbers, as text. */
  readonly step: string;
  readonly min: string;
  readonly max: string;
}

/**
 * Sequences that belong to a column (serial, identity) of the table or of the one that it is a partition of, and those
 * that a default draws from, where they are this role's to change. Only columns of whole numbers have a greatest value
 * that a sequence could pass.
 */
const FIND = `
  WITH columns AS (
    SELECT root, attrelid, attnum, attname FROM unnest($1::oid[]) root,
      LATERAL (SELECT relid::oid FROM pg_partition_ancestors(root) UNION SELECT root) AS a (attrelid_)
      JOIN pg_attribute ON attrelid = attrelid_
    WHERE attnum > 0 AND NOT attisdropped AND atttypid IN ('int2'::regtype, 'int4'::regtype, 'int8'::regtype)),
  drawn AS (
    SELECT root, attname, objid AS seq FROM columns JOIN pg_depend ON classid = 'pg_class'::regclass
      AND refclassid = 'pg_class'::regclass AND refobjid = attrelid AND refobjsubid = attnum AND deptype IN ('a', 'i')
    UNION
    SELECT root, attname, refobjid FROM columns JOIN pg_attrdef ON adrelid = attrelid AND adnum = attnum
      JOIN pg_depend ON classid = 'pg_attrdef'::regclass AND objid = pg_attrdef.oid AND refclassid = 'pg_class'::regclass)
  SELECT format('%I.%I', sn.nspname, s.relname) AS sequence, format('%I.%I', n.nspname, c.relname) AS table,
    c.relkind = 'r' AS only, attname AS column, seqincrement::text AS step, seqmin::text AS min, seqmax::text AS max
  FROM drawn JOIN pg_class s ON s.oid = seq AND s.relkind = 'S' JOIN pg_namespace sn ON sn.oid = s.relnamespace
    JOIN pg_sequence ON seqrelid = seq JOIN pg_class c ON c.oid = root JOIN pg_namespace n ON n.oid = c.relnamespace
  WHERE pg_has_role(s.relowner, 'USAGE') ORDER BY s.oid`;

export async function findSequences(
  { client }: PgSession,
  replaced: readonly Replaced[],
): Promise<LiveSequence[]> {
  return (await client.query<LiveSequence>(FIND, [replaced.map(({ live }) => live.oid)])).rows;
}

/**
 * Makes everybody who draws from them wait until we commit. LOCK TABLE does not take sequences; to set what is set
 * already does (ALTER SEQUENCE takes SHARE ROW EXCLUSIVE).
 */
export async function holdSequences(
  { client }: PgSession,
  sequences: readonly LiveSequence[],
): Promise<void> {
  for (const { sequence, step } of sequences) {
    await client.query(`ALTER SEQUENCE ${sequence} INCREMENT BY ${step}`);
  }
}

/**
 * Moves each sequence past the rows, never backwards. By ALTER SEQUENCE, which is undone with the transaction: setval()
 * is not. Returns warnings.
 */
export async function advanceSequences(
  session: PgSession,
  sequences: readonly LiveSequence[],
): Promise<string[]> {
  const warnings: string[] = [];
  for (const sequence of sequences) {
    const next = await nextBeyond(session, sequence);
    if (next === undefined) continue;
    if (next > BigInt(sequence.max) || next < BigInt(sequence.min)) warnings.push(exhausted(sequence));
    else await session.client.query(`ALTER SEQUENCE ${sequence.sequence} RESTART WITH ${next}`);
  }
  return warnings;
}

/** What the sequence has to give next; `undefined` when it is far enough already. */
async function nextBeyond({ client }: PgSession, it: LiveSequence): Promise<bigint | undefined> {
  const step = BigInt(it.step);
  const furthest = step > 0n ? 'max' : 'min';
  const {
    last,
    called,
    furthest: found,
  } = await oneRow<{ last: string; called: boolean; furthest: string | null }>(
    client,
    `SELECT last_value::text AS last, is_called AS called,
       (SELECT ${furthest}(${quoteIdent(it.column)})::text FROM ${it.only ? 'ONLY ' : ''}${it.table}) AS furthest
     FROM ${it.sequence}`,
  );
  if (found === null) return undefined;
  const next = called ? BigInt(last) + step : BigInt(last);
  const wanted = BigInt(found) + step;
  return (step > 0n ? wanted > next : wanted < next) ? wanted : undefined;
}

function exhausted({ sequence, table, column }: LiveSequence): string {
  return `The sequence ${sequence} ends before the values that ${table}.${column} has now; it was left as it is.`;
}
