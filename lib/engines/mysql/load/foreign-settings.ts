import { isServerError } from '../connection/failures.ts';
import type { Statement } from '../script/items.ts';

/** ER_WRONG_VALUE_FOR_VAR, ER_UNKNOWN_COLLATION */
const [WRONG_VALUE, NO_COLLATION] = [1231, 1273];

/** Modes of other servers that mean nothing for what a dump makes. */
const HARMLESS = [
  'NO_AUTO_CREATE_USER',
  'NO_FIELD_OPTIONS',
  'NO_KEY_OPTIONS',
  'NO_TABLE_OPTIONS',
  'MYSQL323',
  'MYSQL40',
];

/** What comes nearest to the default collation of the other system; the first that the server has. */
const NEAREST = [
  'utf8mb4_0900_ai_ci',
  'utf8mb4_uca1400_ai_ci',
  'utf8mb4_unicode_520_ci',
  'utf8mb4_unicode_ci',
];

/** A setting that the server has taken in another form. */
export interface Adapted {
  readonly statement: Statement;
  /** In a full sentence; absent where nobody needs to know. */
  readonly warning?: string;
}

/**
 * A setting of a session for another server, so that this one takes it: without modes that mean nothing here, and with
 * another collation for literals of views and programs. `undefined` when that cannot be.
 */
export function adaptSetting(
  statement: Statement,
  error: unknown,
  collations: ReadonlySet<string>,
): Adapted | undefined {
  if (!isServerError(error)) return undefined;
  if (error.errno === WRONG_VALUE) return withoutMode(statement, /'(\w+)'\s*$/.exec(error.message)?.[1]);
  if (error.errno !== NO_COLLATION) return undefined;
  const unknown = /'(\w+)'/.exec(error.message)?.[1];
  const known = NEAREST.find((name) => collations.has(name));
  return unknown === undefined || known === undefined ? undefined : withCollation(statement, unknown, known);
}

function withoutMode(statement: Statement, mode: string | undefined): Adapted | undefined {
  if (mode === undefined || !HARMLESS.includes(mode)) return undefined;
  const text = statement.latin1.replace(new RegExp(`\\b${mode}\\b,?`), '').replace(/,(?=')/, '');
  return { statement: statement.with(text) };
}

/** Only what is set for literals, `collation_connection`; columns have to have their own. */
function withCollation(statement: Statement, unknown: string, known: string): Adapted | undefined {
  const setting = new RegExp(`(collation_connection\\s*=\\s*'?)${unknown}\\b`, 'i');
  if (!unknown.startsWith('utf8mb4_') || !setting.test(statement.head)) return undefined;
  return {
    statement: statement.with(statement.latin1.replace(setting, `$1${known}`)),
    warning: `The server does not have the collation ${unknown}: where views and programs compare texts of their own, it is by ${known}.`,
  };
}
