import type { MysqlSession } from '../connection/connect.ts';
import { quoteIdent } from '../connection/identifiers.ts';
import { oneRow } from '../connection/one-row.ts';
import { inComment } from './stored-program.ts';
import { createTable } from './tables.ts';

interface Value {
  readonly next: string;
  readonly cycles: string;
}

/** MariaDB's sequences. One goes on at the first value that was not handed out, or cached, when it was read. */
export async function sequenceTexts(
  session: MysqlSession,
  sequences: readonly { readonly name: string }[],
): Promise<string> {
  const texts: string[] = [];
  for (const { name } of sequences) {
    const quoted = quoteIdent(name);
    const sql = await createTable(session, `SHOW CREATE SEQUENCE ${quoted}`);
    const { next, cycles } = await oneRow<Value>(
      session,
      `SELECT CAST(next_not_cached_value AS CHAR) AS next, CAST(cycle_count AS CHAR) AS cycles FROM ${quoted}`,
    );
    texts.push(`-- Sequence ${inComment(name)}\n${sql};\nDO SETVAL(${quoted}, ${next}, 0, ${cycles});\n\n`);
  }
  return texts.join('');
}
