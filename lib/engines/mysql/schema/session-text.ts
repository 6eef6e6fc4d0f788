import type { ServerFacts } from '../connection/server-facts.ts';

/** What a session has to have for the statements of a dump; each is put back at its end. */
const SAVED = [
  'character_set_client',
  'character_set_results',
  'collation_connection',
  'time_zone',
  'sql_mode',
  'sql_notes',
  'unique_checks',
  'foreign_key_checks',
];

const saved = (name: string) => `@cofre_${name}`;

/** `sql_mode` for rows: zeros are not made into numbers, and dates that are none are kept. */
export const SQL_MODE = 'NO_AUTO_VALUE_ON_ZERO,ALLOW_INVALID_DATES';

const SETTINGS = [
  'SET NAMES utf8mb4;',
  `SET time_zone = '+00:00', sql_mode = '${SQL_MODE}', sql_notes = 0, unique_checks = 0, foreign_key_checks = 0;`,
];

/** To MySQL, `/*M!` begins a comment. */
const MARIADB_CHECKS = 'check_constraint_checks';
const HISTORY = '/*M!101100 SET system_versioning_insert_history = 1 */;';

/** First lines of a dump. `history`: it holds rows of system-versioned tables that are no more. */
export function beginOfDump(server: ServerFacts, history: boolean): string {
  const name = server.flavor === 'mysql' ? 'MySQL' : 'MariaDB';
  return [
    `-- Cofre dump of a ${name} ${server.version} database`,
    '-- Restore it into an empty database: zstd -dc FILE | mysql EMPTY_DB',
    '',
    `SET ${SAVED.map((it) => `${saved(it)} = @@${it}`).join(', ')};`,
    `/*M!100600 SET ${saved(MARIADB_CHECKS)} = @@${MARIADB_CHECKS} */;`,
    ...SETTINGS,
    `/*M!100600 SET ${MARIADB_CHECKS} = 0 */;`,
    ...(history ? [HISTORY] : []),
    '',
    '',
  ].join('\n');
}

/**
 * Last lines of a dump. The counts in it let a file that was cut short, or lacks a frame, be told without its
 * manifest.
 */
export function endOfDump(tables: number, rows: number, history: boolean): string {
  return [
    'SET NAMES utf8mb4;',
    ...(history ? ['/*M!101100 SET system_versioning_insert_history = 0 */;'] : []),
    `/*M!100600 SET ${MARIADB_CHECKS} = ${saved(MARIADB_CHECKS)} */;`,
    `SET ${SAVED.map((it) => `${it} = ${saved(it)}`).join(', ')};`,
    '',
    `-- Cofre: ${tables} tables, ${rows} rows`,
    '',
  ].join('\n');
}
