import { existsSync } from 'node:fs';
import { installPackages } from './apt.ts';

/** Installs the `zstd` command on a machine that lacks it; Debian has it. */
export function ensureZstd(): void {
  if (!existsSync('/usr/bin/zstd')) installPackages('zstd');
}
