import type { Client } from 'pg';
import { CofreError } from '../../../errors.ts';
import { queryEach } from '../wire/driver.ts';
import { quoteIdent } from '../wire/identifiers.ts';
import type { DataCatalog, QualifiedName } from './data-catalog.ts';
import { printedName } from './names.ts';

type Sequence = DataCatalog['sequences'][number];

interface Value {
  readonly last: string | null;
  readonly called: boolean | null;
}

/** Sequences asked for at a time. */
const BATCH = 200;

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
  const read = serverVersionNum >= HAS_FUNCTION ? byFunction : oneByOne;
  const lines: string[] = [];
  for (let at = 0; at < sequences.length; at += BATCH) {
    const batch = sequences.slice(at, at + BATCH);
    const values = await read(client, batch);
    lines.push(...batch.map((sequence, n) => setval(sequence, values[n])));
  }
  return lines.join('\n');
}

async function byFunction(client: Client, batch: readonly Sequence[]): Promise<Value[]> {
  const { rows } = await client.query<Value>(BY_FUNCTION, [batch.map(({ oid }) => oid)]);
  return rows;
}

const BY_FUNCTION = `
  SELECT d.last_value AS last, d.is_called AS called
  FROM unnest($1::oid[]) WITH ORDINALITY AS s (oid, n), pg_catalog.pg_get_sequence_data(s.oid) AS d ORDER BY s.n`;

/**
 * A statement for each, sent together: three times as fast as a UNION of them. The savepoint lets go of their locks,
 * of which thousands would fill the server's lock table.
 */
async function oneByOne(client: Client, batch: readonly Sequence[]): Promise<Value[]> {
  const statements = batch.map(
    ({ schema, name }) =>
      `SELECT last_value AS last, is_called AS called FROM ${quoteIdent(schema)}.${quoteIdent(name)}`,
  );
  const sql = ['SAVEPOINT sequences', ...statements, 'ROLLBACK TO SAVEPOINT sequences'].join('; ');
  return (await queryEach<Value>(client, sql)).slice(1, -1).flat();
}

function setval(sequence: QualifiedName, value: Value | undefined): string {
  const name = printedName(sequence.schema, sequence.name);
  if (typeof value?.last !== 'string') throw unreadable(name);
  const { last, called } = value;
  return `SELECT pg_catalog.setval('${name.replaceAll("'", "''")}', ${last}, ${called});\n`;
}

function unreadable(name: string): CofreError {
  return new CofreError('SOURCE_FAILED', `The value of the sequence ${name} cannot be read.`, {
    hint: 'The role needs SELECT on it; or it was dropped while the backup began.',
  });
}
