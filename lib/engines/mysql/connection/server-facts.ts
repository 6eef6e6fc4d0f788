import { CofreError } from '../../../errors.ts';
import type { Role } from '../../sql/connection/failures.ts';

export type Flavor = 'mysql' | 'mariadb';

/** Which server it is. */
export interface ServerFacts {
  readonly flavor: Flavor;
  /** As it calls itself, such as `10.11.18-MariaDB-0+deb12u1` or `9.7.4`. */
  readonly version: string;
  /** As version comments count, `/*!80023 … *\/`: major * 10000 + minor * 100 + patch. */
  readonly number: number;
}

/**
 * MySQL has CHECK constraints, and the table that lists them, since 8.0.16 (release notes); MariaDB before 10.6 has been
 * without support for years.
 */
const OLDEST: Readonly<Record<Flavor, number>> = { mysql: 80_016, mariadb: 100_600 };

/** What the server's greeting says. MariaDB puts `5.5.5-` before its version, for replicas of old. */
export function serverFacts(greeting: string): ServerFacts {
  const version = greeting.replace(/^5\.5\.5-/, '');
  const [, major, minor, patch] = /^(\d+)\.(\d+)(?:\.(\d+))?/.exec(version) ?? [];
  const number = Number(major ?? 0) * 10_000 + Number(minor ?? 0) * 100 + Number(patch ?? 0);
  return { flavor: /mariadb/i.test(version) ? 'mariadb' : 'mysql', version, number };
}

/** @throws {CofreError} `SOURCE_INVALID`, `TARGET_INVALID` for a server that is too old */
export function requireSupported({ flavor, version, number }: ServerFacts, role: Role): void {
  if (number >= OLDEST[flavor]) return;
  const name = flavor === 'mysql' ? 'MySQL' : 'MariaDB';
  throw new CofreError(
    role === 'source' ? 'SOURCE_INVALID' : 'TARGET_INVALID',
    `The server is ${name} ${version}; Cofre works with MySQL 8.0.16 and later, and MariaDB 10.6 and later.`,
    {
      hint: 'Upgrade the server; or dump it with its own mysqldump: `cofre restore FILE` brings that file into a newer one.',
    },
  );
}
