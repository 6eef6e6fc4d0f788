import { execFileSync } from 'node:child_process';
import { existsSync } from 'node:fs';

/** Installs the `zstd` command on a machine that lacks it; Debian has it. */
export function ensureZstd(): void {
  if (existsSync('/usr/bin/zstd')) return;
  execFileSync('apt-get', ['update', '-qq'], { stdio: 'ignore' });
  execFileSync('apt-get', ['install', '-y', '-qq', '--no-install-recommends', 'zstd'], { stdio: 'ignore' });
}
