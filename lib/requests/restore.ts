import { z } from 'zod';
import { type LoadOptions, loadOptions } from '../engines/load-options.ts';
import { CofreError } from '../errors.ts';
import { backupId, database } from './fields.ts';
import { exactlyOne } from './one-of.ts';

/** Everything that can be said of how a backup is restored, whoever says it. */
export const restoreOptions = loadOptions.extend({
  tables: z
    .array(z.string().min(1).max(300))
    .min(1)
    .max(1_000)
    .optional()
    .describe('Only these tables, beside the live ones as NAME_restored_TIME. Not of SQLite.')
    .meta({ examples: [['public.accounts']] }),
  replace: z.boolean().optional().describe('With tables: replace the rows of the live ones instead.'),
  safetyBackup: z
    .boolean()
    .optional()
    .describe(
      'Back the target up first. Default: yes, unless the restore itself keeps what it replaces (PostgreSQL, mode `swap`).',
    ),
});
export type RestoreOptions = z.infer<typeof restoreOptions>;

/** What the undoing of a restore can be told. */
export const undoOptions = loadOptions.pick({ terminateConnections: true });
export type UndoOptions = z.infer<typeof undoOptions>;

/** What of a restore's options the engine is told. */
export function loadOptionsOf({
  tables: _,
  replace: __,
  safetyBackup: ___,
  ...load
}: RestoreOptions): LoadOptions {
  return load;
}

/** A restore, or the undoing of one: what the API takes. */
export const startRestore = exactlyOne(
  restoreOptions.extend({
    database: database.describe('The database to replace.'),
    backup: backupId
      .optional()
      .describe('Which backup; or give `latest`.')
      .meta({ examples: ['helpdesk-20261123-020000'] }),
    latest: z.literal(true).optional().describe('The newest whole backup of `database`.'),
    undo: z
      .literal(true)
      .optional()
      .describe(
        'Put back what the latest restore with mode `swap` replaced. Goes with no other field but `database`, `confirm` and `terminateConnections`.',
      ),
    confirm: z.string().max(100).describe("The database's name again. All its data will be replaced."),
  }),
  ['backup', 'latest', 'undo'],
);
export type StartRestore = z.infer<typeof startRestore>;

/** Fields that mean something only where a whole database is restored. */
const OF_WHOLE = ['mode', 'jobs', 'noOwner', 'noPrivileges'] as const satisfies (keyof RestoreOptions)[];

/** Fields that an undo does not know: they choose data, or what becomes of it. */
const NOT_OF_UNDO = ['backup', 'latest', 'tables', 'replace', 'safetyBackup', ...OF_WHOLE] as const;

type Choice = RestoreOptions & { readonly [name in 'backup' | 'latest' | 'undo']?: unknown };
type Field = keyof Choice & string;

/**
 * @param name as whoever asks knows a field: `--no-owner` on the command line, `noOwner` in the API
 * @throws {CofreError} `USAGE` for fields that contradict each other
 */
export function requireConsistent(choice: Choice, name: (field: Field) => string): void {
  const given = (fields: readonly Field[]) => fields.find((field) => isSet(choice[field]));
  if (choice.undo) {
    const other = given(NOT_OF_UNDO);
    if (other)
      throw clash(
        name('undo'),
        name(other),
        'An undo takes nothing but the database, and whether to end sessions.',
      );
  }
  if (choice.tables) {
    const other = given(OF_WHOLE);
    if (other) throw clash(name('tables'), name(other), 'Tables are brought back in one transaction.');
  } else if (choice.replace) {
    throw new CofreError('USAGE', `${name('replace')} goes with ${name('tables')}.`, {
      hint: `Without ${name('tables')}, a restore always replaces all data.`,
    });
  }
}

/** A plain "no" is what leaving a field out says, but of `safetyBackup`. */
function isSet(value: unknown): boolean {
  return value !== undefined && value !== false;
}

function clash(one: string, other: string, hint: string): CofreError {
  return new CofreError('USAGE', `${one} does not go with ${other}.`, { hint });
}
