import type { MysqlSession } from '../connection/connect.ts';
import { quoteIdent } from '../connection/identifiers.ts';
import { inComment } from './stored-program.ts';

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
    const [row] = await session.query<Record<string, string>>(`SHOW CREATE SEQUENCE ${quoted}`);
    const [value] = await session.query<Value>(
      `SELECT CAST(next_not_cached_value AS CHAR) AS next, CAST(cycle_count AS CHAR) AS cycles FROM ${quoted}`,
    );
    const sql = row!['Create Table']!;
    texts.push(
      `-- Sequence ${inComment(name)}\n${sql};\nDO SETVAL(${quoted}, ${value!.next}, 0, ${value!.cycles});\n\n`,
    );
  }
  return texts.join('');
}
