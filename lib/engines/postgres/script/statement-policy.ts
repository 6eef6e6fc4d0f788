import { refused } from '../../sql/script/refusals.ts';
import type { Token } from './tokens.ts';

const CLUSTER =
  'It was made by pg_dumpall, or holds parts of such a file: dump the one database with pg_dump.';
const OUTSIDE = 'Remove it from the file, and run it after the restore.';
const OTHER_SYSTEM = 'Restore it into a database of its own kind; check the target of the restore.';

interface Rule {
  /** On the statement's first words, in capitals. */
  readonly is: RegExp;
  readonly why: string;
  readonly hint: string;
}

/** What cannot be part of one transaction (manual, the commands' own pages), or reaches beyond the database. */
const RULES: readonly Rule[] = [
  {
    is: /^(?:CREATE|DROP|ALTER) (?:ROLE|USER|GROUP) (?!MAPPING )/,
    why: 'changes roles, which belong to the whole server',
    hint: CLUSTER,
  },
  {
    is: /^(?:CREATE|DROP|ALTER) TABLESPACE /,
    why: 'changes tablespaces, which belong to the whole server',
    hint: CLUSTER,
  },
  { is: /^ALTER SYSTEM /, why: 'changes the whole server', hint: OUTSIDE },
  { is: /^VACUUM /, why: 'cannot run in a transaction, and a restore is one', hint: OUTSIDE },
  {
    is: /^(?!REFRESH )(?:CREATE|DROP|REINDEX|ALTER) .*?\bCONCURRENTLY /,
    why: 'says CONCURRENTLY, which cannot run in a transaction, and a restore is one',
    hint: 'Remove the word CONCURRENTLY from the file.',
  },
  {
    is: /^(?:REINDEX (?:\( [^)]*\) )?(?:DATABASE|SYSTEM|SCHEMA)|DISCARD ALL|CLUSTER ;) /,
    why: 'cannot run in a transaction, and a restore is one',
    hint: OUTSIDE,
  },
  {
    is: /^(?:ROLLBACK(?! (?:WORK |TRANSACTION )?TO )|ABORT|PREPARE TRANSACTION|COMMIT PREPARED) /,
    why: 'would end the one transaction that a restore is',
    hint: 'Remove it from the file.',
  },
  { is: /^(?:USE|LOCK TABLES|UNLOCK TABLES) /, why: 'is SQL of another database system', hint: OTHER_SYSTEM },
  { is: /^PRAGMA /, why: 'is SQL of SQLite', hint: OTHER_SYSTEM },
];

const TRANSACTION = /^(?:BEGIN|START TRANSACTION|COMMIT|END) /;

/**
 * What to do with a statement.
 * @throws {CofreError} `RESTORE_REFUSED`
 */
export function judge(tokens: readonly Token[], line: number): 'run' | 'transaction' {
  // A quoted name is no key word.
  const head = tokens.map(({ kind, text }) => `${kind === 'name' ? '"' : text} `).join('');
  const rule = RULES.find(({ is }) => is.test(head));
  if (rule) {
    const words = /^[A-Z]+(?: [A-Z]+)?/.exec(head)?.[0];
    throw refused(`Line ${line}: ${words} ${rule.why}.`, rule.hint);
  }
  return TRANSACTION.test(head) ? 'transaction' : 'run';
}
