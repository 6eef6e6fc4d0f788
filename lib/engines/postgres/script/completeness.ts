import { cutShort, damaged } from '../../sql/script/refusals.ts';
import type { SqlItem } from './items.ts';

/** The first words of every file that pg_dump writes. */
export const HEADER = 'PostgreSQL database dump';
const FOOTER = 'PostgreSQL database dump complete';
/** The last line but one of Cofre's own dumps, so that a missing frame is noticed without a manifest. */
const TRAILER = /^Cofre: (\d+) tables?, (\d+) rows?$/;

/** Whether a dump has all that its own comments promise. */
export interface Completeness {
  take(item: SqlItem): void;
  /** @throws {CofreError} `BACKUP_DAMAGED` */
  end(): void;
}

export function completeness(): Completeness {
  const tables = new Set<string>();
  let [items, rows, isOpen] = [0, 0, false];
  let promised: { readonly tables: number; readonly rows: number } | undefined;

  function takeComment(text: string): void {
    if (text === HEADER) isOpen = true;
    else if (text === FOOTER) isOpen = false;
    const [, ofTables, ofRows] = TRAILER.exec(text) ?? [];
    if (ofTables !== undefined) promised = { tables: Number(ofTables), rows: Number(ofRows) };
  }

  return {
    take: (item) => {
      if (item.kind === 'comment') return takeComment(item.text);
      items += 1;
      if (item.kind === 'copy') tables.add(item.table);
      else if (item.kind === 'copy-end') rows += item.rows;
    },
    end: () => {
      if (items === 0) throw damaged('is empty');
      if (isOpen) throw cutShort(`it has no line "-- ${FOOTER}" at its end`);
      if (!promised || (promised.tables === tables.size && promised.rows === rows)) return;
      throw damaged(
        `has ${tables.size} tables and ${rows} rows instead of ${promised.tables} and ${promised.rows}`,
      );
    },
  };
}
