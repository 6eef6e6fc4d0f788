import { type RestoreOptions, requireConsistent, restoreOptions } from '../../requests/restore.ts';
import { type Flags, flagName, readDescribed } from '../described.ts';

/** A restore as the command line asks for it: what every restore can be told, and what only this place knows. */
export interface RestoreChoice {
  /** How it is to be made. */
  readonly how: RestoreOptions;
  readonly latest?: boolean;
  readonly undo?: boolean;
  readonly database?: string;
  readonly to?: string;
  readonly yes?: boolean;
}

/** Where an option is not called as its field. */
export const RESTORE_FLAGS: Flags = {
  tables: ['--table <name>'],
  safetyBackup: ['--safety-backup', '--no-safety-backup'],
};

/**
 * @param what id or path of a backup
 * @param given as commander has read it
 * @throws {CofreError} `USAGE` for options that contradict each other
 */
export function readChoice(what: string | undefined, given: Omit<RestoreChoice, 'how'>): RestoreChoice {
  const how = readDescribed(restoreOptions, { ...given }, RESTORE_FLAGS);
  const { latest, undo, database, to, yes } = given;
  const choice = { ...how, backup: what, latest, undo };
  requireConsistent(choice, (field) => (field === 'backup' ? 'a backup' : flagName(field, RESTORE_FLAGS)));
  return {
    how,
    ...(latest && { latest }),
    ...(undo && { undo }),
    ...(database !== undefined && { database }),
    ...(to !== undefined && { to }),
    ...(yes && { yes }),
  };
}
