import { type Completeness, completeness } from './completeness.ts';
import { databasePolicy } from './database-policy.ts';
import { HEAD, requirePlainSql } from './foreign.ts';
import type { SqlItem, Statement } from './items.ts';
import { Splitter } from './splitter.ts';
import { judge } from './statement-policy.ts';
import { shapeOf, tokensOf } from './tokens.ts';

/** Reads a script as it comes. What it yields is good until the next is asked for. */
export interface ScriptReader {
  /** What is complete after a chunk, which is free again after the last statement. */
  push(chunk: Uint8Array): Generator<Statement>;
  /** The same at a place where a statement must have ended, as rows follow that are not read here. */
  rest(): Generator<Statement>;
  /** The same at the end. It ends normally only when the script is whole. */
  end(): Generator<Statement>;
  /** To be called when all is run. @throws {CofreError} `BACKUP_DAMAGED` when the dump tells other numbers. */
  readonly requireCounts: Completeness['requireCounts'];
}

/** Tokens that tell what a statement is, and what it changes. */
const TELLING = 60;

/**
 * A plain SQL dump, made by Cofre, mysqldump, mariadb-dump, phpMyAdmin or by hand, as what is to be run in one
 * database. `warn` gets each thing that is passed over, once.
 * @throws {CofreError} from the iterations: `RESTORE_REFUSED` for what cannot be restored, `BACKUP_DAMAGED` for what is
 * cut or empty
 */
export function scriptReader(warn: (warning: string) => void): ScriptReader {
  const whole = completeness();
  const toRun = policy(onceEach(warn));
  const splitter = new Splitter();
  const beginning = plainBeginning();
  function* runnable(items: Iterable<SqlItem>): Generator<Statement> {
    for (const item of items) {
      whole.take(item);
      const statement = toRun(item);
      if (statement) yield statement;
    }
  }
  function* rest(): Generator<Statement> {
    const held = beginning.end();
    if (held) yield* runnable(splitter.push(held));
  }
  return {
    *push(chunk) {
      const ready = beginning.push(chunk);
      if (ready) yield* runnable(splitter.push(ready));
    },
    *rest() {
      yield* rest();
      splitter.requireBetween();
    },
    *end() {
      yield* rest();
      yield* runnable(splitter.end());
      whole.end();
    },
    requireCounts: whole.requireCounts,
  };
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
function plainBeginning() {
  let head: Buffer | undefined = Buffer.alloc(0);
  const release = (held: Buffer) => {
    head = undefined;
    requirePlainSql(held.subarray(0, HEAD));
    return held.subarray(0, 3).equals(BOM) ? held.subarray(3) : held;
  };
  return {
    push: (chunk: Uint8Array): Uint8Array | undefined => {
      if (!head) return chunk;
      head = Buffer.concat([head, chunk]);
      return head.length < HEAD ? undefined : release(head);
    },
    end: (): Uint8Array | undefined => (head ? release(head) : undefined),
  };
}
