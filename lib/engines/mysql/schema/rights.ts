import { CofreError } from '../../../errors.ts';
import type { MysqlSession } from '../connection/connect.ts';
import { type Grants, readGrants } from '../connection/grants.ts';
import { quoteIdent } from '../connection/identifiers.ts';
import { nameOf } from '../connection/url.ts';

/**
 * The server does not tell of what it hides: without these, tables, triggers and other objects would be missing from
 * a dump that looks whole.
 */
const NEEDED = ['SELECT', 'SHOW VIEW', 'TRIGGER', 'EVENT'] as const;

/** Rights any of which lets the list of routines be seen (manual, "The INFORMATION_SCHEMA ROUTINES Table"). */
const LISTS_ROUTINES = ['EXECUTE', 'CREATE ROUTINE', 'ALTER ROUTINE', 'SHOW CREATE ROUTINE'] as const;

/** @throws {CofreError} `SOURCE_FAILED`, which says what to grant */
export async function requireRights(session: MysqlSession): Promise<void> {
  const missing = await missingRights(session);
  if (missing.grant === undefined) return;
  throw new CofreError(
    'SOURCE_FAILED',
    `The user cannot see all of ${nameOf(session.settings)}: it lacks ${missing.names.join(', ')}.`,
    { hint: `A backup would miss what it cannot see. Let an administrator run: ${missing.grant}` },
  );
}

export interface MissingRights {
  readonly names: readonly string[];
  /** Statements that grant them; `undefined` when nothing is missing. */
  readonly grant: string | undefined;
}

export async function missingRights(session: MysqlSession): Promise<MissingRights> {
  const { database } = session.settings;
  const grants = await readGrants(session);
  const names = NEEDED.filter((privilege) => !grants.in(database, privilege));
  const routines = await seesRoutines(session, grants);
  const scope = `${quoteIdent(database.replaceAll(/[\\%_]/g, '\\$&'))}.*`;
  const statements = [
    ...(names.length > 0 ? [`GRANT ${names.join(', ')} ON ${scope} TO ${grants.account};`] : []),
    ...(routines ? [] : [routineGrant(session, grants)]),
  ];
  return {
    names: [...names, ...(routines ? [] : ['the right to see routines'])],
    grant: statements.length > 0 ? statements.join(' ') : undefined,
  };
}

/** At least that there are some: the text of one that stays hidden fails the dump later, by name. */
async function seesRoutines(session: MysqlSession, grants: Grants): Promise<boolean> {
  const { database } = session.settings;
  if (LISTS_ROUTINES.some((privilege) => grants.in(database, privilege))) return true;
  if (session.server.flavor === 'mysql') return grants.globally('SELECT') || grants.globally('SHOW_ROUTINE');
  return await session.query('SELECT 1 FROM mysql.proc LIMIT 1').then(
    () => true,
    () => false,
  );
}

function routineGrant({ server }: MysqlSession, { account }: Grants): string {
  if (server.flavor === 'mysql') return `GRANT SHOW_ROUTINE ON *.* TO ${account};`;
  return `GRANT SELECT ON mysql.proc TO ${account};`;
}
