import type { ContentObject } from '../../content/content.ts';
import type { Statement } from '../script/items.ts';
import { tokensOf } from '../script/tokens.ts';

/** Triggers of one table and event run in an order, which is that of the dump: their texts do not say it. */
export function triggerOrders() {
  const orders = new Map<string, string[]>();
  return {
    take: (name: string, { head }: Statement): void => {
      const event = eventOf(head);
      orders.set(event, [...(orders.get(event) ?? []), name]);
    },
    *objects(): Generator<ContentObject> {
      for (const [name, triggers] of orders) {
        if (triggers.length > 1) yield { kind: 'TRIGGER ORDER', name, text: triggers.join(', ') };
      }
    },
  };
}

/** `orders BEFORE INSERT` */
function eventOf(head: string): string {
  const tokens = tokensOf(head, 100);
  const from = tokens.findIndex(({ kind, text }) => kind === 'word' && /^(?:BEFORE|AFTER)$/.test(text));
  const on = tokens.findIndex(({ kind, text }, n) => n > from && kind === 'word' && text === 'ON');
  const table = tokens[on + 1];
  const words = tokens.slice(from, on).map(({ text }) => text);
  const name =
    table &&
    head
      .slice(table.from, table.to)
      .replace(/^`(.*)`$/s, '$1')
      .replaceAll('``', '`');
  return `${Buffer.from(name ?? '', 'latin1')} ${words.join(' ')}`;
}
