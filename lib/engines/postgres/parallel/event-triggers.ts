import type { Statement } from '../script/items.ts';
import type { ScriptItem } from '../script/script.ts';

const EVENT_TRIGGER = /^(?:CREATE|ALTER|COMMENT ON|SECURITY LABEL FOR \S+ ON) EVENT TRIGGER\b/i;

/** The same items, but event triggers last: pg_dump has queries of materialized views after them, which they fire at. */
export async function* eventTriggersLast(
  items: AsyncIterable<ScriptItem> | Iterable<ScriptItem>,
): AsyncGenerator<ScriptItem> {
  const last: Statement[] = [];
  for await (const item of items) {
    if (item.kind === 'statement' && EVENT_TRIGGER.test(item.bytes.toString('latin1', 0, 200))) {
      last.push(item.keep());
    } else yield item;
  }
  yield* last;
}
