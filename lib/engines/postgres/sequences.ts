import type { Client } from 'pg';
import { CofreError } from '../../errors.ts';
import type { DataCatalog, QualifiedName } from './data-catalog.ts';
import { printedName } from './dump/names.ts';
import { quoteIdent } from './identifiers.ts';

type Sequence = DataCatalog['sequences'][number];

interface SequenceRow {
  readonly n: number;
  readonly last: string | null;
  readonly called: boolean | null;
}

/** Sequences asked for with one query. */
const BATCH = 500;

/** From this version on one function reads any sequence. */
const HAS_FUNCTION = 180_000;

/**
 * `SELECT pg_catalog.setval(…)` for each, as pg_dump writes it. Sequences stand outside of transactions: the values
 * are those of now, no smaller than the snapshot's.
 * @throws {CofreError} `SOURCE_FAILED` for one that may not be read.
 */
export async function sequenceValues(
  client: Client,
  sequences: readonly Sequence[],
  serverVersionNum: number,
): Promise<string> {
  const lines: string[] = [];
  for (let at = 0; at < sequences.length; at += BATCH) {
    const batch = sequences.slice(at, at + BATCH);
    for (const row of await read(client, batch, serverVersionNum)) lines.push(setval(batch[row.n]!, row));
  }
  return lines.join('\n');
}

async function read(client: Client, batch: readonly Sequence[], version: number): Promise<SequenceRow[]> {
  const sql = version >= HAS_FUNCTION ? byFunction(batch) : byTable(batch);
  // The savepoint lets go of the locks: thousands would fill the server's lock table.
  await client.query('SAVEPOINT sequences');
  const { rows } = await client.query<SequenceRow>(sql);
  await client.query('ROLLBACK TO SAVEPOINT sequences');
  return rows;
}

function byFunction(batch: readonly Sequence[]): string {
  return `SELECT (s.n - 1)::int4 AS n, d.last_value AS last, d.is_called AS called
    FROM unnest('{${batch.map(({ oid }) => oid).join()}}'::oid[]) WITH ORDINALITY AS s (oid, n),
      pg_catalog.pg_get_sequence_data(s.oid) AS d ORDER BY s.n`;
}

function byTable(batch: readonly Sequence[]): string {
  return batch
    .map(
      ({ schema, name }, n) =>
        `SELECT ${n} AS n, last_value AS last, is_called AS called FROM ${quoteIdent(schema)}.${quoteIdent(name)}`,
    )
    .join(' UNION ALL ');
}

function setval(sequence: QualifiedName, { last, called }: SequenceRow): string {
  const name = printedName(sequence.schema, sequence.name);
  if (last === null) throw unreadable(name);
  return `SELECT pg_catalog.setval('${name.replaceAll("'", "''")}', ${last}, ${called});\n`;
}

function unreadable(name: string): CofreError {
  return new CofreError('SOURCE_FAILED', `The value of the sequence ${name} cannot be read.`, {
    hint: 'The role needs SELECT on it; or it was dropped while the backup began.',
  });
}
