import type { Range, Written } from './journal.ts';
import { qualified, type SwapNames } from './names.ts';
import type { SwapPlan } from './plan.ts';
import { PATIENCE } from './run-steps.ts';

/** The one statement that lets the tables change places; `undefined` where there are none. */
export function renameSql({ renames }: Pick<SwapPlan, 'renames'>): string | undefined {
  if (renames.length === 0) return undefined;
  return `RENAME TABLE ${renames.map(({ from, to }) => `${qualified(...from)} TO ${qualified(...to)}`).join(', ')}`;
}

/** The statements that let the tables change places, and have to be first. */
export function moves(plan: SwapPlan): string[] {
  const dropped = plan.oldTriggers.map((name) => `DROP TRIGGER ${qualified(plan.database, name)}`);
  const rename = renameSql(plan);
  return [...dropped, ...(rename === undefined ? [] : [rename])];
}

/**
 * One statement that lets the server do the whole swap by itself: once it has begun, it goes to its end even when nobody
 * is there any more to see it. For MariaDB.
 */
export function compoundSql(names: SwapNames, plan: SwapPlan, { forward }: Written): string {
  return [
    'BEGIN NOT ATOMIC',
    'DECLARE n INT;',
    ...moves(plan).map((sql) => `${sql};`),
    `SET SESSION lock_wait_timeout = ${PATIENCE};`,
    loop(names, forward, 'EXECUTE IMMEDIATE @cofre_statement;'),
    'END',
  ].join('\n');
}

/**
 * The same for MySQL, as a procedure: all of it where `whole`, which it can be when `needsNoClient` says so and the tables
 * are not locked; else it only moves the tables.
 */
export function procedureSql(
  names: SwapNames,
  plan: SwapPlan,
  { anywhere }: Written,
  whole: boolean,
): string {
  const defaults = plan.forward
    .filter(({ about }) => about === 'database')
    .flatMap(({ statements }) => statements);
  const rest = whole ? [...defaults.map(({ bytes }) => `${bytes};`), loop(names, anywhere, PREPARED)] : [];
  return [
    `CREATE PROCEDURE ${qualified(names.staging, names.procedure)}() SQL SECURITY INVOKER BEGIN`,
    'DECLARE n INT;',
    ...moves(plan).map((sql) => `${sql};`),
    `SET SESSION lock_wait_timeout = ${PATIENCE};`,
    ...rest,
    'END',
  ].join('\n');
}

/** MySQL makes neither triggers nor routines in a procedure. */
export function needsNoClient({ forward }: SwapPlan): boolean {
  return forward.every((step) => step.about === 'database' || step.anywhere);
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
