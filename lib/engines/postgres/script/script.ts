import { completeness } from './completeness.ts';
import { HEAD, requirePlainSql } from './foreign.ts';
import type { Copy, CopyEnd, Rows, SqlItem, Statement } from './items.ts';
import { policy } from './policy.ts';
import { Splitter } from './splitter.ts';

/** What a load runs, in this order; after each `copy` come its `rows`, none or many, and one `copy-end`. */
export type ScriptItem = Statement | Copy | Rows | CopyEnd;

/**
 * A plain SQL dump, made by Cofre, pg_dump or by hand, as what is to be run in one transaction. `warn` gets each thing
 * that is passed over, once. It ends normally only when the dump is whole.
 * @throws {CofreError} `RESTORE_REFUSED` for what cannot be restored, `BACKUP_DAMAGED` for what is cut or empty; what
 * `chunks` throws is rethrown as it is.
 */
export async function* readScript(
  chunks: AsyncIterable<Uint8Array>,
  warn: (warning: string) => void,
): AsyncGenerator<ScriptItem> {
  const said = new Set<string>();
  const rules = policy((warning) => {
    if (!said.has(warning)) warn(warning);
    said.add(warning);
  });
  const whole = completeness();
  const splitter = new Splitter();
  const toRun = (item: SqlItem): item is ScriptItem => {
    whole.take(item);
    return rules.allows(item);
  };
  for await (const chunk of requiringPlainSql(chunks)) {
    for (const item of splitter.push(chunk)) if (toRun(item)) yield item;
  }
  for (const item of splitter.end()) if (toRun(item)) yield item;
  rules.end();
  whole.end();
}

const BOM = Buffer.from([0xef, 0xbb, 0xbf]);

/** Holds the beginning back until it is known to be plain SQL; a byte order mark is left out, as by psql. */
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
