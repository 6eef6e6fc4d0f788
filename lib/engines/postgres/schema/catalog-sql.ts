/**
 * The rules are pg_dump's (src/bin/pg_dump/pg_dump.c): selectDumpableNamespace, selectDumpableTable,
 * processExtensionTables, makeTableDataInfo, getOwnedSeqs, getPartitioningInfo.
 */
const COMMON = `
  members AS (
    SELECT objid AS oid FROM pg_depend
    WHERE classid = 'pg_class'::regclass AND refclassid = 'pg_extension'::regclass AND deptype = 'e'),
  config AS (
    SELECT c.oid, NULLIF(c.condition, '') AS condition
    FROM pg_extension e, LATERAL ROWS FROM (unnest(e.extconfig), unnest(e.extcondition)) AS c (oid, condition)
    WHERE e.oid >= 16384 AND cardinality(e.extconfig) = cardinality(e.extcondition)),
  relations AS (
    SELECT c.*, n.nspname, cfg.oid IS NOT NULL AS configured, cfg.condition,
      n.nspname !~ '^pg_' AND n.nspname <> 'information_schema' AND m.oid IS NULL AS owned
    FROM pg_class c JOIN pg_namespace n ON n.oid = c.relnamespace
      LEFT JOIN members m ON m.oid = c.oid LEFT JOIN config cfg ON cfg.oid = c.oid)`;

/**
 * Rows of a table that is hash-partitioned by an enum go in through its root: the hash of an enum's value is that of
 * its oid, which a restore changes.
 */
const PARTITIONS = `
  moving AS (
    SELECT p.partrelid AS oid FROM pg_partitioned_table p
    WHERE (SELECT o.oid FROM pg_opclass o JOIN pg_am a ON a.oid = o.opcmethod
           WHERE o.opcname = 'enum_ops' AND o.opcnamespace = 'pg_catalog'::regnamespace AND a.amname = 'hash')
          = ANY (p.partclass)
    UNION
    SELECT i.inhrelid FROM pg_inherits i JOIN moving ON moving.oid = i.inhparent),
  roots AS (
    SELECT moving.oid, n.nspname, c.relname
    FROM moving JOIN pg_class c ON c.oid = pg_partition_root(moving.oid) JOIN pg_namespace n ON n.oid = c.relnamespace)`;

const COLUMNS = `
  columns AS (
    SELECT attrelid AS oid, array_agg(attname::text ORDER BY attnum) AS names FROM pg_attribute
    WHERE attrelid IN (SELECT oid FROM pg_class WHERE relkind IN ('r', 'f')) AND attnum > 0 AND NOT attisdropped AND attgenerated = '' GROUP BY attrelid)`;

/** Ordinary tables and partitions ('r'), and foreign tables ('f') to be named in a warning. */
export const CATALOG_SQL = `
  WITH RECURSIVE ${COMMON}, ${PARTITIONS}, ${COLUMNS}
  SELECT r.oid, r.nspname AS schema, r.relname AS name, r.relkind AS kind, r.condition,
    COALESCE(columns.names, '{}') AS columns, roots.nspname AS "rootSchema", roots.relname AS "rootName",
    r.relfilenode AS filenode, r.relpages AS pages, COALESCE(am.amname, '') AS "accessMethod",
    r.relpersistence = 'u' AND pg_is_in_recovery() AS skipped
  FROM relations r LEFT JOIN columns ON columns.oid = r.oid LEFT JOIN roots ON roots.oid = r.oid
    LEFT JOIN pg_am am ON am.oid = r.relam
  WHERE r.relkind IN ('r', 'f') AND (r.configured AND r.relkind = 'r' OR r.owned)
  ORDER BY r.nspname, r.relname`;

/** They have no rows of their own. */
export const PARTITIONED_SQL = `
  WITH ${COMMON}
  SELECT r.nspname AS schema, r.relname AS name FROM relations r WHERE r.relkind = 'p' AND r.owned
  ORDER BY r.nspname, r.relname`;

/** A sequence follows the table that owns it, too. */
export const SEQUENCES_SQL = `
  WITH ${COMMON}
  SELECT r.oid, r.nspname AS schema, r.relname AS name FROM relations r
  WHERE r.relkind = 'S' AND NOT (r.relpersistence = 'u' AND pg_is_in_recovery()) AND (r.configured OR r.owned OR EXISTS (
    SELECT FROM pg_depend d JOIN relations t ON t.oid = d.refobjid AND t.owned
    WHERE d.classid = 'pg_class'::regclass AND d.objid = r.oid AND d.objsubid = 0
      AND d.refclassid = 'pg_class'::regclass AND d.deptype IN ('a', 'i')))
  ORDER BY r.nspname, r.relname`;
