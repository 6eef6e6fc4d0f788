import { CofreError } from '../../../errors.ts';
import type { PgSession } from '../wire/connect.ts';
import { isServerError } from '../wire/failures.ts';
import { quoteIdent, quoteLiteral } from '../wire/identifiers.ts';
import { nameOf } from '../wire/url.ts';
import type { DatabaseFacts } from './database.ts';

const PROVIDERS = { c: 'libc', i: 'icu', b: 'builtin' } as const;

/** An empty database like `old`: what cannot be changed later is the same from the beginning. */
export async function createLike(session: PgSession, name: string, old: DatabaseFacts): Promise<void> {
  const sql = `CREATE DATABASE ${quoteIdent(name)} TEMPLATE template0 ${clauses(old).join(' ')}`;
  try {
    await session.client.query(sql);
  } catch (error) {
    throw notAllowed(session, error);
  }
}

function clauses(old: DatabaseFacts): string[] {
  const texts: [string, string | null][] = [
    ['ENCODING', old.encoding],
    ['LC_COLLATE', old.collate],
    ['LC_CTYPE', old.ctype],
    ['LOCALE_PROVIDER', old.provider && PROVIDERS[old.provider]],
    [old.provider === 'b' ? 'BUILTIN_LOCALE' : 'ICU_LOCALE', old.provider === 'c' ? null : old.locale],
    ['ICU_RULES', old.icuRules],
  ];
  return [
    ...texts.flatMap(([key, text]) => (text === null ? [] : `${key} ${quoteLiteral(text)}`)),
    `OWNER ${quoteIdent(old.owner)}`,
    ...(old.tablespace === null ? [] : [`TABLESPACE ${quoteIdent(old.tablespace)}`]),
  ];
}

/** insufficient_privilege: some managed services refuse it even to roles with CREATEDB. */
function notAllowed({ settings }: PgSession, cause: unknown): unknown {
  if (!isServerError(cause) || cause.code !== '42501') return cause;
  return new CofreError(
    'RESTORE_REFUSED',
    `No database can be made beside ${nameOf(settings)}: ${cause.message}.`,
    { cause, hint: INSTEAD },
  );
}

/** What every refusal of the swap ends with. */
export const INSTEAD =
  'Nothing was changed. Restore with --mode transaction: one transaction in the database itself.';
