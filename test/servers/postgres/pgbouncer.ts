import { mkdirSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { runAs } from '../account.ts';
import { startGuarded } from '../guarded.ts';
import { cacheBase, unpacked } from '../packages/unpacked.ts';
import { freePort } from '../process.ts';
import { quickestFolder } from '../quickest-folder.ts';
import { makeFolder, PASSWORD, SUPERUSER } from './data-folder.ts';
import type { PostgresServer } from './server.ts';

/** When a connection to the server goes back to the others: at the end of a session, or of each transaction. */
export type PoolMode = 'session' | 'transaction';

export interface Pgbouncer {
  readonly port: number;
  /** A URL of the server, through it. */
  through(url: string): string;
  stop(): Promise<void>;
}

/**
 * Starts pgbouncer 1.18, of Debian's stable release 12, in front of a server, for its superuser; without TLS. At most
 * `connections` of its own go on to the server for each database.
 *
 * @throws Error when it cannot be unpacked or does not start; the message ends with its last output.
 */
export async function startPgbouncer(
  server: PostgresServer,
  poolMode: PoolMode,
  connections: number,
): Promise<Pgbouncer> {
  const { bin } = await unpacked('pgbouncer', {
    suite: 'bookworm',
    debian: ['pgbouncer'],
    without: [
      'adduser',
      'debconf',
      'init-system-helpers',
      'perl',
      'perl-base',
      'postgresql-common',
      'ssl-cert',
    ],
    programs: { pgbouncer: 'usr/sbin/pgbouncer' },
  });
  const port = await freePort();
  const folder = makeFolder(join(quickestFolder(), 'cofre-pgbouncer-'));
  writeFileSync(join(folder, 'users'), `"${SUPERUSER}" "${PASSWORD.replaceAll('"', '""')}"\n`);
  writeFileSync(join(folder, 'ini'), settings(server, { port, folder, poolMode, connections }));
  const template = join(cacheBase(), 'empty');
  mkdirSync(template, { recursive: true });
  const { stop } = await startGuarded({
    folder,
    template,
    command: join(bin, 'pgbouncer'),
    args: [join(folder, 'ini')],
    signal: 'KILL',
    isUp: (output) => output.some((line) => /process up/.test(line)),
    account: runAs,
  });
  return {
    port,
    through: (url) => `${Object.assign(new URL(url), { port: String(port) }).href}?sslmode=disable`,
    stop,
  };
}

interface Place {
  readonly port: number;
  readonly folder: string;
  readonly poolMode: PoolMode;
  readonly connections: number;
}

function settings(server: PostgresServer, { port, folder, poolMode, connections }: Place): string {
  return `
[databases]
* = host=127.0.0.1 port=${server.port}
[pgbouncer]
listen_addr = 127.0.0.1
listen_port = ${port}
unix_socket_dir =
auth_type = scram-sha-256
auth_file = ${folder}/users
pool_mode = ${poolMode}
default_pool_size = ${connections}
ignore_startup_parameters = extra_float_digits
`;
}
