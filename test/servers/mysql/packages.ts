import { execFile } from 'node:child_process';
import { createHash } from 'node:crypto';
import { mkdirSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { promisify } from 'node:util';

const run = promisify(execFile);
const here = import.meta.dirname;
const cacheFolder = join(here, '../../../.cache');

export type Flavor = 'mysql' | 'mariadb';

/** Where the programs of one server are, and where copies of an initialised data folder may be kept. */
export interface Installation {
  /** Holds `mysqld`, `mysql`, `mysqldump`; for MariaDB also `mydumper` and `myloader`. */
  readonly bin: string;
  /** What the packages would have put into `/usr`. */
  readonly usr: string;
  /** A folder for what was made with this very installation. */
  readonly cache: string;
}

/** Debian's packages: MariaDB 10.11 of its stable release 12, and MySQL 9.7, which only `sid` has. */
const PACKAGES: Readonly<Record<Flavor, readonly [suite: string, ...packages: string[]]>> = {
  mysql: ['sid', 'mysql-server-core', 'mysql-client-core'],
  mariadb: ['bookworm', 'mariadb-server', 'mariadb-client', 'mydumper'],
};

/**
 * The programs of one server, unpacked into `.cache` by the first who needs them.
 *
 * @throws Error when that fails; the message ends with the output of apt-get.
 */
export async function unpackedServer(flavor: Flavor): Promise<Installation> {
  const [suite, ...packages] = PACKAGES[flavor];
  const folder = join(cacheFolder, `${flavor}-server-${fingerprint(suite, packages)}`);
  mkdirSync(cacheFolder, { recursive: true });
  try {
    await run('flock', [`${folder}.lock`, 'sh', join(here, 'unpack.sh'), folder, suite, ...packages]);
  } catch (error) {
    const { stdout, stderr } = error as { stdout: string; stderr: string };
    throw new Error(`Cannot unpack ${packages.join(', ')} of Debian ${suite}:\n${stdout}${stderr}`, {
      cause: error,
    });
  }
  return { bin: join(folder, 'bin'), usr: join(folder, 'root/usr'), cache: folder };
}

function fingerprint(suite: string, packages: readonly string[]): string {
  const script = readFileSync(join(here, 'unpack.sh'));
  return createHash('sha256')
    .update(JSON.stringify([suite, packages]))
    .update(script)
    .digest('hex')
    .slice(0, 12);
}
