import { CofreError } from '../../../errors.ts';
import type { PgSession } from '../wire/connect.ts';
import type { PlannedTable } from './plan.ts';
import { findLive, type LiveTable, refused } from './target.ts';

/** A planned table and the live one whose rows it replaces. */
export interface Replaced {
  readonly planned: PlannedTable;
  readonly live: LiveTable;
}

/** A relation whose rows go: a table to be replaced, or a partition of one. */
export interface LivePart {
  readonly oid: number;
  /** SQL name, quoted where needed. */
  readonly shown: string;
  readonly kind: string;
  readonly owned: boolean;
  /** Row-level security holds for its owner too, which COPY does not take. */
  readonly forced: boolean;
}

/** @throws {CofreError} `RESTORE_REFUSED` when a live table is missing, or is of a kind that cannot be replaced */
export async function findReplaced(
  session: PgSession,
  planned: readonly PlannedTable[],
): Promise<Replaced[]> {
  const found: Replaced[] = [];
  for (const it of planned) {
    const live = await findLive(session, it.table);
    requireTable(it, live);
    found.push({ planned: it, live });
  }
  requireApart(planned);
  return found;
}

function requireTable({ name }: PlannedTable, live: LiveTable | undefined): asserts live is LiveTable {
  if (!live) {
    throw refused(`There is no table ${name} any more.`, 'Restore it without --replace, then rename it.');
  }
  if (live.kind !== 'r' && live.kind !== 'p') {
    throw refused(`${name} is no table any more.`, 'Restore it beside what is there (without --replace).');
  }
  if (live.ofExtension) {
    const hint = 'Restore it beside (without --replace) and copy what you need.';
    throw refused(`${name} belongs to an extension, and the backup holds only a part of its rows.`, hint);
  }
}

/** A partition and its table would both bring the same rows. */
function requireApart(planned: readonly PlannedTable[]): void {
  const seen = new Map<string, string>();
  for (const { name, sources } of planned) {
    for (const source of sources) {
      const other = seen.get(source);
      if (other !== undefined) throw overlapping(name, other);
      seen.set(source, name);
    }
  }
}

function overlapping(one: string, other: string): CofreError {
  return new CofreError('USAGE', `${one} and ${other} hold the same rows: one is a partition of the other.`, {
    hint: 'Nothing was changed. Name only one of them.',
  });
}

const PARTS = `
  SELECT c.oid, format('%I.%I', n.nspname, c.relname) AS shown, c.relkind AS kind,
    pg_has_role(c.relowner, 'USAGE') AS owned, c.relforcerowsecurity AS forced
  FROM (SELECT DISTINCT part FROM unnest($1::oid[]) root,
      LATERAL (SELECT relid::oid FROM pg_partition_tree(root) UNION SELECT root) AS parts (part)) AS every
    JOIN pg_class c ON c.oid = part JOIN pg_namespace n ON n.oid = c.relnamespace ORDER BY c.oid`;

/** The tables to be replaced with all their partitions. @throws {CofreError} `RESTORE_REFUSED` */
export async function partsOf({ client }: PgSession, replaced: readonly Replaced[]): Promise<LivePart[]> {
  const { rows } = await client.query<LivePart>(PARTS, [replaced.map(({ live }) => live.oid)]);
  const foreign = rows.find(({ kind }) => kind === 'f');
  if (foreign) {
    throw refused(
      `The partition ${foreign.shown} is a foreign table.`,
      'Restore beside (without --replace).',
    );
  }
  const other = rows.find(({ owned }) => !owned);
  if (other) throw notOwned(other.shown, 'its triggers and foreign keys have to rest meanwhile');
  return rows;
}

export function notOwned(table: string, why: string): CofreError {
  return refused(
    `Rows can only be replaced by the owner of ${table}: ${why}.`,
    'Connect as its owner, or as a role that is a member of it; or restore without --replace.',
  );
}
