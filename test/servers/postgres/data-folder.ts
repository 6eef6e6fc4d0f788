import { execFile } from 'node:child_process';
import { chownSync, existsSync, mkdirSync, mkdtempSync, renameSync, rmSync, writeFileSync } from 'node:fs';
import { basename, join } from 'node:path';
import { promisify } from 'node:util';
import { runAs } from '../account.ts';
import { makeCertificate } from '../certificate.ts';
import type { Installation } from './packages.ts';

const run = promisify(execFile);

export const SUPERUSER = 'postgres';

/** What a URL must escape, what a shell must quote, and a letter outside ASCII. */
export const PASSWORD = 'p@ss/w:rd?#[]%&+ é';

/** Makes a folder that belongs to the account that the servers run as. */
export function makeFolder(prefix: string): string {
  const folder = mkdtempSync(prefix);
  if (runAs.uid !== undefined) chownSync(folder, runAs.uid, runAs.gid!);
  return folder;
}

/**
 * An initialised data folder, with a certificate, to be copied: that takes a tenth of the time of `initdb`, which
 * runs once for each version.
 */
export async function templateFolder(installation: Installation, version: string): Promise<string> {
  const template = join(installation.cache, `data-${version}`);
  if (!existsSync(template)) await initialise(installation, template);
  return template;
}

/** The new template appears all at once; of two processes that make it, one is in vain. */
async function initialise({ bin, cache }: Installation, template: string): Promise<void> {
  mkdirSync(cache, { recursive: true });
  const folder = makeFolder(join(cache, `${basename(template)}.`));
  try {
    await initdb(bin, folder);
    await makeCertificate(join(folder, 'data'), runAs);
    renameSync(join(folder, 'data'), template);
  } catch (error) {
    if (!existsSync(template)) throw error;
  } finally {
    rmSync(folder, { recursive: true, force: true });
  }
}

async function initdb(bin: string, folder: string): Promise<void> {
  const passwordFile = join(folder, 'password');
  writeFileSync(passwordFile, `${PASSWORD}\n`);
  const options = ['--encoding=UTF8', '--no-locale', '--auth=scram-sha-256', '--no-sync'];
  await run(
    join(bin, 'initdb'),
    [...options, `--username=${SUPERUSER}`, `--pwfile=${passwordFile}`, '-D', join(folder, 'data')],
    { ...runAs, cwd: folder, env: { PATH: process.env['PATH'], LC_ALL: 'C', TZ: 'UTC' } },
  );
}
