import { spawn } from 'node:child_process';
import { once } from 'node:events';
import { join } from 'node:path';
import type { TestProject } from 'vitest/node';

/**
 * Begins to install all that tests need, side by side, as soon as a whole run begins; a test that comes to its server
 * earlier waits for it under the installer's lock. Nothing fails here: what cannot be installed fails the tests that need
 * it, with the reason. A run of some files only installs what they need.
 */
export default function installAhead({ vitest }: TestProject): (() => Promise<void>) | undefined {
  const { filenamePattern } = vitest as { filenamePattern?: readonly string[] };
  if (filenamePattern !== undefined) return undefined;
  const script = join(import.meta.dirname, 'install-everything.ts');
  const child = spawn(process.execPath, [script], { stdio: 'ignore' });
  const ended = once(child, 'exit').catch(() => {});
  return async () => void (await ended);
}
