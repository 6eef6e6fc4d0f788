import { quoteLiteral } from '../connection/identifiers.ts';
import type { RawRow } from './show-create.ts';

/** What a routine, trigger or event needs of the session that makes it; `SHOW CREATE` tells it with the text. */
export interface Surroundings {
  readonly sqlMode: string;
  readonly client: string;
  readonly connection: string;
  /** Default collation of the database when it was made; parameters without one of their own have it. */
  readonly database: string | undefined;
  /** Of events. */
  readonly timeZone: string | undefined;
}

export function surroundingsOf(row: RawRow): Surroundings {
  return {
    sqlMode: row['sql_mode'] ?? '',
    client: row['character_set_client'] ?? 'utf8mb4',
    connection: row['collation_connection'] ?? 'utf8mb4_general_ci',
    database: row['database collation'] ?? undefined,
    timeZone: row['time_zone'] ?? undefined,
  };
}

/**
 * The statements that make it again, as a text in Latin-1 like `sql`. `collation` is the schema's own.
 */
export function storedProgram(
  title: string,
  sql: string,
  { sqlMode, client, connection, database, timeZone }: Surroundings,
  collation: string,
): string {
  const settings = [
    `sql_mode = ${quoteLiteral(sqlMode)}`,
    `character_set_client = ${client}`,
    `collation_connection = ${connection}`,
    ...(timeZone === undefined ? [] : [`time_zone = ${quoteLiteral(timeZone)}`]),
  ];
  const foreign = database !== undefined && database !== collation;
  const [before, after] = foreign
    ? [`ALTER DATABASE COLLATE ${database};\n`, `ALTER DATABASE COLLATE ${collation};\n`]
    : ['', ''];
  return `-- ${title}\n${before}SET ${settings.join(', ')};\nDELIMITER ;;\n${sql}\n;;\nDELIMITER ;\n${after}\n`;
}

/** A name for a comment: it must stay on its line. */
export function inComment(name: string): string {
  return name.replaceAll(/[\r\n]/g, ' ');
}
