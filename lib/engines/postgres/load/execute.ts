import type { EngineContext, Expected } from '../../engine.ts';
import { type Counts, counts } from '../../sql-load/counts.ts';
import type { PgSession } from '../connection/connect.ts';
import type { Copy } from '../sql/items.ts';
import { type CopyIn, copyIn } from './copy-in.ts';
import { failedStatement } from './damage.ts';
import type { DdlFilter } from './ddl-filter.ts';
import { freezable } from './freeze.ts';
import { runner } from './run-statements.ts';
import type { Script } from './script.ts';

/** Runs a whole dump in the session's transaction. @throws {CofreError} `BACKUP_DAMAGED`; else what the server says */
export async function execute(
  session: PgSession,
  { head, rest }: Pick<Script, 'head' | 'rest'>,
  filter: DdlFilter,
  onTable: (table: string) => void,
): Promise<Counts> {
  const found = counts();
  const statements = runner(session);
  for (const statement of head) {
    const filtered = filter.apply(statement);
    if (filtered) await statements.run(filtered);
  }
  let frozen: ReadonlySet<string> | undefined;
  let copy: { readonly of: Copy; readonly into: CopyIn } | undefined;
  for await (const item of rest) {
    if (item.kind === 'statement') {
      const filtered = filter.apply(item);
      if (filtered) await statements.run(filtered);
    } else if (item.kind === 'copy') {
      await statements.flush();
      frozen ??= await freezable(session);
      onTable(item.table);
      copy = { of: item, into: await failing(item, () => copyIn(session, copySql(item, frozen!))) };
    } else if (item.kind === 'rows') {
      await failing(copy!.of, () => copy!.into.write(item.bytes));
    } else {
      found.add(copy!.of.table, await failing(copy!.of, () => copy!.into.finish()));
    }
  }
  await statements.flush();
  return found;
}

/** Rows of a table made in this transaction need no VACUUM later when they go in frozen (manual, COPY, FREEZE). */
function copySql({ table, statement }: Copy, frozen: ReadonlySet<string>): Uint8Array {
  if (!frozen.has(table)) return statement.bytes;
  const text = statement.bytes.toString('latin1');
  return Buffer.from(text.replace(/;\s*$/, ' WITH (FREEZE);'), 'latin1');
}

async function failing<T>({ statement }: Copy, work: () => Promise<T>): Promise<T> {
  try {
    return await work();
  } catch (error) {
    throw failedStatement(error, statement);
  }
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
