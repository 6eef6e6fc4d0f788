import { refused } from '../../sql/script/refusals.ts';
import type { Copy, Statement } from './items.ts';
import { nameOf, type Token, tokensOf } from './tokens.ts';

/** PostgreSQL has at most 1,600 columns, each with a comma. */
const LIMIT = 4_000;

/**
 * Reads `COPY table [(columns)] FROM stdin;`, in capitals or not.
 * @returns `undefined` when data does not follow: COPY of a server's file.
 * @throws {CofreError} `RESTORE_REFUSED` for COPY … TO, and for data in another format than pg_dump's.
 */
export function readCopyHeader(statement: Statement): Copy | undefined {
  const { text, line } = statement;
  const tokens = tokensOf(text, LIMIT);
  const words = tokens.map((token) => (token.kind === 'name' ? '"' : token.text));
  const from = words.indexOf('FROM');
  if (from < 0 || words[1] === '(') throw noData(line);
  if (words[from + 1] !== 'STDIN') return undefined;
  const list = words.indexOf('(');
  const hasList = list > 0 && list < from;
  if (words[1] === 'BINARY' || words[from + 2] !== ';') throw otherFormat(line);
  const target = tokens.slice(1, hasList ? list : from);
  const table = text.slice(target[0]?.from, target.at(-1)?.to);
  const columns = hasList ? namesIn(tokens.slice(list + 1, from)) : undefined;
  return { kind: 'copy', statement, table, columns, line };
}

function namesIn(tokens: readonly Token[]): string[] {
  return tokens.filter(({ kind }) => kind !== 'other').map(nameOf);
}

function otherFormat(line: number): Error {
  return refused(
    `Line ${line}: COPY with options is not read, only the text format that pg_dump writes.`,
    'Make the file with pg_dump, or load it with psql.',
  );
}

function noData(line: number): Error {
  return refused(
    `Line ${line}: this COPY takes data out of a database.`,
    'A dump brings data in: check that this is the right file.',
  );
}
