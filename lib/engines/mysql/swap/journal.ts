import type { MysqlSession } from '../connection/connect.ts';
import { isServerError } from '../connection/failures.ts';
import { Statement } from '../script/items.ts';
import { qualified, type SwapNames } from './names.ts';
import type { Rename, Step, SwapPlan } from './plan.ts';

/**
 * What a swap is going to do, written down in its staging schema before the target is touched: whoever finds it can
 * finish it or undo it. `ready`: nothing was done yet. `begun`: whether the tables have changed places is seen from where
 * they are. `replaced`: rows have changed places instead, in the transaction that wrote this. `done`: only what was
 * replaced is left to be dropped.
 */
export type Phase = 'ready' | 'begun' | 'replaced' | 'done';

export interface Journal {
  readonly phase: Phase;
  readonly database: string;
  /** The database was to be made. */
  readonly creates: boolean;
  readonly renames: readonly Rename[];
  /** Triggers that the old tables have. */
  readonly oldTriggers: readonly string[];
  readonly undo: readonly Statement[];
  readonly forward: readonly Statement[];
}

/** What is kept of a plan besides its statements. */
type Head = Pick<Journal, 'database' | 'creates' | 'renames' | 'oldTriggers'> & { readonly version: 1 };

/** Where the statements of each part are, by number: both ends included; `to < from` for none. */
export interface Range {
  readonly from: number;
  readonly to: number;
}

export interface Written {
  readonly undo: Range;
  readonly forward: Range;
  /** What does not depend on the session's database; of steps that can be so. */
  readonly anywhere: Range;
}

type Part = keyof Written;

/** bytes of one INSERT. */
const CHUNK = 512 * 1024;

/** Writes all of it at once: there is a whole journal or none. */
export async function writeJournal(
  session: MysqlSession,
  names: SwapNames,
  plan: SwapPlan,
): Promise<Written> {
  const table = qualified(names.staging, names.journal);
  const { database, create, renames, oldTriggers, undo, forward } = plan;
  const head: Head = { version: 1, database, creates: create !== undefined, renames, oldTriggers };
  const rows: [part: string, statement: Buffer][] = [['ready', Buffer.from(JSON.stringify(head))]];
  const add = (part: Part, statements: readonly Statement[]): Range => {
    const from = rows.length;
    for (const { bytes } of statements) rows.push([part, bytes]);
    return { from, to: rows.length - 1 };
  };
  const written = {
    undo: add(
      'undo',
      undo.flatMap(({ statements }) => statements),
    ),
    forward: add(
      'forward',
      forward.flatMap(({ statements }) => statements),
    ),
    anywhere: add('anywhere', independent(forward)),
  };
  await session.run(
    `CREATE TABLE ${table} (seq INT PRIMARY KEY, part VARCHAR(10) NOT NULL, statement LONGBLOB NOT NULL) ENGINE = InnoDB`,
  );
  await insertAll(session, table, rows);
  return written;
}

function independent(forward: readonly Step[]): Statement[] {
  return forward.flatMap(({ anywhere }) => anywhere ?? []);
}

/** The head is the last to come in, in the same transaction. */
async function insertAll(
  session: MysqlSession,
  table: string,
  rows: readonly (readonly [part: string, statement: Buffer])[],
): Promise<void> {
  await session.run('START TRANSACTION');
  let [values, size]: [string[], number] = [[], 0];
  const flush = async () => {
    if (values.length > 0) await session.run(`INSERT INTO ${table} VALUES ${values.join(', ')}`);
    [values, size] = [[], 0];
  };
  for (const [seq, [part, statement]] of rows.entries()) {
    values.push(`(${seq}, '${part}', x'${statement.toString('hex')}')`);
    size += statement.length;
    if (size > CHUNK) await flush();
  }
  await flush();
  await session.run('COMMIT');
}

export async function setPhase(session: MysqlSession, names: SwapNames, phase: Phase): Promise<void> {
  await session.run(`UPDATE ${qualified(names.staging, names.journal)} SET part = '${phase}' WHERE seq = 0`);
}

/** ER_NO_SUCH_TABLE, ER_BAD_DB_ERROR */
const NONE = [1049, 1146];

/** `undefined` when no swap was ready to begin. */
export async function readJournal(session: MysqlSession, names: SwapNames): Promise<Journal | undefined> {
  const rows = await session
    .query<{ part: string; statement: Buffer }>(
      `SELECT part, statement FROM ${qualified(names.staging, names.journal)} ORDER BY seq`,
    )
    .catch((error) => {
      if (isServerError(error) && NONE.includes(error.errno)) return [];
      throw error;
    });
  const [first, ...others] = rows;
  if (!first) return undefined;
  const { version: _, ...head } = JSON.parse(first.statement.toString()) as Head;
  const of = (part: Part) =>
    others.filter((row) => row.part === part).map(({ statement }) => new Statement(statement, 0));
  return { ...head, phase: first.part as Phase, undo: of('undo'), forward: of('forward') };
}
