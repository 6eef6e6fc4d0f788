import type { LoadOptions } from '../../engine.ts';
import { Statement } from '../script/items.ts';
import { existingOnes } from './existing.ts';
import { type RoleName, rolesIn } from './roles-in.ts';
import type { Surroundings } from './server.ts';

export interface DdlFilter {
  /** The statement to run: as it is, without the roles that do not exist, or `undefined` for none. */
  apply(statement: Statement): Statement | undefined;
  /** What was left out, in full sentences; call it once, at the end. */
  warnings(): string[];
}

/** Longer ones are no grants; a list of 1,600 columns fits. */
const LONGEST = 200_000;

/** First words of all statements that are looked at. */
const LOOK = /^(?:ALTER|GRANT|REVOKE|CREATE|SET|RESET|COMMENT)\b/i;

/**
 * Leaves out of a dump what the target cannot take or the user does not want: owners and grants of roles that it does
 * not have (with a warning) or at all (`noOwner`, `noPrivileges`), settings that its version does not know, tablespaces
 * that it does not have, and what clearing it has kept.
 */
export function ddlFilter(
  { noOwner = false, noPrivileges = false }: Pick<LoadOptions, 'noOwner' | 'noPrivileges'>,
  surroundings: Surroundings,
): DdlFilter {
  const missing = new Set<string>();
  const existing = existingOnes(surroundings);

  function withRoles(statement: Statement, text: string): Statement | undefined {
    const found = rolesIn(text);
    if (!found) return statement;
    if (found.about === 'owner' ? noOwner : found.about === 'privileges' && noPrivileges) return undefined;
    const isAbsent = ({ name }: RoleName) => name !== undefined && !surroundings.roles.has(name);
    const absent = found.roles.filter(isAbsent);
    const [first, last] = [found.roles.at(0), found.roles.at(-1)];
    if (absent.length === 0 || !first || !last) return statement;
    for (const { name } of absent) if (name !== undefined) missing.add(name);
    if (found.all || absent.length === found.roles.length) return undefined;
    const staying = found.roles.filter((role) => !isAbsent(role)).map(({ text }) => text);
    return changed(statement, `${text.slice(0, first.from)}${staying.join(', ')}${text.slice(last.to)}`);
  }

  return {
    apply: (statement) => {
      if (statement.bytes.length > LONGEST || !LOOK.test(statement.bytes.toString('latin1', 0, 8)))
        return statement;
      const { text } = statement;
      if (!existing.allows(text)) return undefined;
      const known = withoutNewOptions(text, surroundings.versionNum);
      return withRoles(known === text ? statement : changed(statement, known), known);
    },
    warnings: () => [...existing.warnings(), ...aboutRoles(missing)],
  };
}

/** pg_dump 18 spells out, of every older server, an option that 16 has brought: there it is the only way. */
function withoutNewOptions(text: string, versionNum: number): string {
  if (versionNum >= 160_000 || !/^CREATE SUBSCRIPTION\b/i.test(text)) return text;
  return text.replace(/, run_as_owner = true(?=[,)][^']*$)/, '');
}

function changed(statement: Statement, text: string): Statement {
  return new Statement(statement.encode(text), statement.line, statement.encoding);
}

const LEFT_OUT = 'Owners and grants of roles that this server does not have were left out: ';

function aboutRoles(missing: ReadonlySet<string>): string[] {
  if (missing.size === 0) return [];
  return [`${LEFT_OUT}${[...missing].sort().join(', ')}.`];
}

/** Tells, by the warnings of a load, whether it has left a role out. */
export function rolesLeftOut(warnings: readonly string[]): (role: string) => boolean {
  const lists = warnings.filter((it) => it.startsWith(LEFT_OUT)).map((it) => it.slice(LEFT_OUT.length, -1));
  // A name may have a comma of its own.
  return (role) => lists.some((list) => `, ${list}, `.includes(`, ${role}, `));
}
