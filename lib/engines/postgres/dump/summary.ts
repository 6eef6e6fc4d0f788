import type { DumpSummary, TableCount } from '../../engine.ts';
import { endOfDump } from '../pg-dump/end.ts';
import type { Ddl } from '../pg-dump/write-ddl.ts';
import { printedName } from '../schema/names.ts';
import { noteOfPartitioned } from '../schema/partitioned.ts';
import type { Source } from './source.ts';

export function summarize({ facts, catalog }: Source, ddl: Ddl, tables: readonly TableCount[]): DumpSummary {
  const { serverVersionNum, encoding, collate, ctype, databaseSettings } = facts;
  return {
    tables,
    warnings: [...ddl.warnings, ...missingRows(catalog)],
    details: {
      serverVersionNum,
      encoding,
      collate,
      ctype,
      databaseSettings,
      ...noteOfPartitioned(catalog.partitioned.map(({ schema, name }) => printedName(schema, name))),
    },
  };
}

function missingRows({ foreign, skippedUnlogged }: Source['catalog']): string[] {
  return [
    ...about(foreign, 'Rows of foreign tables are on their own servers and not in this backup'),
    ...about(
      skippedUnlogged,
      'Rows of unlogged tables cannot be read on a standby and are not in this backup',
    ),
  ];
}

function about(tables: Source['catalog']['foreign'], what: string): string[] {
  if (tables.length === 0) return [];
  const names = tables.slice(0, 5).map(({ schema, name }) => printedName(schema, name));
  const more = tables.length > 5 ? ` and ${tables.length - 5} more` : '';
  return [`${what}: ${names.join(', ')}${more}.`];
}

/** The structure that comes first, with the large objects, which the data fill. */
export function firstPart({ catalog }: Source, ddl: Ddl): Uint8Array {
  const { preData } = catalog.largeObjects;
  return preData === '' ? ddl.preData : Buffer.concat([ddl.preData, Buffer.from(preData)]);
}

/**
 * The structure that comes last. The counts in it let a file that was cut short, or lacks a frame, be told without its
 * manifest.
 */
export function lastPart(
  { catalog, restrictKey }: Source,
  ddl: Ddl,
  tables: readonly TableCount[],
): Uint8Array {
  const rows = tables.reduce((sum, table) => sum + table.rows, 0);
  const counts = `-- Cofre: ${tables.length} tables, ${rows} rows\n\n`;
  const end = `${catalog.largeObjects.postData}${counts}${endOfDump(restrictKey)}`;
  return Buffer.concat([ddl.postData, Buffer.from(end)]);
}
