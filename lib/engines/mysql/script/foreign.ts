import { damaged, refused } from '../../sql/script/refusals.ts';

/** Bytes from the beginning of a file that tell what it is; a tar's mark is at 257. */
export const HEAD = 4_096;

interface Kind {
  readonly is: (text: string) => boolean;
  readonly name: string;
  readonly hint: string;
}

const OTHER_SYSTEM = 'Restore it into a database of its own kind; check the target of the restore.';
const UNPACK = 'Unpack it first; of mydumper, make one file of its .sql files, schema first.';

/** gzip, zstd, bzip2, xz, zip, lz4. */
const PACKED = ['\x1f\x8b', '\x28\xb5\x2f\xfd', 'BZh', '\xfd7zXZ', 'PK\x03\x04', '\x04\x22\x4d\x18'];

/** By their first bytes, read as Latin-1. */
const KINDS: readonly Kind[] = [
  { is: begins('SQLite format 3\0'), name: 'a SQLite database', hint: OTHER_SYSTEM },
  { is: begins('PGDMP'), name: 'a dump of PostgreSQL (custom format)', hint: OTHER_SYSTEM },
  {
    is: comment('PostgreSQL database (?:cluster )?dump'),
    name: 'a dump of PostgreSQL',
    hint: OTHER_SYSTEM,
  },
  {
    is: begins('XBSTCK01'),
    name: 'a physical backup (xbstream)',
    hint: 'Restore it with the tool that made it (xtrabackup, mariadb-backup).',
  },
  { is: begins('\xfebin'), name: 'a binary log', hint: 'Apply it with mysqlbinlog.' },
  { is: (text) => text.slice(257, 262) === 'ustar', name: 'a tar file', hint: UNPACK },
  {
    is: (text) => PACKED.some((magic) => text.startsWith(magic)),
    name: 'packed once more',
    hint: 'Unpack it first.',
  },
  {
    is: (text) => /^(?:\xff\xfe|\xfe\xff)/.test(text),
    name: 'in UTF-16, as PowerShell writes what is redirected with ">"',
    hint: 'Make it again with mysqldump --result-file=FILE.',
  },
  { is: (text) => /^\s*PRAGMA\s/i.test(text), name: "SQL of SQLite's .dump", hint: OTHER_SYSTEM },
  { is: (text) => /^COPY .* FROM stdin;$/m.test(text), name: 'SQL of PostgreSQL', hint: OTHER_SYSTEM },
];

/**
 * Looks at a file's beginning (`HEAD` bytes, or all of a shorter one).
 * @throws {CofreError} `RESTORE_REFUSED` when it is of another kind, naming it; `BACKUP_DAMAGED` when it is no text.
 */
export function requirePlainSql(head: Buffer): void {
  const text = head.toString('latin1');
  const kind = KINDS.find(({ is }) => is(text));
  if (kind) throw refused(`The file is ${kind.name}, not plain SQL for MySQL or MariaDB.`, kind.hint);
  if (text.includes('\0')) throw damaged('has zero bytes at its beginning: it is no SQL text');
}

function begins(magic: string): Kind['is'] {
  return (text) => text.startsWith(magic);
}

function comment(beginning: string): Kind['is'] {
  const pattern = new RegExp(`^-- ${beginning}`, 'm');
  return (text) => pattern.test(text);
}
