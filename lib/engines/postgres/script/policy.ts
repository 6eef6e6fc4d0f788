import { HEADER } from './completeness.ts';
import { databasePolicy } from './database-policy.ts';
import type { SqlItem, Statement } from './items.ts';
import { restriction } from './meta-policy.ts';
import { judge } from './statement-policy.ts';
import { tokensOf } from './tokens.ts';

/** What of a dump is run: its statements and rows, without what is only for psql or beyond the one database. */
export interface Policy {
  /** Whether to run the item. @throws {CofreError} `RESTORE_REFUSED`, `BACKUP_DAMAGED` */
  allows(item: SqlItem): boolean;
  /** The file ends. @throws {CofreError} `BACKUP_DAMAGED` */
  end(): void;
}

/** The bulk of a file made by `pg_dump --inserts`. */
const INSERT = /^INSERT\s/i;
/** What a dump begins with before its first object. */
const SETTING = /^(?:SET|RESET|SELECT)\b/i;

/** Tokens that tell what a statement is; the privileges of a GRANT come before its object. */
const TELLING = 12;
const LONG = 40;

/** Bytes that hold the tokens which tell what a statement is. */
const LOOK = 1_024;

export function policy(warn: (warning: string) => void): Policy {
  const databases = databasePolicy(warn);
  const commands = restriction();
  let byPgDump = false;

  function allowsStatement({ bytes, line }: Statement): boolean {
    const head = bytes.toString('latin1', 0, 8);
    if (INSERT.test(head)) return begun();
    const tokens = tokensOf(
      bytes.toString('utf8', 0, LOOK),
      /^(?:GRANT|REVOKE)/i.test(head) ? LONG : TELLING,
    );
    if (databases.skips(tokens, line)) return false;
    if (judge(tokens, line) === 'transaction') {
      // pg_dump itself puts them around large objects.
      if (!byPgDump)
        warn('BEGIN and COMMIT of the dump were passed over: a restore is one transaction anyway.');
      return false;
    }
    return SETTING.test(head) ? true : begun();
  }

  function begun(): true {
    databases.begun();
    return true;
  }

  return {
    allows: (item) => {
      if (item.kind === 'statement') return allowsStatement(item);
      if (item.kind === 'meta' && !databases.skipsConnect(item)) commands.take(item);
      if (item.kind === 'comment' && item.text === HEADER) byPgDump = true;
      if (item.kind === 'copy') databases.begun();
      return item.kind !== 'meta' && item.kind !== 'comment';
    },
    end: () => commands.end(),
  };
}
