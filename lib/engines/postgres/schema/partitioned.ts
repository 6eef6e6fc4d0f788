import type { DumpSummary } from '../../engine.ts';

/** In the manifest's details: JSON, an array of names. */
const KEY = 'partitionedTables';

/** Notes the partitioned tables of a dump, which has no frames of them. */
export function noteOfPartitioned(names: readonly string[]): DumpSummary['details'] {
  return names.length > 0 ? { [KEY]: JSON.stringify(names) } : {};
}

/** Names of the partitioned tables, as they were noted; none for a dump made before they were. */
export function partitionedTables(details: DumpSummary['details']): readonly string[] {
  const noted = details[KEY];
  return typeof noted === 'string' ? (JSON.parse(noted) as string[]) : [];
}
