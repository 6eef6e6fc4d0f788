import { refused } from '../../sql/script/refusals.ts';

const OUTSIDE = 'Remove it from the file, and run it by hand if you need it.';
const OTHER_SYSTEM = 'Restore it into a database of its own kind; check the target of the restore.';

interface Rule {
  /** On the statement's shape: its first words and marks, see `shapeOf`. */
  readonly is: RegExp;
  readonly why: string;
  readonly hint: string;
}

/** What reaches beyond the one database, or needs something that is not in the file. */
const RULES: readonly Rule[] = [
  {
    is: /^(?:LOAD|IMPORT|SOURCE|HANDLER|BINLOG) /,
    why: 'brings data from elsewhere',
    hint: 'Dump the data with it, as mysqldump does.',
  },
  {
    is: /^(?:INSTALL|UNINSTALL|SHUTDOWN|RESTART|KILL|RESET|PURGE|CLONE|BACKUP|STOP|(?:CREATE|ALTER|DROP) (?:OR REPLACE )?(?:SERVER|TABLESPACE|UNDO|LOGFILE|INSTANCE|RESOURCE|SPATIAL REFERENCE) |CREATE (?:OR REPLACE )?(?:AGGREGATE )?FUNCTION .*? SONAME )/,
    why: 'changes the whole server',
    hint: OUTSIDE,
  },
  {
    is: /^SET (?:.*? , )?(?:(?:@ @ )?(?:GLOBAL|PERSIST|PERSIST_ONLY) |PASSWORD )/,
    why: 'changes the whole server',
    hint: OUTSIDE,
  },
  {
    is: /^(?:ROLLBACK|XA) /,
    why: 'belongs to a transaction, and a restore is more than one',
    hint: 'Remove it from the file.',
  },
  { is: /^(?:PRAGMA|COPY) /, why: 'is SQL of another database system', hint: OTHER_SYSTEM },
];

interface PassedOver {
  readonly is: RegExp;
  /** In a full sentence; absent where nobody misses it. */
  readonly warning?: string;
}

const PASSED_OVER: readonly PassedOver[] = [
  { is: /^(?:UN)?LOCK TABLES? / },
  { is: /^(?:BEGIN|START TRANSACTION|COMMIT) / },
  // Since MariaDB 11, mariadb-dump keeps the old value beside it.
  {
    is: /^SET (?:@ \S+ = @ @ AUTOCOMMIT , )?(?:(?:@ @ )?(?:SESSION \. |SESSION |LOCAL )?)?AUTOCOMMIT = [^,]*$/,
  },
  {
    is: /^(?:SET (?:@ @ )?GLOBAL (?:\. )?(?:GTID_|` )|SET @ MYSQLDUMP_TEMP_LOG_BIN |SET (?:@ @ )?(?:SESSION )?(?:\. )?SQL_LOG_BIN |CHANGE (?:MASTER|REPLICATION) |(?:START|STOP) (?:SLAVE|REPLICA) )/,
    warning: 'What the dump says of replication (GTIDs, binary log) was passed over.',
  },
  {
    is: /^(?:GRANT|REVOKE|(?:CREATE|ALTER|DROP|RENAME) (?:OR REPLACE )?(?:USER|ROLE)|SET (?:DEFAULT )?ROLE) /,
    warning: 'Users and grants of the dump were passed over: they belong to the whole server.',
  },
  { is: /^FLUSH / },
];

/**
 * What to do with a statement.
 * @param shape of its first words
 * @throws {CofreError} `RESTORE_REFUSED`
 */
export function judge(shape: string, line: number, warn: (warning: string) => void): 'run' | 'pass over' {
  const passed = PASSED_OVER.find(({ is }) => is.test(shape));
  if (passed) {
    if (passed.warning) warn(passed.warning);
    return 'pass over';
  }
  const rule = RULES.find(({ is }) => is.test(shape));
  if (!rule) return 'run';
  const words = /^[A-Z]+(?: [A-Z_]+)?/.exec(shape)?.[0];
  throw refused(`Line ${line}: ${words} ${rule.why}.`, rule.hint);
}
