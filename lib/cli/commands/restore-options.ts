import { CofreError } from '../../errors.ts';
import type { RestoreRequest } from '../../restore.ts';

export interface RestoreOptions {
  readonly latest?: boolean;
  readonly table?: readonly string[];
  readonly replace?: boolean;
  readonly undo?: boolean;
  readonly database?: string;
  readonly to?: string;
  readonly yes?: boolean;
  readonly mode?: 'transaction' | 'swap' | 'in-place';
  readonly jobs?: number;
  /** Commander's form of `--no-owner`. */
  readonly owner: boolean;
  readonly privileges: boolean;
  readonly terminateConnections?: boolean;
  /** Absent when neither `--safety-backup` nor `--no-safety-backup` was given. */
  readonly safetyBackup?: boolean;
}

/** @throws {CofreError} `USAGE` for options that contradict each other. */
export function requireConsistent(what: string | undefined, options: RestoreOptions): void {
  if (options.undo) {
    const chosen = ofData({ ...options, terminateConnections: false });
    const [other] = [...(what === undefined ? [] : ['a backup']), ...chosen, ...ofWhole(options)];
    if (other)
      throw clash('--undo', other, 'It takes only --database, --to, --terminate-connections and --yes.');
  }
  if (options.table) {
    const [other] = ofWhole(options);
    if (other) throw clash('--table', other, 'Tables are brought back in one transaction.');
  } else if (options.replace) {
    throw new CofreError('USAGE', '--replace goes with --table.', {
      hint: 'Without --table, a restore always replaces all data.',
    });
  }
}

/** The options given that choose data, or what becomes of them. */
function ofData({ latest, table, replace, terminateConnections, safetyBackup }: RestoreOptions): string[] {
  const given = {
    '--latest': latest,
    '--table': table,
    '--replace': replace,
    '--terminate-connections': terminateConnections,
    '--safety-backup': safetyBackup,
  };
  return Object.entries(given).flatMap(([flag, value]) => (value ? [flag] : []));
}

/** The options given that only make sense for a whole database. */
function ofWhole({ mode, jobs, owner, privileges }: RestoreOptions): string[] {
  const given = { '--mode': mode, '--jobs': jobs, '--no-owner': !owner, '--no-privileges': !privileges };
  return Object.entries(given).flatMap(([flag, value]) => (value ? [flag] : []));
}

function clash(one: string, other: string, hint: string): CofreError {
  return new CofreError('USAGE', `${one} does not go with ${other}.`, { hint });
}

/** What the engine is told. */
export function loadOptions(options: RestoreOptions): NonNullable<RestoreRequest['options']> {
  const { mode, jobs, owner, privileges, terminateConnections = false } = options;
  return {
    mode: mode === 'swap' || mode === 'in-place' ? mode : 'direct',
    owner,
    privileges,
    terminateConnections,
    ...(jobs !== undefined && { jobs }),
  };
}
