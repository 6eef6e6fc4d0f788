import { createHash } from 'node:crypto';
import type { Client } from 'pg';
import { compactTimestamp } from '../../../clock.ts';
import { quoteIdent, quoteLiteral } from '../wire/identifiers.ts';

/**
 * A database that was taken out of its place is kept under a name that says so, and its comment tells that Cofre did
 * it: only with both is it ever put back or dropped. A name alone may be a user's own; a comment alone stays with a
 * database that somebody renamed by hand.
 */
export type Fate = 'before' | 'undone';

/** What was in the place of `of` until `at`. */
export interface Kept {
  readonly name: string;
  readonly of: string;
  readonly fate: Fate;
  readonly at: Date;
  /** The database's own comment. */
  readonly comment: string | undefined;
  readonly oid: number;
}

/** Bytes of a name that the server keeps (manual, 4.1.1). */
const LONGEST = 63;
/** `_before_20261123_185853` and room for `_99`. */
const SUFFIX = 26;

/** `NAME_before_<UTC time>`, which no database has yet; a long name is cut, with a digest that keeps it unique. */
export function keptName(of: string, fate: Fate, at: Date, taken: ReadonlySet<string>): string {
  const name = `${shortened(of)}_${fate}_${compactTimestamp(at)}`;
  if (!taken.has(name)) return name;
  let n = 2;
  while (taken.has(`${name}_${n}`)) n += 1;
  return `${name}_${n}`;
}

const NAME = /_(?:before|undone)_\d{8}_\d{6}(?:_\d+)?$/;

function shortened(name: string): string {
  const bytes = Buffer.from(name);
  if (bytes.length <= LONGEST - SUFFIX) return name;
  const digest = createHash('sha256').update(name).digest('hex').slice(0, 8);
  let end = LONGEST - SUFFIX - 9;
  // Never within a character: its later bytes are 10xxxxxx.
  while ((bytes.readUInt8(end) & 0xc0) === 0x80) end -= 1;
  return `${bytes.toString('utf8', 0, end)}_${digest}`;
}

const MARK = /(?:^|\n)cofre: (replaced|undone) ("(?:[^"\\]|\\.)*") at (\S+)$/;

/** The statement that marks a database, keeping its own comment. */
export function marking({ name, of, fate, at, comment }: Omit<Kept, 'oid'>): string {
  const word = fate === 'before' ? 'replaced' : 'undone';
  const mark = `cofre: ${word} ${JSON.stringify(of)} at ${at.toISOString()}`;
  const text = comment ? `${comment}\n${mark}` : mark;
  return commenting(name, text);
}

export function commenting(name: string, text: string | undefined): string {
  return `COMMENT ON DATABASE ${quoteIdent(name)} IS ${text === undefined ? 'NULL' : quoteLiteral(text)}`;
}

interface Row {
  readonly name: string;
  readonly oid: number;
  readonly comment: string;
}

/** What Cofre keeps of the database `of`, the newest first. */
export async function listKept(client: Client, of: string): Promise<Kept[]> {
  const { rows } = await client.query<Row>(
    `SELECT datname AS name, oid, shobj_description(oid, 'pg_database') AS comment FROM pg_database
     WHERE shobj_description(oid, 'pg_database') LIKE '%cofre: %'`,
  );
  const kept = rows.flatMap((row) => readMark(row) ?? []).filter((it) => it.of === of);
  return kept.toSorted((a, b) => b.at.getTime() - a.at.getTime() || (a.name < b.name ? 1 : -1));
}

/** `undefined` for a database that is not one that Cofre keeps. */
function readMark({ name, oid, comment }: Row): Kept | undefined {
  const [mark, word, quoted, time] = MARK.exec(comment) ?? [];
  if (mark === undefined || quoted === undefined || time === undefined || !NAME.test(name)) return undefined;
  const at = new Date(time);
  const of = parseName(quoted);
  if (of === undefined || of === name || Number.isNaN(at.getTime())) return undefined;
  const own = comment.slice(0, -mark.length);
  return {
    name,
    of,
    fate: word === 'replaced' ? 'before' : 'undone',
    at,
    comment: own === '' ? undefined : own,
    oid,
  };
}

function parseName(json: string): string | undefined {
  try {
    return JSON.parse(json) as string;
  } catch {
    return undefined;
  }
}
