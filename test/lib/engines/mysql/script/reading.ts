import type { SqlItem } from '../../../../../lib/engines/mysql/script/items.ts';
import { scriptReader } from '../../../../../lib/engines/mysql/script/script.ts';
import { Splitter } from '../../../../../lib/engines/mysql/script/splitter.ts';

/** An item as plain data. */
export type Seen = { readonly kind: string; readonly text: string; readonly line: number };

/** The items of a text given in `chunks`, each of which is overwritten once it was taken. */
export function split(chunks: readonly Uint8Array[]): Seen[] {
  const splitter = new Splitter();
  const seen: Seen[] = [];
  for (const chunk of chunks) {
    const given = Uint8Array.from(chunk);
    for (const item of splitter.push(given)) seen.push(seenOf(item));
    given.fill(0x27);
  }
  for (const item of splitter.end()) seen.push(seenOf(item));
  return seen;
}

function seenOf(item: SqlItem): Seen {
  const text = item.kind === 'statement' ? item.bytes.toString() : item.text;
  return { kind: item.kind, text, line: item.line };
}

export function statementsOf(sql: string | Uint8Array): string[] {
  const items = split([Buffer.from(sql as string)]);
  return items.flatMap(({ kind, text }) => (kind === 'statement' ? [text] : []));
}

/** What a load would run of `file`, and the warnings. */
export async function script(file: string | Uint8Array): Promise<{ run: string[]; warnings: string[] }> {
  const run: string[] = [];
  const warnings: string[] = [];
  const reader = scriptReader((it) => warnings.push(it));
  for (const { bytes } of reader.push(Buffer.from(file as string))) run.push(bytes.toString());
  for (const { bytes } of reader.end()) run.push(bytes.toString());
  return { run, warnings };
}
