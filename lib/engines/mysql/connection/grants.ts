import type { MysqlSession } from './session.ts';

/** What the connection's user may do, its active roles counted in. */
export interface Grants {
  /** Such as `'cofre'@'%'`, to be used in a GRANT. */
  readonly account: string;
  /** For everything on the server. */
  globally(privilege: string): boolean;
  /** For everything in the database. */
  in(database: string, privilege: string): boolean;
}

interface Rule {
  readonly grants: boolean;
  readonly privileges: ReadonlySet<string>;
  /** `undefined` for the whole server. */
  readonly database: RegExp | undefined;
}

/** Privileges that ALL does not hold in MySQL: the dynamic ones, which are granted by name. */
const DYNAMIC = /_/;

export async function readGrants(session: MysqlSession): Promise<Grants> {
  const rows = await session.query<Record<string, string>>('SHOW GRANTS');
  const [{ account } = { account: '' }] = await session.query<{ account: string }>(
    "SELECT CONCAT(QUOTE(SUBSTRING_INDEX(CURRENT_USER(), '@', 1)), '@', QUOTE(SUBSTRING_INDEX(CURRENT_USER(), '@', -1))) AS account",
  );
  const rules = rows.flatMap((row) => Object.values(row)).flatMap((line) => ruleOf(line) ?? []);
  const { flavor } = session.server;
  const allowed = (privilege: string, scope: (rule: Rule) => boolean) => {
    const all = flavor === 'mariadb' || !DYNAMIC.test(privilege);
    const named = rules.filter(
      (rule) =>
        scope(rule) && (rule.privileges.has(privilege) || (all && rule.privileges.has('ALL PRIVILEGES'))),
    );
    // MySQL's "partial revokes" take databases out of a global grant.
    return named.some(({ grants }) => grants) && named.every(({ grants }) => grants);
  };
  return {
    account,
    globally: (privilege) => allowed(privilege, ({ database }) => database === undefined),
    in: (name, privilege) => allowed(privilege, ({ database }) => database?.test(name) ?? true),
  };
}

/** One line of SHOW GRANTS; `undefined` for what is about single tables, routines, roles. */
export function ruleOf(line: string): Rule | undefined {
  const [, verb, list, database] =
    /^(GRANT|REVOKE) (.+?) ON (?:\*\.\*|`((?:[^`]|``)*)`\.\*) (?:TO|FROM) /s.exec(line) ?? [];
  if (list === undefined) return undefined;
  return {
    grants: verb === 'GRANT',
    privileges: new Set(list.split(',').map((name) => name.trim().toUpperCase())),
    database: database === undefined ? undefined : patternOf(database.replaceAll('``', '`')),
  };
}

/** A database's name in a grant is a pattern, as of LIKE (manual, "GRANT Statement"). */
function patternOf(pattern: string): RegExp {
  const source = pattern.replaceAll(/\\(.)|(%)|(_)|([^\\%_]+)|\\/gs, (all, escaped, any, one) =>
    any ? '.*' : one ? '.' : (escaped ?? all).replaceAll(/[.*+?^${}()|[\]\\/-]/g, '\\$&'),
  );
  return new RegExp(`^${source}$`, 'is');
}
