import type { Counts } from '../../sql/load/counts.ts';
import type { Copy, Statement } from '../script/items.ts';
import type { PgSession } from '../wire/connect.ts';
import { type CopyIn, copyIn } from '../wire/copy-in.ts';
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
  let open: { readonly table: string; readonly statement: Statement; readonly into: CopyIn } | undefined;

  async function settle(): Promise<void> {
    if (!open) return;
    const { table, statement, into } = open;
    open = undefined;
    counts.add(table, await failing(statement, () => into.finish()));
  }

  return {
    settle,
    begin: async ({ table, statement }, sql) => {
      if (open?.statement.bytes.equals(statement.bytes)) return;
      await settle();
      // Its bytes belong to the splitter.
      const own = statement.keep();
      const text = await sql();
      open = { table, statement: own, into: await failing(own, () => copyIn(session, text)) };
    },
    write: (bytes) => failing(open!.statement, () => open!.into.write(bytes)),
  };
}

async function failing<T>(statement: Statement, work: () => Promise<T>): Promise<T> {
  try {
    return await work();
  } catch (error) {
    throw failedStatement(error, statement);
  }
}
