/** Catalog, owner, schema and condition of all kinds of objects that live in schemas. */
const KINDS: readonly (readonly [catalog: string, prefix: string, condition?: string])[] = [
  ['pg_class', 'rel', "relkind IN ('r', 'p', 'f', 'v', 'm', 'S') AND NOT relispartition"],
  ['pg_proc', 'pro'],
  ['pg_type', 'typ'],
  ['pg_operator', 'opr'],
  ['pg_opclass', 'opc'],
  ['pg_opfamily', 'opf'],
  ['pg_collation', 'coll'],
  ['pg_conversion', 'con'],
  ['pg_statistic_ext', 'stx'],
  ['pg_ts_config', 'cfg'],
  ['pg_ts_dict', 'dict'],
];

/** These have no owner: they are made by superusers alone. */
const OWNERLESS: readonly (readonly [catalog: string, prefix: string])[] = [
  ['pg_ts_parser', 'prs'],
  ['pg_ts_template', 'tmpl'],
];

/** Parts of other objects (array types, rows of a table, sequences of identities) go with them; members of extensions with these. */
const STANDS_ALONE = `
  o.oid >= 16384 AND NOT EXISTS (
    SELECT FROM pg_depend d WHERE d.classid = o.classid AND d.objid = o.oid AND d.objsubid = 0 AND d.deptype IN ('i', 'e'))`;

/** `classid`, `oid`, `owner`, `namespace` of what the user made in schemas. */
export const CONTENTS = `
  SELECT o.classid, o.oid, o.owner, o.namespace FROM (${[
    ...KINDS.map(
      ([catalog, prefix, condition = 'true']) =>
        `SELECT '${catalog}'::regclass AS classid, oid, ${prefix}owner AS owner, ${prefix}namespace AS namespace FROM ${catalog} WHERE ${condition}`,
    ),
    ...OWNERLESS.map(
      ([catalog, prefix]) =>
        `SELECT '${catalog}'::regclass, oid, 10::oid, ${prefix}namespace FROM ${catalog}`,
    ),
  ].join(' UNION ALL ')}) o
  WHERE ${STANDS_ALONE}`;

/** Tables that LOCK TABLE takes and the role may lock, but those of the extensions $1, which stay. */
export const TABLES = `
  SELECT format('%I.%I', n.nspname, c.relname) AS name
  FROM pg_class c JOIN pg_namespace n ON n.oid = c.relnamespace
  WHERE c.relkind IN ('r', 'p') AND n.nspname !~ '^pg_' AND n.nspname <> 'information_schema'
    AND has_table_privilege(c.oid, 'UPDATE, DELETE, TRUNCATE')
    AND NOT EXISTS (SELECT FROM pg_depend d WHERE d.classid = 'pg_class'::regclass AND d.objid = c.oid
      AND d.deptype = 'e' AND d.refobjid = ANY ($1))
  ORDER BY c.oid`;
