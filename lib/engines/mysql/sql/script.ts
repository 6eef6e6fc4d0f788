import { type Completeness, completeness } from './completeness.ts';
import { databasePolicy } from './database-policy.ts';
import { HEAD, requirePlainSql } from './foreign.ts';
import type { SqlItem, Statement } from './items.ts';
import { Splitter } from './splitter.ts';
import { judge } from './statement-policy.ts';
import { shapeOf, tokensOf } from './tokens.ts';

/** A script on its way to a server. */
export interface Script {
  /** What is to be run, in this order; each statement is good until the next one is asked for. */
  readonly statements: AsyncGenerator<Statement>;
  /** To be called when all of them are run. @throws {CofreError} `BACKUP_DAMAGED` when the dump tells other numbers. */
  readonly requireCounts: Completeness['requireCounts'];
}

/** Tokens that tell what a statement is, and what it changes. */
const TELLING = 60;

/**
 * A plain SQL dump, made by Cofre, mysqldump, mariadb-dump, phpMyAdmin or by hand, as what is to be run in one
 * database. `warn` gets each thing that is passed over, once. The statements end normally only when the dump is whole.
 * @throws {CofreError} from the iteration: `RESTORE_REFUSED` for what cannot be restored, `BACKUP_DAMAGED` for what is
 * cut or empty; what `chunks` throws is rethrown as it is.
 */
export function readScript(chunks: AsyncIterable<Uint8Array>, warn: (warning: string) => void): Script {
  const whole = completeness();
  const toRun = policy(onceEach(warn));
  async function* statements(): AsyncGenerator<Statement> {
    const splitter = new Splitter();
    for await (const chunk of requiringPlainSql(chunks)) yield* runnable(splitter.push(chunk));
    yield* runnable(splitter.end());
    whole.end();
  }
  function* runnable(items: Iterable<SqlItem>): Generator<Statement> {
    for (const item of items) {
      whole.take(item);
      const statement = toRun(item);
      if (statement) yield statement;
    }
  }
  return { statements: statements(), requireCounts: whole.requireCounts };
}

/** The bulk of a file, which needs no look at what it is. */
const PLAIN_INSERT = /^INSERT INTO `[^`]+` /;

function policy(warn: (warning: string) => void): (item: SqlItem) => Statement | undefined {
  const databases = databasePolicy(warn);
  return (item) => {
    if (item.kind === 'comment') {
      databases.comment(item.text);
      return undefined;
    }
    if (PLAIN_INSERT.test(item.bytes.toString('latin1', 0, 256))) return item;
    const tokens = tokensOf(item.head, TELLING);
    // Nothing but comments that no server of today runs.
    if (tokens.length === 0) return undefined;
    if (judge(shapeOf(tokens), item.line, warn) === 'pass over') return undefined;
    return databases.apply(item, tokens);
  };
}

function onceEach(warn: (warning: string) => void): (warning: string) => void {
  const said = new Set<string>();
  return (warning) => {
    if (!said.has(warning)) warn(warning);
    said.add(warning);
  };
}

const BOM = Buffer.from([0xef, 0xbb, 0xbf]);

/** Holds the beginning back until it is known to be plain SQL; a byte order mark is left out, as by `mysql`. */
async function* requiringPlainSql(chunks: AsyncIterable<Uint8Array>): AsyncGenerator<Uint8Array> {
  let head: Buffer | undefined = Buffer.alloc(0);
  for await (const chunk of chunks) {
    if (!head) {
      yield chunk;
      continue;
    }
    head = Buffer.concat([head, chunk]);
    if (head.length < HEAD) continue;
    yield checked(head);
    head = undefined;
  }
  if (head) yield checked(head);
}

function checked(head: Buffer): Buffer {
  requirePlainSql(head.subarray(0, HEAD));
  return head.subarray(0, 3).equals(BOM) ? head.subarray(3) : head;
}
