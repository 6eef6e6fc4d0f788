import type { Counts } from '../../sql/load/counts.ts';
import type { Copy, Statement } from '../script/items.ts';
import type { PgSession } from '../wire/connect.ts';
import { copyIn } from '../wire/copy-in.ts';
import { failedStatement } from './damage.ts';

/** Brings blocks of rows in, one after the other. */
export interface CopyBlocks {
  /** @param sql of the COPY, when the server does not have it yet */
  begin(copy: Pick<Copy, 'table' | 'statement'>, sql: () => Promise<Uint8Array>): Promise<void>;
  write(bytes: Uint8Array): Promise<void>;
  /** All rows are in. */
  settle(): Promise<void>;
}

/**
 * Blocks of one table that follow each other go in by one COPY. A dump of Cofre has a block for each frame; to end a
 * COPY and begin the next one would leave the server without work for a tenth of the time.
 * @throws {CofreError} `BACKUP_DAMAGED` for rows that the server does not take; else what it says
 */
export function copyBlocks(session: PgSession, counts: Counts): CopyBlocks {
  let open = NONE;

  async function settle(): Promise<void> {
    const last = open;
    open = NONE;
    await last.finish();
  }

  return {
    settle,
    begin: async ({ table, statement }, sql) => {
      if (open.continues(statement)) return;
      await settle();
      // Its bytes belong to the splitter.
      const own = statement.keep();
      open = await openCopy(session, counts, { table, statement: own }, await sql());
    },
    write: (bytes) => open.write(bytes),
  };
}

/** A COPY that takes rows. */
interface OpenCopy {
  /** Whether the rows of `statement` may go into it. */
  continues(statement: Statement): boolean;
  write(bytes: Uint8Array): Promise<void>;
  finish(): Promise<void>;
}

async function openCopy(
  session: PgSession,
  counts: Counts,
  { table, statement }: Pick<Copy, 'table' | 'statement'>,
  sql: Uint8Array,
): Promise<OpenCopy> {
  const into = await failing(statement, () => copyIn(session, sql));
  return {
    continues: (next) => next.bytes.equals(statement.bytes),
    write: (bytes) => failing(statement, () => into.write(bytes)),
    finish: async () => counts.add(table, await failing(statement, () => into.finish())),
  };
}

/** Before the first COPY, and when all rows are in. */
const NONE: OpenCopy = {
  continues: () => false,
  write: async () => {
    throw new Error('Rows came outside of a COPY.');
  },
  finish: async () => {},
};

async function failing<T>(statement: Statement, work: () => Promise<T>): Promise<T> {
  try {
    return await work();
  } catch (error) {
    throw failedStatement(error, statement);
  }
}
