import { cutShort, damaged } from '../../sql/script/refusals.ts';
import type { SqlItem, Statement } from './items.ts';

/** The first words of every dump that Cofre writes. */
const OURS = /^Cofre dump of a \w+ /;
/** The last line of Cofre's own dumps, so that a missing frame is noticed without a manifest. */
const TRAILER = /^Cofre: (\d+) tables?, (\d+) rows?$/;

/** Tools that write the same last line whenever they write the first. */
const TOOL = /^(?:MySQL|MariaDB) dump \d/;
const COMPLETED = /^Dump completed\b/;

/** It has no last line, but ends its transaction, or puts back the character set, and mostly both. */
const PHPMYADMIN = /^phpMyAdmin SQL Dump$/;
const ITS_END = /^(?:COMMIT\b|\/\*!40101 SET CHARACTER_SET_CLIENT=@OLD_)/;

/** Tools keep these at the head, among others, to put all back at the very end: a file that does so with none is cut. */
const KEEPS = /SET\s+@OLD_(?:FOREIGN_KEY_CHECKS|SQL_NOTES)\s*=\s*@@/i;
const PUTS_BACK = /=\s*(?:IFNULL\()?@OLD_\w+/i;

/** Whether a dump has all that it promises. */
export interface Completeness {
  take(item: SqlItem): void;
  /** The text has ended. @throws {CofreError} `BACKUP_DAMAGED` */
  end(): void;
  /** All was counted. @throws {CofreError} `BACKUP_DAMAGED` when the dump says that it has others. */
  requireCounts(tables: number, rows: number): void;
}

export function completeness(): Completeness {
  let [statements, ours] = [0, false];
  let [keeps, putsBack] = [false, false];
  /** What is still to come: the tool's last line, or its last statements. */
  let [awaitsLine, awaitsEnd] = [false, false];
  let promised: { readonly tables: number; readonly rows: number } | undefined;

  function takeComment(text: string): void {
    if (OURS.test(text)) ours = true;
    else if (TOOL.test(text)) awaitsLine = true;
    else if (PHPMYADMIN.test(text)) awaitsEnd = true;
    else if (COMPLETED.test(text)) awaitsLine = false;
    const [, ofTables, ofRows] = TRAILER.exec(text) ?? [];
    if (ofTables !== undefined) promised = { tables: Number(ofTables), rows: Number(ofRows) };
  }

  function takeStatement({ bytes, head }: Statement): void {
    statements += 1;
    if (ITS_END.test(head)) awaitsEnd = false;
    if (bytes.length > 1_000 || !head.startsWith('/*!')) return;
    keeps ||= KEEPS.test(head);
    putsBack ||= PUTS_BACK.test(head);
  }

  return {
    take: (item) => (item.kind === 'comment' ? takeComment(item.text) : takeStatement(item)),
    end: () => {
      if (statements === 0) throw damaged('is empty');
      if (awaitsLine) throw cutShort('it has no line "-- Dump completed" at its end');
      if (awaitsEnd) throw cutShort('it has no COMMIT at its end');
      if (keeps && !putsBack) throw cutShort('it does not put back the settings that it begins with');
      if (ours && !promised) throw cutShort('it has no line "-- Cofre: …" at its end');
    },
    requireCounts: (tables, rows) => {
      if (!promised || (promised.tables === tables && promised.rows === rows)) return;
      throw damaged(
        `has ${tables} tables and ${rows} rows instead of ${promised.tables} and ${promised.rows}`,
      );
    },
  };
}
