import type { DumpSummary, TableCount } from '../../engine.ts';
import { ELSEWHERE } from '../schema/engines.ts';
import type { Source } from './source.ts';

export function summarize(source: Source, tables: readonly TableCount[]): DumpSummary {
  const { database, snapshot, ddl } = source;
  const { flavor, version } = snapshot.keeper.server;
  const { characterSet, collation, lowerCaseTableNames, maxAllowedPacket } = database;
  return {
    tables,
    warnings: [...warningsOf(source), ...ddl.warnings],
    details: {
      flavor,
      serverVersion: version,
      characterSet,
      collation,
      lowerCaseTableNames,
      maxAllowedPacket,
      ...snapshot.position,
    },
  };
}

function warningsOf({ tables, snapshot }: Source): string[] {
  const { holder, still } = snapshot;
  const elsewhere = tables.filter(({ engine }) => ELSEWHERE.includes(engine)).map(({ name }) => name);
  const past = tables.filter(({ versioning }) => versioning && !versioning.columns).map(({ name }) => name);
  return [
    ...about(
      past,
      'Rows of these system-versioned tables that are no more are not in this backup, as they could not be restored',
    ),
    ...(holder
      ? []
      : about(
          still,
          'These tables know no transactions and could not be locked, so they may not be of the same moment as the others',
        )),
    ...about(elsewhere, 'These tables have their rows elsewhere, and only their structure is in this backup'),
  ];
}

function about(names: readonly string[], what: string): string[] {
  if (names.length === 0) return [];
  const more = names.length > 5 ? ` and ${names.length - 5} more` : '';
  return [`${what}: ${names.slice(0, 5).join(', ')}${more}.`];
}
