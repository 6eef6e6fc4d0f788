/**
 * A dump of pg_dump without what no restore can keep, so that two copies of a database compare equal:
 *
 * - the order of a table's rows, which depends on where the server found room for them;
 * - which partition a row is in, where pg_dump itself loads through the root, since the hash of an enum depends on
 *   numbers that the server gave out (rows under the same `COPY` line count as one table's).
 */
export function canonical(dump: string): string {
  const rows = new Map<string, string[]>();
  const frame: string[] = [];
  let table: string[] | undefined;
  for (const line of dump.split('\n')) {
    if (line === '\\.') table = undefined;
    if (table) table.push(line);
    else frame.push(line);
    if (!table && /^COPY .* FROM stdin;$/.test(line)) table = rowsOf(rows, line);
  }
  const tables = [...rows].map(([header, lines]) => [header, ...lines.sort()].join('\n'));
  return [...frame, ...tables].join('\n');
}

function rowsOf(rows: Map<string, string[]>, header: string): string[] {
  const known = rows.get(header) ?? [];
  rows.set(header, known);
  return known;
}

/** The first line that differs, as each of two texts has it, with what is before it; empty when they are equal. */
export function firstDifference(found: string, expected: string): string {
  if (found === expected) return '';
  const [ours, theirs] = [found.split('\n'), expected.split('\n')];
  const at = ours.findIndex((line, number) => line !== theirs[number]);
  const from = at < 0 ? ours.length : at;
  const excerpt = (lines: string[]) => lines.slice(from, from + 3).map((line) => line.slice(0, 300));
  const before = ours.slice(Math.max(0, from - 8), from).map((line) => line.slice(0, 300));
  return [...before, '--- found', ...excerpt(ours), '--- expected', ...excerpt(theirs)].join('\n');
}

/** The kinds of things that pg_dump names in the comments of a dump, sorted. */
export function kindsIn(dump: string): string[] {
  const names = dump.matchAll(/^-- (?:Data for )?Name: .*; Type: ([A-Z ]+); Schema: /gm);
  return [...new Set([...names].map(([, kind]) => kind!))].sort();
}
