const OBJECT =
  /^(?:SELECT pg_catalog\.lo_create\('|ALTER LARGE OBJECT |COMMENT ON LARGE OBJECT |SECURITY LABEL FOR \S.* ON LARGE OBJECT )(\d+)\b/;
const RIGHT = /^(?:GRANT|REVOKE) [A-Z, ]+ ON LARGE OBJECT (\d+) (?:TO|FROM) /;

/** As pg_dump's table of contents would call it. */
export interface LargeObjectEntry {
  readonly kind: 'LARGE OBJECT' | 'ACL';
  readonly name: string;
}

/** What a statement of the structure tells of a large object: that it is there, and whose; or who may use it. */
export function largeObjectIn(sql: string): LargeObjectEntry | undefined {
  const [, oid] = OBJECT.exec(sql) ?? [];
  if (oid !== undefined) return { kind: 'LARGE OBJECT', name: oid };
  const [, ruled] = RIGHT.exec(sql) ?? [];
  return ruled === undefined ? undefined : { kind: 'ACL', name: `LARGE OBJECT ${ruled}` };
}
