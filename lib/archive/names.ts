import { compactTimestamp } from '../clock.ts';
import { CofreError } from '../errors.ts';

/** `<database>-YYYYMMDD-HHMMSS`, UTC: what people type and what stands in URLs. Unique within a store. */
export const BACKUP_ID = /^([A-Za-z0-9][A-Za-z0-9_.-]{0,99})-(\d{8})-(\d{6})$/;

export const DATABASE_NAME = /^[A-Za-z0-9][A-Za-z0-9_.-]{0,99}$/;

/** First key segments that Cofre uses for itself. */
const RESERVED = ['jobs', 'locks'];

/** Where the parts of a backup are in the store. */
export interface BackupNames {
  readonly id: string;
  /** `db_backup_YYYYMMDD_HHMMSS.sqlite3` or `.sql`. */
  readonly plainName: string;
  /** `plainName` with the suffix of its compression. */
  readonly file: string;
  readonly key: string;
  readonly manifestKey: string;
}

export function backupNames(
  database: string,
  startedAt: Date,
  extension: string,
  suffix: string,
): BackupNames {
  const stem = `db_backup_${compactTimestamp(startedAt)}`;
  const plainName = `${stem}.${extension}`;
  const file = plainName + suffix;
  return {
    id: `${database}-${compactTimestamp(startedAt).replace('_', '-')}`,
    plainName,
    file,
    key: `${database}/${file}`,
    manifestKey: `${database}/${stem}.json`,
  };
}

/** The manifest's key of an id, or `undefined` when it is not one. */
export function manifestKeyOf(id: string): string | undefined {
  const [, database, day, time] = BACKUP_ID.exec(id) ?? [];
  return database && `${database}/db_backup_${day}_${time}.json`;
}

/** Where the record of a backup's restore test is: beside its manifest. */
export function restoreTestKeyOf({ manifestKey }: { readonly manifestKey: string }): string {
  return manifestKey.replace(/\.json$/, '.restore-test.json');
}

export interface ParsedKey {
  readonly database: string;
  readonly id: string;
  /** `db_backup_YYYYMMDD_HHMMSS`. */
  readonly stem: string;
  readonly kind: 'manifest' | 'archive' | 'restore-test';
}

const KEY =
  /^([^/]+)\/(db_backup_(\d{8})_(\d{6}))\.(json|restore-test\.json|(?:sqlite3|sql)(?:\.zst|\.gz)?)$/;

/** What a key of the store is, or `undefined` for anything that is not part of a backup. */
export function parseKey(key: string): ParsedKey | undefined {
  const [, database, stem, day, time, extension] = KEY.exec(key) ?? [];
  if (!database || !stem || !extension) return undefined;
  return { database, id: `${database}-${day}-${time}`, stem, kind: KINDS[extension] ?? 'archive' };
}

const KINDS: Readonly<Record<string, ParsedKey['kind']>> = {
  json: 'manifest',
  'restore-test.json': 'restore-test',
};

/** @throws {CofreError} `USAGE` when `name` cannot name a database. */
export function requireDatabaseName(name: string): string {
  if (DATABASE_NAME.test(name) && !RESERVED.includes(name)) return name;
  throw new CofreError('USAGE', `"${name}" cannot be the name of a database.`, {
    hint: 'Use letters of ASCII, digits, dot, dash and underscore, at most 100; not "jobs" or "locks".',
  });
}

/** A database name made of any text, for databases given by URL: `Produção (1)` becomes `Producao_1`. */
export function toDatabaseName(text: string): string {
  const plain = text.normalize('NFKD').replaceAll(/\p{M}/gu, '');
  const name = plain
    .replaceAll(/[^A-Za-z0-9_.-]+/g, '_')
    .replaceAll(/^[^A-Za-z0-9]+|_+$/g, '')
    .slice(0, 100);
  return RESERVED.includes(name) ? `${name}_db` : name || 'database';
}
