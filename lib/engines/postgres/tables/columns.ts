import type { PgSession } from '../wire/connect.ts';
import type { Replaced } from './live-set.ts';
import { refused } from './target.ts';

interface LiveColumn {
  readonly name: string;
  readonly generated: boolean;
}

const COLUMNS = `
  SELECT attname AS name, attgenerated <> '' AS generated FROM pg_attribute
  WHERE attrelid = $1 AND attnum > 0 AND NOT attisdropped ORDER BY attnum`;

/** Checks, once for each set of columns that rows have, whether the live table can take them. */
export interface ColumnCheck {
  /** @throws {CofreError} `RESTORE_REFUSED` when the live table lacks one of them */
  readonly accept: (columns: readonly string[]) => void;
  readonly warnings: readonly string[];
}

/** To be asked for once the table is locked. */
export async function columnCheck(session: PgSession, replaced: Replaced): Promise<ColumnCheck> {
  const { rows } = await session.client.query<LiveColumn>(COLUMNS, [replaced.live.oid]);
  requirePlain(replaced, rows);
  const seen = new Set<string>();
  const warnings: string[] = [];
  const accept = (columns: readonly string[]) => {
    const key = JSON.stringify(columns);
    if (seen.has(key)) return;
    requireColumns(replaced, columns, rows);
    const warning = seen.size === 0 && extra(replaced, columns, rows);
    if (warning) warnings.push(warning);
    seen.add(key);
  };
  return { accept, warnings };
}

/** What was computed is not in the backup. */
function requirePlain({ planned }: Replaced, live: readonly LiveColumn[]): void {
  const generated = planned.definition?.generated ?? [];
  const plain = live.find(({ name, generated: still }) => generated.includes(name) && !still);
  if (!plain) return;
  throw refused(
    `The column ${plain.name} of ${planned.name} was computed when the backup was made, and is an ordinary one now: the backup does not have its values.`,
    'Restore beside the live table (without --replace) and copy what you need.',
  );
}

function requireColumns(
  { planned }: Replaced,
  columns: readonly string[],
  live: readonly LiveColumn[],
): void {
  const missing = columns.find((name) => !live.some((it) => it.name === name && !it.generated));
  if (missing === undefined) return;
  const computed = live.some(({ name }) => name === missing);
  throw refused(
    `The live table ${planned.name} ${computed ? 'computes the' : 'has no'} column ${missing}, which the backup has values for.`,
    'Restore beside the live table (without --replace) and copy what you need.',
  );
}

function extra({ planned }: Replaced, columns: readonly string[], live: readonly LiveColumn[]) {
  const names = live.filter(({ name, generated }) => !generated && !columns.includes(name));
  if (names.length === 0) return undefined;
  const list = names.map(({ name }) => name).join(', ');
  return `The live table ${planned.name} has columns that the backup has not: ${list}. They have their default in all rows.`;
}
