import { execFile, spawnSync } from 'node:child_process';
import { createHash } from 'node:crypto';
import { existsSync, mkdirSync, readdirSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { promisify } from 'node:util';
import { installPackages } from '../../support/apt.ts';
import { runAs } from '../account.ts';

const run = promisify(execFile);
const here = import.meta.dirname;
const cacheFolder = join(here, '../../../.cache');

/** What a server is unpacked from. */
export interface Packages {
  /** Of Debian, such as `bookworm`. */
  readonly suite: string;
  /** Debian's packages; what they need comes with them. */
  readonly debian: readonly string[];
  /** Packages that come from another suite, where it has a newer version of them. */
  readonly newer?: { readonly suite: string; readonly debian: readonly string[] };
  /** Packages that stay away, with all that only they need: the programs run without them. */
  readonly without?: readonly string[];
  /** A jar of Maven's central repository that has the server, which is unpacked into `opt`. */
  readonly jar?: {
    /** `group:name:version` */
    readonly artifact: string;
    readonly sha256: string;
    /** Of the jar: a folder, or a packed one (`.tar.gz`). */
    readonly part: string;
  };
  /** Links that the packages' own scripts would make, by where they are in `root`; a target is in the same folder. */
  readonly links?: Readonly<Record<string, string>>;
  /** A folder of files that are copied into this one of `root`. */
  readonly added?: { readonly from: string; readonly to: string };
  /** Programs by the names they get in `bin`; where they are in `root`, such as `usr/sbin/mariadbd`. No links. */
  readonly programs: Readonly<Record<string, string>>;
}

/** Where packages were unpacked. */
export interface Unpacked {
  /** Holds the programs. */
  readonly bin: string;
  /** What would be `/` had they been installed. */
  readonly root: string;
  /** A folder for what was made with this very installation. */
  readonly cache: string;
}

/**
 * Packages, unpacked into `.cache` by the first who needs them. Whatever version Debian has on that day stays there;
 * jars are held to their checksum.
 *
 * @throws Error when that fails; the message ends with the output of apt-get or Maven.
 */
export async function unpacked(name: string, packages: Packages): Promise<Unpacked> {
  const folder = join(cacheBase(), `${name}-${fingerprint(packages)}`);
  if (!existsSync(join(folder, 'ready'))) await unpack(folder, packages);
  return { bin: join(folder, 'bin'), root: join(folder, 'root'), cache: folder };
}

/** PostgreSQL's servers do not run as root, so when we do, they need a place that others can reach. */
export function cacheBase(): string {
  mkdirSync(cacheFolder, { recursive: true });
  return spawnSync('test', ['-x', cacheFolder], runAs).status === 0 ? cacheFolder : '/var/tmp/cofre-tests';
}

async function unpack(folder: string, packages: Packages): Promise<void> {
  mkdirSync(join(folder, '..'), { recursive: true });
  if (packages.jar && spawnSync('mvn', ['--version']).status !== 0) installPackages('maven');
  try {
    const env = { ...process.env, ...environment(packages), DEBIAN_FRONTEND: 'noninteractive' };
    await run('flock', [`${folder}.lock`, 'sh', join(here, 'unpack.sh'), folder], { env });
  } catch (error) {
    const { stdout, stderr } = error as { stdout: string; stderr: string };
    const what = [...packages.debian, packages.jar?.artifact ?? ''].join(' ');
    throw new Error(`Cannot unpack ${what} (Debian ${packages.suite}):\n${stdout}${stderr}`, {
      cause: error,
    });
  }
}

/** As the scripts read it. */
function environment(packages: Packages): Record<string, string> {
  const { suite, debian, newer, without, jar, links = {}, added, programs } = packages;
  return {
    SUITE: suite,
    PACKAGES: debian.join(' '),
    NEWER_SUITE: newer?.suite ?? '',
    NEWER: newer?.debian.join(' ') ?? '',
    WITHOUT: without?.join(' ') ?? '',
    JAR: jar?.artifact ?? '',
    JAR_SHA256: jar?.sha256 ?? '',
    JAR_PART: jar?.part ?? '',
    LINKS: pairs(links),
    ADDED_FROM: added?.from ?? '',
    ADDED_TO: added?.to ?? '',
    PROGRAMS: pairs(programs),
  };
}

function pairs(record: Readonly<Record<string, string>>): string {
  return Object.entries(record)
    .map(([name, path]) => `${name}=${path}`)
    .join(' ');
}

function fingerprint(packages: Packages): string {
  // Where a clone is makes no difference.
  const { ADDED_FROM, ...others } = environment(packages);
  const hash = createHash('sha256').update(JSON.stringify(others));
  const scripts = filesOf(here).filter((file) => file.endsWith('.sh'));
  for (const file of [...scripts, ...filesOf(ADDED_FROM)]) hash.update(readFileSync(file));
  return hash.digest('hex').slice(0, 12);
}

function filesOf(folder: string | undefined): string[] {
  if (!folder) return [];
  return readdirSync(folder)
    .toSorted()
    .map((file) => join(folder, file));
}
