import type { SqlItem } from '../../../../../lib/engines/postgres/script/items.ts';
import { readScript } from '../../../../../lib/engines/postgres/script/script.ts';
import { Splitter } from '../../../../../lib/engines/postgres/script/splitter.ts';

export { codeOf, messageOf } from '../../codes.ts';

/** An item as plain data, rows as one text each block; parts of rows are put together as their cuts may differ. */
export type Seen = Record<string, unknown>;

/** The items of a text given in `chunks`, each of which is overwritten once it was taken. */
export function split(chunks: readonly Uint8Array[]): Seen[] {
  const splitter = new Splitter();
  const seen: Seen[] = [];
  for (const chunk of chunks) {
    const given = Uint8Array.from(chunk);
    for (const item of splitter.push(given)) add(seen, item);
    given.fill(0x27);
  }
  for (const item of splitter.end()) add(seen, item);
  return seen;
}

function add(seen: Seen[], item: SqlItem): void {
  const last = seen.at(-1);
  if (item.kind === 'statement') seen.push({ kind: item.kind, text: item.text, line: item.line });
  else if (item.kind === 'copy') {
    const { statement, ...copy } = item;
    seen.push({ ...copy, text: statement.text });
  } else if (item.kind === 'rows' && last?.['kind'] === 'rows') {
    last['text'] = `${last['text']}${item.bytes.toString('latin1')}`;
    last['rows'] = Number(last['rows']) + item.rows;
  } else if (item.kind === 'rows')
    seen.push({ kind: 'rows', text: item.bytes.toString('latin1'), rows: item.rows });
  else seen.push({ ...item });
}

export function statementsOf(sql: string): string[] {
  return split([Buffer.from(sql)]).flatMap(({ kind, text }) => (kind === 'statement' ? [String(text)] : []));
}

/** What a load would run of `file`, and the warnings. */
export async function script(file: string | Uint8Array): Promise<{ run: string[]; warnings: string[] }> {
  const run: string[] = [];
  const warnings: string[] = [];
  for await (const item of readScript(once(Buffer.from(file as string)), (it) => warnings.push(it))) {
    if (item.kind === 'statement') run.push(item.text);
    else if (item.kind === 'copy') run.push(item.statement.text);
    else if (item.kind === 'rows') run.push(item.bytes.toString());
  }
  return { run, warnings };
}

export async function* once<T>(item: T): AsyncGenerator<T> {
  yield item;
}
