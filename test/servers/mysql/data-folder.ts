import { spawn } from 'node:child_process';
import { once } from 'node:events';
import { existsSync, mkdirSync, mkdtempSync, readFileSync, renameSync, rmSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { text } from 'node:stream/consumers';
import { makeCertificate } from '../certificate.ts';
import type { Installation } from './packages.ts';
import type { Flavor } from './versions.ts';

export const SUPERUSER = 'root';

/** What a URL must escape, what a shell must quote, and a letter outside ASCII. */
export const PASSWORD = 'p@ss/w:rd?#[]%&+ é';

const LOGIN = `
CREATE USER '${SUPERUSER}'@'%' IDENTIFIED BY '${PASSWORD}';
GRANT ALL PRIVILEGES ON *.* TO '${SUPERUSER}'@'%' WITH GRANT OPTION;
`;

/** Where a server finds what belongs to it. */
export function basicOptions({ version, usr, share, plugins }: Installation, data: string): string[] {
  return [
    '--no-defaults',
    // A server asks for it when we are root, and does not mind when we are not.
    `--user=${process.getuid?.() === 0 ? 'root' : (process.env['USER'] ?? 'nobody')}`,
    `--basedir=${usr}`,
    `--datadir=${data}`,
    `--character-sets-dir=${share}/charsets`,
    `--lc-messages-dir=${share}`,
    `--plugin-dir=${plugins}`,
    ...(version.flavor === 'mysql' ? ['--loose-innodb-redo-log-capacity=64M'] : []),
  ];
}

/**
 * An initialised data folder, with a certificate, to be copied: that takes a tenth of the time of making one, which
 * happens once for each installation.
 */
export async function templateFolder(installation: Installation): Promise<string> {
  const template = join(installation.cache, 'data');
  if (!existsSync(template)) await initialise(installation, template);
  return template;
}

/** The new template appears all at once; of two processes that make it, one is in vain. */
async function initialise(installation: Installation, template: string): Promise<void> {
  const folder = mkdtempSync(join(installation.cache, 'data.'));
  try {
    await bootstrap[installation.version.flavor](installation, folder);
    await makeCertificate(join(folder, 'data'));
    renameSync(join(folder, 'data'), template);
  } catch (error) {
    if (!existsSync(template)) throw error;
  } finally {
    rmSync(folder, { recursive: true, force: true });
  }
}

const bootstrap: Readonly<Record<Flavor, (installation: Installation, folder: string) => Promise<void>>> = {
  async mysql(installation, folder) {
    const script = join(folder, 'login.sql');
    writeFileSync(script, `${LOGIN}DROP USER '${SUPERUSER}'@'localhost';\n`);
    const options = ['--initialize-insecure', '--skip-log-bin', `--init-file=${script}`];
    await mysqld(installation, join(folder, 'data'), options, '');
  },
  /** What `mariadb-install-db` does, which looks for the programs where they were not unpacked. */
  async mariadb(installation, folder) {
    const { version, share } = installation;
    const scripts = (version.bootstrap ?? []).map((name) => readFileSync(join(share, name), 'utf8'));
    const begin = 'CREATE DATABASE mysql;\nUSE mysql;\nSET @auth_root_socket = NULL;\n';
    const end = "DELETE FROM global_priv WHERE User IN ('root', '');\nFLUSH PRIVILEGES;\n";
    const input = [begin, ...scripts, end, LOGIN].join('\n');
    mkdirSync(join(folder, 'data'));
    await mysqld(installation, join(folder, 'data'), ['--bootstrap'], input);
  },
};

async function mysqld(
  installation: Installation,
  data: string,
  options: readonly string[],
  input: string,
): Promise<void> {
  const args = [...basicOptions(installation, data), ...options];
  const child = spawn(join(installation.bin, 'mysqld'), args, { stdio: ['pipe', 'ignore', 'pipe'] });
  child.stdin.on('error', () => {}).end(input);
  const [errors, [status]] = await Promise.all([text(child.stderr), once(child, 'close')]);
  if (status !== 0) throw new Error(`mysqld ended with ${status}:\n${errors.slice(-4_000)}`);
}
