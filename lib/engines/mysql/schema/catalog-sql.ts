import type { Flavor } from '../connection/server-facts.ts';

/** Every name is a text of the connection's character set, whatever the server keeps. */

export const TABLES_SQL = `
  SELECT TABLE_NAME AS name, TABLE_TYPE AS kind, ENGINE AS engine, TABLE_ROWS AS \`rows\`, DATA_LENGTH AS bytes,
    TABLE_COMMENT AS comment
  FROM information_schema.TABLES
  WHERE TABLE_SCHEMA = DATABASE() AND TABLE_TYPE IN ('BASE TABLE', 'SYSTEM VERSIONED', 'SEQUENCE')
  ORDER BY TABLE_NAME`;

export const COLUMNS_SQL = `
  SELECT TABLE_NAME AS \`table\`, COLUMN_NAME AS name, DATA_TYPE AS type, COLUMN_TYPE AS \`full\`, CHARACTER_SET_NAME AS charset, EXTRA AS extra,
    COLUMN_KEY AS role, GENERATION_EXPRESSION AS expression
  FROM information_schema.COLUMNS WHERE TABLE_SCHEMA = DATABASE() ORDER BY TABLE_NAME, ORDINAL_POSITION`;

export const KEYS_SQL = `
  SELECT TABLE_NAME AS \`table\`, INDEX_NAME AS \`index\`, COLUMN_NAME AS \`column\`, SUB_PART AS prefix, COLLATION AS \`order\`
  FROM information_schema.STATISTICS WHERE TABLE_SCHEMA = DATABASE() AND NON_UNIQUE = 0
  ORDER BY TABLE_NAME, INDEX_NAME, SEQ_IN_INDEX`;

export const PARTITIONS_SQL = `
  SELECT TABLE_NAME AS \`table\`, COALESCE(SUBPARTITION_NAME, PARTITION_NAME) AS name
  FROM information_schema.PARTITIONS WHERE TABLE_SCHEMA = DATABASE() AND PARTITION_NAME IS NOT NULL
  ORDER BY TABLE_NAME, PARTITION_ORDINAL_POSITION, SUBPARTITION_ORDINAL_POSITION`;

/**
 * When each table was made. MariaDB tells of the file of an InnoDB table when it was last changed, which says nothing:
 * there, names alone have to do.
 */
export function tableTimesSql(flavor: Flavor): string {
  const created = flavor === 'mysql' ? "COALESCE(CAST(CREATE_TIME AS CHAR), '')" : "''";
  return `
    SELECT TABLE_NAME AS name, ${created} AS created FROM information_schema.TABLES
    WHERE TABLE_SCHEMA = DATABASE() AND TABLE_TYPE IN ('BASE TABLE', 'SYSTEM VERSIONED') ORDER BY TABLE_NAME`;
}
