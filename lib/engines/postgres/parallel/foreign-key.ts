import { type Build, IDENT, type LocatedBuild } from './build.ts';

const KEY = new RegExp(`\\sADD CONSTRAINT (${IDENT}) FOREIGN KEY \\(`);

/** Of one that is not to be checked, or in a form that is not pg_dump's. */
const UNCHECKED = /\bNOT (?:VALID|ENFORCED)\b[^"']*$/;

/**
 * The same builds of ordinary tables, but each foreign key in two steps: it is made without a look at the rows, then
 * validated. The first step locks both tables (SHARE ROW EXCLUSIVE), so keys that point at the same table would run one
 * after the other; the second, which takes the time, locks only the referencing one (SHARE UPDATE EXCLUSIVE; manual,
 * ALTER TABLE, "Notes").
 */
export function inTwoSteps(builds: readonly LocatedBuild[]): LocatedBuild[] {
  const made = builds.map((build) => ({ build, name: nameOf(build) }));
  return [
    ...made.map(({ build, name }) => (name === undefined ? build : { ...build, sql: notValid(build) })),
    ...made.flatMap(({ build, name }) => (name === undefined ? [] : validation(build, name))),
  ];
}

/** Its name, when it is a foreign key that can be made without a look at the rows. */
function nameOf({ statement, other }: Build): string | undefined {
  if (other === undefined) return undefined;
  const { text } = statement;
  return UNCHECKED.test(text) ? undefined : KEY.exec(text)?.[1];
}

function notValid({ statement }: Build): Uint8Array {
  return statement.encode(statement.text.replace(/;\s*$/, ' NOT VALID;'));
}

function validation({ statement, table, facts }: LocatedBuild, name: string): LocatedBuild {
  const sql = statement.encode(`ALTER TABLE ${table} VALIDATE CONSTRAINT ${name};`);
  const alone = { other: undefined, facts: { table: facts.table, other: undefined } };
  return { statement, table, ...alone, isPlain: false, shares: false, sql };
}
