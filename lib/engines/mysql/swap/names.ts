import { randomBytes } from 'node:crypto';
import { makerOf, temporaryName } from '../../sql/load/temporary-name.ts';
import { quoteIdent } from '../connection/identifiers.ts';

/** The schemas that a restore makes beside its target, told apart by their names: whose they are, and what for. */
export interface SwapNames {
  /** Where the backup is loaded. Also the name of the lock that its maker holds. */
  readonly staging: string;
  /** Where the tables go that the backup replaces. */
  readonly old: string;
  /** A table of `staging`. No dump has one of this name, as it is made up anew each time. */
  readonly journal: string;
  /** A procedure of `staging`. */
  readonly procedure: string;
}

const OLD = '_old';

/** @param server see `serverMark` */
export function newNames(server: string): SwapNames {
  return namesOf(temporaryName(`${randomBytes(2).toString('hex')}${server}`));
}

export function namesOf(staging: string): SwapNames {
  const own = staging.slice(-8);
  return {
    staging,
    old: `${staging}${OLD}`,
    journal: `cofre_journal_${own}`,
    procedure: `cofre_swap_${own}`,
  };
}

/** The restore that a schema belongs to; `undefined` for a name that is not ours. */
export function restoreOf(schema: string): string | undefined {
  const staging = schema.endsWith(OLD) ? schema.slice(0, -OLD.length) : schema;
  return makerOf(staging) === undefined ? undefined : staging;
}

export function qualified(schema: string, name: string): string {
  return `${quoteIdent(schema)}.${quoteIdent(name)}`;
}
