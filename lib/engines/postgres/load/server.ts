import { CofreError } from '../../../errors.ts';
import type { Expected } from '../../engine.ts';
import type { PgSession } from '../wire/connect.ts';
import { oneRow } from '../wire/one-row.ts';
import { nameOf } from '../wire/url.ts';

/** What the target has of what statements may refer to. */
export interface Surroundings {
  readonly versionNum: number;
  readonly roles: ReadonlySet<string>;
  readonly tablespaces: ReadonlySet<string>;
  /** What stays when the target is cleared, so that it is not made again. */
  readonly kept: Kept;
}

export interface Kept {
  readonly schemas: ReadonlySet<string>;
  /** Extensions that we may not change, as somebody else owns them. */
  readonly foreignExtensions: ReadonlySet<string>;
}

/** What a restore has to know of the server that it goes to. */
export interface Server extends Omit<Surroundings, 'kept'> {
  /** Of the database that the session is on. */
  readonly encoding: string;
  readonly isSuperuser: boolean;
}

const FACTS = `
  SELECT pg_catalog.current_setting('server_version_num')::int AS "versionNum",
    pg_catalog.current_setting('server_encoding') AS encoding,
    pg_catalog.pg_is_in_recovery() AS "inRecovery",
    (SELECT rolsuper FROM pg_catalog.pg_roles WHERE rolname = current_user) AS "isSuperuser",
    ARRAY(SELECT rolname::text FROM pg_catalog.pg_roles) AS roles,
    ARRAY(SELECT spcname::text FROM pg_catalog.pg_tablespace) AS tablespaces`;

interface ServerRow extends Omit<Server, 'roles' | 'tablespaces'> {
  readonly roles: readonly string[];
  readonly tablespaces: readonly string[];
  readonly inRecovery: boolean;
}

/** @throws {CofreError} `RESTORE_REFUSED` for a standby. */
export async function readServer({ client, settings }: PgSession): Promise<Server> {
  const { roles, tablespaces, inRecovery, ...facts } = await oneRow<ServerRow>(client, FACTS);
  if (inRecovery) {
    throw new CofreError('RESTORE_REFUSED', `${nameOf(settings)} is a standby: it cannot be written to.`, {
      hint: 'Restore into its primary; the standby follows.',
    });
  }
  return { ...facts, roles: new Set(roles), tablespaces: new Set(tablespaces) };
}

/**
 * The server that a dump is of, `server_version_num`: by the manifest, or by pg_dump's own comment.
 * @param head the beginning of the dump
 */
export function dumpedVersion(expected: Expected | undefined, head: string): number | undefined {
  const noted = expected?.details?.['serverVersionNum'];
  if (typeof noted === 'number') return noted;
  const major = /^-- Dumped from database version (\d+)/m.exec(head)?.[1];
  return major === undefined ? undefined : Number(major) * 10_000;
}

/** @throws {CofreError} `RESTORE_REFUSED` for a dump of a newer major version. */
export function requireNotOlder({ versionNum }: Server, dumped: number | undefined): void {
  const [target, source] = [Math.floor(versionNum / 10_000), Math.floor((dumped ?? 0) / 10_000)];
  if (source <= target) return;
  throw new CofreError(
    'RESTORE_REFUSED',
    `The backup is of PostgreSQL ${source}, the target is PostgreSQL ${target}, which may not know all that is in it.`,
    { hint: `Nothing was changed. Restore into a server of version ${source} or newer.` },
  );
}

/** @param details of the manifest */
export function encodingWarnings({ encoding }: Server, details: Expected['details']): string[] {
  const dumped = details?.['encoding'];
  if (typeof dumped !== 'string' || dumped === encoding) return [];
  return [`The backup is of a database in ${dumped}, the target is in ${encoding}: text was converted.`];
}
