import { nameIn, type Token } from './tokens.ts';

/** What a statement makes, changes or drops. */
export interface Target {
  /** The database, when the statement names it. */
  readonly database: string | undefined;
  readonly name: string;
  /** Where it begins in the text. */
  readonly from: number;
}

/** Words that may stand between the beginning of a statement and the name of what it changes. */
const BEFORE = new Set(
  (
    'CREATE ALTER DROP RENAME TRUNCATE INSERT REPLACE UPDATE DELETE INTO FROM OR IF NOT EXISTS TABLE TABLES VIEW TRIGGER ' +
    'PROCEDURE FUNCTION EVENT SEQUENCE PACKAGE BODY AGGREGATE TEMPORARY ONLINE OFFLINE IGNORE LOW_PRIORITY HIGH_PRIORITY ' +
    'DELAYED QUICK UNIQUE FULLTEXT SPATIAL INDEX ANALYZE OPTIMIZE CHECK REPAIR NO_WRITE_TO_BINLOG LOCAL'
  ).split(' '),
);

const CHANGES =
  /^(?:CREATE|ALTER|DROP|RENAME|TRUNCATE|INSERT|REPLACE|UPDATE|DELETE|ANALYZE|OPTIMIZE|CHECK|REPAIR)$/;

/** `undefined` for a statement that changes nothing by name. */
export function targetOf(tokens: readonly Token[], text: string): Target | undefined {
  if (tokens[0]?.kind !== 'word' || !CHANGES.test(tokens[0].text)) return undefined;
  let at = 0;
  for (let token = tokens[at]; token; token = tokens[at]) {
    if (token.kind !== 'word') break;
    const afterClause = CLAUSES[token.text];
    if (BEFORE.has(token.text)) at += 1;
    else if (afterClause) at = afterClause(tokens, at);
    else break;
  }
  const onTable = isIndex(tokens) ? tokens.findIndex(({ text: word }) => word === 'ON') + 1 : at;
  return nameAt(tokens, onTable, text);
}

function isIndex(tokens: readonly Token[]): boolean {
  const words = tokens.slice(0, 4).map(({ kind, text }) => (kind === 'word' ? text : ''));
  return (words[0] === 'CREATE' || words[0] === 'DROP') && words.includes('INDEX');
}

/** Where what belongs to a word of such a clause ends: `DEFINER = user@host`, `ALGORITHM = MERGE`, `SQL SECURITY INVOKER`. */
const CLAUSES: Readonly<Record<string, (tokens: readonly Token[], at: number) => number>> = {
  DEFINER: afterDefiner,
  ALGORITHM: (_, at) => at + 3,
  SQL: (_, at) => at + 3,
};

/** `DEFINER = user[@host]`, `CURRENT_USER[()]`, or a role. */
export function afterDefiner(tokens: readonly Token[], at: number): number {
  const next = at + 3;
  if (tokens[next]?.text === '@') return next + 2;
  return tokens[next]?.text === '(' ? next + 2 : next;
}

/** A name of one or two parts. */
export function nameAt(tokens: readonly Token[], at: number, text: string): Target | undefined {
  const [first, dot, second] = tokens.slice(at, at + 3);
  if (!first || first.kind === 'mark' || first.kind === 'string') return undefined;
  if (dot?.text !== '.' || !second)
    return { database: undefined, name: nameIn(text, first), from: first.from };
  return { database: nameIn(text, first), name: nameIn(text, second), from: first.from };
}
