import type { Client } from 'pg';
import { oneRow } from '../wire/one-row.ts';

/** Bytes of a large object that are read, and written as one statement, at a time. */
const PIECE = 1024 * 1024;

/** Text of about this size makes a frame, characters. */
const FRAME = 2 * 1024 * 1024;

/** How many large objects are asked for at once, and how many bytes of each: most are small. */
const BATCH = 64;
const BEGINNING = 16 * 1024;

interface PieceRow {
  readonly oid: string;
  readonly hex: string;
}

/**
 * The contents of all large objects as `lo_put` statements, in texts of a few MiB; that they are there, with owner and
 * rights, is the DDL's matter. pg_dump writes lo_open and lowrite instead, whose descriptors end with a transaction;
 * this form works in one transaction and without. Needs a few pieces of memory, however large an object is.
 */
export async function* largeObjects(client: Client): AsyncGenerator<string> {
  let text = '';
  for await (const piece of pieces(client)) {
    text += piece;
    if (text.length < FRAME) continue;
    yield text;
    text = '';
  }
  if (text !== '') yield text;
}

async function* pieces(client: Client): AsyncGenerator<string> {
  await client.query(
    `DECLARE objects CURSOR FOR SELECT oid::text, encode(lo_get(oid, 0, ${BEGINNING}), 'hex') AS hex
     FROM pg_largeobject_metadata ORDER BY pg_largeobject_metadata.oid`,
  );
  for (;;) {
    const { rows } = await client.query<PieceRow>(`FETCH ${BATCH} FROM objects`);
    if (rows.length === 0) break;
    for (const { oid, hex } of rows) {
      if (hex.length > 0) yield put(oid, 0, hex);
      if (hex.length === 2 * BEGINNING) yield* restOf(client, oid);
    }
  }
  await client.query('CLOSE objects');
}

async function* restOf(client: Client, oid: string): AsyncGenerator<string> {
  for (let offset = BEGINNING; ; offset += PIECE) {
    const { hex } = await oneRow<{ hex: string }>(
      client,
      `SELECT encode(lo_get($1::oid, $2::int8, ${PIECE}), 'hex') AS hex`,
      [oid, offset],
    );
    if (hex.length > 0) yield put(oid, offset, hex);
    if (hex.length < 2 * PIECE) return;
  }
}

function put(oid: string, offset: number, hex: string): string {
  return `SELECT pg_catalog.lo_put('${oid}', ${offset}, '\\x${hex}');\n`;
}
