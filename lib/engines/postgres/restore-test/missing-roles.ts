import type { ContentObject } from '../../content/content.ts';
import { ddlFilter, rolesLeftOut } from '../load/ddl-filter.ts';
import { rolesIn } from '../load/roles-in.ts';
import { topLevel } from '../pg-dump/top-level.ts';
import { Statement } from '../script/items.ts';

/**
 * Whether `is` is what a load makes of `was` on a server that lacks roles: owners and grants of theirs are left out, and
 * who restores owns what has no other owner.
 * @param warnings of the load
 */
export function sameWithoutRoles(
  was: ContentObject,
  is: ContentObject | undefined,
  warnings: readonly string[],
): boolean {
  const lost = rolesLeftOut(warnings);
  const before = statementsOf(was.text);
  const named = before
    .flatMap((sql) => rolesIn(sql)?.roles ?? [])
    .map(({ name }) => name)
    .filter((name) => name !== undefined);
  if (!named.some(lost)) return false;
  const roles = new Set(named.filter((name) => !lost(name)));
  const left = before.map((sql) => asLoaded(sql, roles)).filter((sql) => sql !== undefined);
  const ownerless = before.some((sql) => isOwner(sql) && asLoaded(sql, roles) === undefined);
  const after = statementsOf(is?.text ?? '');
  return sameSet(
    withoutGivers(left),
    withoutGivers(ownerless ? after.filter((sql) => !isOwner(sql)) : after),
  );
}

function statementsOf(text: string): string[] {
  return [...topLevel(text, false)]
    .filter(({ kind }) => kind === 'statement')
    .map(({ start, end }) => text.slice(start, end));
}

/** As the load runs it, by its own rule; `undefined` when it does not. */
function asLoaded(sql: string, roles: ReadonlySet<string>): string | undefined {
  const nothing = new Set<string>();
  const kept = { schemas: nothing, foreignExtensions: nothing };
  const server = { versionNum: Number.MAX_SAFE_INTEGER, tablespaces: nothing, roles, kept };
  if (!rolesIn(sql)) return sql;
  return ddlFilter({}, server).apply(new Statement(Buffer.from(sql), 1, 'UTF8'))?.text;
}

function isOwner(sql: string): boolean {
  return sql.startsWith('ALTER') && rolesIn(sql)?.about === 'owner';
}

/** A right that a missing role gave is given by the owner instead. */
function withoutGivers(statements: readonly string[]): string[] {
  return statements.filter((sql) => !/^(?:RE)?SET SESSION AUTHORIZATION\b/.test(sql));
}

function sameSet(one: readonly string[], other: readonly string[]): boolean {
  return JSON.stringify(one.toSorted()) === JSON.stringify(other.toSorted());
}
