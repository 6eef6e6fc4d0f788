import { isUtf8 } from 'node:buffer';
import type { EngineContext, Expected, LoadInput, LoadResult, TableCount } from '../engine.ts';
import { damaged } from '../sql/script/refusals.ts';
import { untilAborted } from '../until-aborted.ts';
import type { Copy, Rows, Statement } from './script/items.ts';
import { RowCheck } from './script/row-check.ts';
import { readScript, type ScriptItem } from './script/script.ts';

/**
 * Reads a whole dump without a server: it is complete, each row has its columns, text is UTF-8 where it has to be, and
 * rows and size are as expected. What the statements mean is not checked.
 * @throws {CofreError} `BACKUP_DAMAGED`, `RESTORE_REFUSED`; the signal's reason; what the source of frames throws.
 */
export async function verify(input: LoadInput, context: EngineContext): Promise<LoadResult> {
  const read = { bytes: 0 };
  const warnings: string[] = [];
  const counts = rowCounts();
  const chunks = bytesOf(input, context, read);
  for await (const item of readScript(chunks, (warning) => warnings.push(warning))) counts.take(item);
  const tables = counts.tables();
  if (input.expected) requireExpected(input.expected, tables, read.bytes);
  return { tables, rows: tables.reduce((sum, { rows }) => sum + rows, 0), warnings };
}

async function* bytesOf(
  { frames, expected }: LoadInput,
  { signal, report }: EngineContext,
  read: { bytes: number },
): AsyncGenerator<Uint8Array> {
  for await (const { bytes, release } of untilAborted(frames, signal)) {
    read.bytes += bytes.length;
    yield bytes;
    release?.();
    report({ phase: 'check', bytes: read.bytes, ...(expected && { totalBytes: expected.rawSize }) });
    signal.throwIfAborted();
  }
}

/** Counts the rows of each table while it checks them; a table may have many blocks. */
function rowCounts() {
  const counts = new Map<string, number>();
  const add = (table: string, rows: number) => void counts.set(table, (counts.get(table) ?? 0) + rows);
  let block = NONE;
  return {
    take: (item: ScriptItem): void => {
      if (item.kind === 'statement') requireText(item);
      else if (item.kind === 'copy') block = blockOf(item, add);
      else if (item.kind === 'rows') block.take(item);
      else block.end();
    },
    tables: (): TableCount[] =>
      [...counts].map(([name, rows]) => ({ name, rows })).toSorted((a, b) => (a.name < b.name ? -1 : 1)),
  };
}

/** The rows of one COPY. */
interface Block {
  take(rows: Rows): void;
  end(): void;
}

function blockOf(copy: Copy, add: (table: string, rows: number) => void): Block {
  const check = new RowCheck(copy);
  return { take: (rows) => check.take(rows), end: () => add(copy.table, check.rows) };
}

/** Before the first COPY. */
const NONE: Block = { take: outside, end: outside };

function outside(): never {
  throw new Error('Rows came outside of a COPY.');
}

function requireText({ bytes, encoding, line }: Statement): void {
  if (encoding !== 'UTF8' || isUtf8(bytes)) return;
  throw damaged(`has text that is not valid UTF-8 in the statement of line ${line}`);
}

/** @throws {CofreError} `BACKUP_DAMAGED` when size or rows are not what the manifest says, either way. */
export function requireExpected(expected: Expected, tables: readonly TableCount[], size: number): void {
  if (size !== expected.rawSize) throw damaged(`has ${size} bytes instead of ${expected.rawSize}`);
  const found = new Map(tables.map(({ name, rows }) => [name, rows]));
  const known = new Map(expected.tables.map(({ name, rows }) => [name, rows]));
  for (const name of new Set([...known.keys(), ...found.keys()])) {
    const [is, should] = [found.get(name) ?? 'no', known.get(name) ?? 'no'];
    if (is !== should) throw damaged(`has ${is} rows of ${name} instead of ${should}`);
  }
}
