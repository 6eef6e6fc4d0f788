import type { EngineContext, Expected } from '../../engine.ts';
import { type Counts, counts } from '../../sql/load/counts.ts';
import { copyBlocks } from '../load/copy-blocks.ts';
import type { DdlFilter } from '../load/ddl-filter.ts';
import { runner } from '../load/run-statements.ts';
import type { Script } from '../load/script.ts';
import type { Copy, Statement } from '../script/items.ts';
import type { PgSession } from '../wire/connect.ts';
import { freezable } from './freeze.ts';

/** Runs a whole dump in the session's transaction. @throws {CofreError} `BACKUP_DAMAGED`; else what the server says */
export async function execute(
  session: PgSession,
  { head, rest }: Pick<Script, 'head' | 'rest'>,
  filter: DdlFilter,
  onTable: (table: string) => void,
): Promise<Counts> {
  const found = counts();
  const statements = runner(session);
  const blocks = copyBlocks(session, found);
  let frozen: ReadonlySet<string> | undefined;
  const run = async (statement: Statement) => {
    const filtered = filter.apply(statement);
    if (!filtered) return;
    await blocks.settle();
    await statements.run(filtered);
  };
  for (const statement of head) await run(statement);
  for await (const item of rest) {
    if (item.kind === 'statement') await run(item);
    else if (item.kind === 'copy') {
      await statements.flush();
      onTable(item.table);
      await blocks.begin(item, async () => {
        frozen ??= await freezable(session);
        return copySql(item, frozen);
      });
    } else if (item.kind === 'rows') await blocks.write(item.bytes);
  }
  await blocks.settle();
  await statements.flush();
  return found;
}

/** Rows of a table made in this transaction need no VACUUM later when they go in frozen (manual, COPY, FREEZE). */
function copySql({ table, statement }: Copy, frozen: ReadonlySet<string>): Uint8Array {
  if (!frozen.has(table)) return statement.bytes;
  const text = statement.bytes.toString('latin1');
  return Buffer.from(text.replace(/;\s*$/, ' WITH (FREEZE);'), 'latin1');
}

/** Tells of bytes and rows as they come; a reader of progress wants to see them grow. */
export function progress({ report }: EngineContext, expected: Expected | undefined) {
  let table: string | undefined;
  return {
    onTable: (name: string) => {
      table = name;
    },
    onBytes: (bytes: number) =>
      report({
        phase: 'load',
        bytes,
        ...(table === undefined ? {} : { table }),
        ...(expected ? { totalBytes: expected.rawSize } : {}),
      }),
  };
}
