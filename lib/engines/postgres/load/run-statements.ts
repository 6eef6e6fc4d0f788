import type { Statement } from '../script/items.ts';
import type { PgSession } from '../wire/connect.ts';
import { exchange } from '../wire/exchange.ts';
import { failedStatement } from './damage.ts';

/** Statements sent together at most, and their bytes: one round trip for many small ones. */
const MOST = 200;
const BYTES = 256 * 1024;

/** What holds for a session: it may change how the server reads the next statement, and has to be done before that is sent. */
export function isSetting({ bytes }: Statement): boolean {
  return /^(?:SET|RESET|SELECT\s+pg_catalog\.set_config)\b/i.test(bytes.toString('latin1', 0, 40));
}

/** Runs statements in their order, many at a time. */
export interface Runner {
  run(statement: Statement): Promise<void>;
  /** Whatever still waits to be run. */
  flush(): Promise<void>;
}

/** @throws {CofreError} `BACKUP_DAMAGED` for a statement that is wrong in itself; else what the server says */
export function runner(session: PgSession): Runner {
  let batch: Statement[] = [];
  let size = 0;

  async function flush(): Promise<void> {
    const [statements, bytes] = [batch, Buffer.concat(batch.flatMap(({ bytes }) => [bytes, NEWLINE]))];
    [batch, size] = [[], 0];
    const [first] = statements;
    if (first) await runAll(session, first, statements, bytes);
  }

  return {
    run: async (statement) => {
      size += statement.bytes.length;
      const isFull = size >= BYTES || batch.length + 1 >= MOST;
      const isLast = isFull || isSetting(statement);
      // What waits is copied: its bytes belong to the splitter.
      batch.push(isLast ? statement : statement.keep());
      if (isLast) await flush();
    },
    flush,
  };
}

const NEWLINE = Buffer.from('\n');

async function runAll(
  { client, lost }: PgSession,
  first: Statement,
  statements: readonly Statement[],
  sql: Buffer,
): Promise<void> {
  const { tags, done } = exchange(client, sql);
  try {
    await Promise.race([done, lost]);
  } catch (error) {
    // Each statement that is done has sent its tag; should the text of one not even be SQL, none was run.
    throw failedStatement(error, statements[tags.length] ?? first);
  }
}
