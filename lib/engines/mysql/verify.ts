import type { EngineContext, LoadInput, LoadResult, RawFrame } from '../engine.ts';
import { counts, requireExpected, resultOf } from '../sql/load/counts.ts';
import { damaged } from '../sql/script/refusals.ts';
import { untilAborted } from '../until-aborted.ts';
import { batchOfFrame, isOfRows, type RowFrame } from './load/batch.ts';
import { countRows, insertOf } from './script/insert.ts';
import { Statement } from './script/items.ts';
import { scriptReader } from './script/script.ts';
import { targetOf } from './script/target.ts';
import { tokensOf } from './script/tokens.ts';

/**
 * Reads a whole dump without a server: it is complete, each row has a value for each column, and rows and size are as
 * expected. What the statements mean is not checked.
 * @throws {CofreError} `BACKUP_DAMAGED`, `RESTORE_REFUSED`; the signal's reason; what the source of frames throws.
 */
export async function verify(input: LoadInput, context: EngineContext): Promise<LoadResult> {
  const { expected } = input;
  const warnings: string[] = [];
  const reader = scriptReader((warning) => void warnings.push(warning));
  const found = counts();
  let bytes = 0;
  for await (const frame of untilAborted<RawFrame>(input.frames, context.signal)) {
    bytes += frame.bytes.length;
    if (isOfRows(frame)) {
      for (const statement of reader.rest()) take(statement);
      takeRows(frame);
    } else {
      for (const statement of reader.push(frame.bytes)) take(statement);
    }
    frame.release?.();
    context.report({ phase: 'check', bytes, ...(expected && { totalBytes: expected.rawSize }) });
    context.signal.throwIfAborted();
  }
  for (const statement of reader.end()) take(statement);
  reader.requireCounts(found.tables.length, found.rows);
  requireExpected(found, bytes, expected);
  return resultOf(found, warnings);

  function take(statement: Statement): void {
    const insert = insertOf(statement);
    if (insert) found.add(insert.table, countRows(statement, insert));
    else {
      const table = createdTable(statement);
      if (table !== undefined) found.add(table, 0);
    }
  }

  function takeRows(frame: RowFrame): void {
    let rows = 0;
    const { table, statements } = batchOfFrame(frame);
    for (const text of statements) {
      const statement = new Statement(text, 0);
      const insert = insertOf(statement);
      if (!insert) throw damaged(`has something else in a frame with rows of ${table}`);
      rows += countRows(statement, insert);
    }
    if (rows !== frame.rows)
      throw damaged(`has ${rows} rows of ${table} in a frame instead of ${frame.rows}`);
    found.add(table, rows);
  }
}

const CREATE_TABLE = /^CREATE\s+(?:OR\s+REPLACE\s+)?TABLE\b/i;
/** Enough tokens for the name. */
const TELLING = 12;

function createdTable({ head }: Statement): string | undefined {
  if (!CREATE_TABLE.test(head)) return undefined;
  const target = targetOf(tokensOf(head, TELLING), head);
  return target && Buffer.from(target.name, 'latin1').toString();
}
