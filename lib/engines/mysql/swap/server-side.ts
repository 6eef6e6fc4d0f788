import type { Flavor } from '../connection/server-facts.ts';
import type { Range, Written } from './journal.ts';
import { qualified, type SwapNames } from './names.ts';
import type { SwapPlan } from './plan.ts';
import { PATIENCE } from './run-steps.ts';

/** The one statement that lets the tables change places; `undefined` where there are none. */
export function renameSql({ renames }: Pick<SwapPlan, 'renames'>): string | undefined {
  if (renames.length === 0) return undefined;
  return `RENAME TABLE ${renames.map(({ from, to }) => `${qualified(...from)} TO ${qualified(...to)}`).join(', ')}`;
}

/** What lets the tables change places, and has to be first. */
function moves(plan: SwapPlan): string[] {
  const dropped = plan.oldTriggers.map((name) => `DROP TRIGGER ${qualified(plan.database, name)}`);
  const rename = renameSql(plan);
  return [...dropped, ...(rename === undefined ? [] : [rename])].map((sql) => `${sql};`);
}

/**
 * One statement that lets the server do the whole swap by itself: once it has begun, it goes to its end even when nobody
 * is there any more to see it. For MariaDB.
 */
export function compoundSql(names: SwapNames, plan: SwapPlan, { forward }: Written): string {
  return [
    'BEGIN NOT ATOMIC',
    'DECLARE n INT;',
    ...moves(plan),
    `SET SESSION lock_wait_timeout = ${PATIENCE};`,
    loop(names, forward, 'EXECUTE IMMEDIATE @cofre_statement;'),
    'END',
  ].join('\n');
}

/**
 * The same for MySQL, as a procedure. Triggers and routines cannot be made in one: where there are any to be made, or
 * the tables are locked (`locks`), it only moves the tables, and all the rest is left to the client.
 */
export function procedureSql(
  names: SwapNames,
  plan: SwapPlan,
  { anywhere }: Written,
  locks: boolean,
): string {
  const { forward } = plan;
  const defaults = forward
    .filter(({ about }) => about === 'database')
    .flatMap(({ statements }) => statements);
  const rest =
    isWhole('mysql', plan) && !locks
      ? [...defaults.map(({ bytes }) => `${bytes};`), loop(names, anywhere, PREPARED)]
      : [];
  return [
    `CREATE PROCEDURE ${qualified(names.staging, names.procedure)}() SQL SECURITY INVOKER BEGIN`,
    'DECLARE n INT;',
    ...moves(plan),
    `SET SESSION lock_wait_timeout = ${PATIENCE};`,
    ...rest,
    'END',
  ].join('\n');
}

const PREPARED =
  'PREPARE cofre_step FROM @cofre_statement; EXECUTE cofre_step; DEALLOCATE PREPARE cofre_step;';

function loop(names: SwapNames, { from, to }: Range, step: string): string {
  if (to < from) return '';
  const table = qualified(names.staging, names.journal);
  return (
    `SET n = ${from}; WHILE n <= ${to} DO ` +
    `SELECT statement INTO @cofre_statement FROM ${table} WHERE seq = n; ${step} SET n = n + 1; END WHILE;`
  );
}

/** Whether the server can do all of it by itself. */
export function isWhole(flavor: Flavor, { forward }: SwapPlan): boolean {
  return flavor === 'mariadb' || forward.every((step) => step.about === 'database' || step.anywhere);
}
