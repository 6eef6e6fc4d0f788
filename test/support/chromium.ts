import { execFileSync, spawnSync } from 'node:child_process';
import { accessSync, constants, existsSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { type Browser, chromium } from 'playwright-core';

const PLACES = [
  '/usr/bin/chromium',
  '/usr/bin/google-chrome',
  '/usr/bin/google-chrome-stable',
  '/usr/bin/chromium-browser',
  '/Applications/Google Chrome.app/Contents/MacOS/Google Chrome',
];

/** Quiet: no calls home, so that a test may demand that no request leaves the page's origin. */
export const CHROMIUM_FLAGS: readonly string[] = [
  '--headless',
  '--no-sandbox',
  '--disable-gpu',
  '--no-first-run',
  '--disable-background-networking',
  '--disable-component-update',
  '--disable-sync',
];

/** Starts Chromium, installing it first where that is possible. */
export function launchChromium(): Promise<Browser> {
  return chromium.launch({ executablePath: chromiumPath(), args: [...CHROMIUM_FLAGS] });
}

/**
 * The browser to test with: `COFRE_CHROMIUM`, or one that is installed, or Debian's package installed now.
 * @throws {Error} that says what to do, when there is none and it cannot be installed
 */
export function chromiumPath(): string {
  const chosen = process.env['COFRE_CHROMIUM'];
  if (chosen) return executable(chosen);
  const found = installed();
  if (found) return found;
  if (!canInstall())
    throw new Error(missing('it can be installed by itself only as root on Debian or Ubuntu'));
  install();
  const fresh = installed();
  if (!fresh) throw new Error(missing('apt-get installed it, yet it is in none of the known places'));
  return fresh;
}

function installed(): string | undefined {
  return PLACES.find((path) => existsSync(path));
}

function executable(path: string): string {
  try {
    accessSync(path, constants.X_OK);
    return path;
  } catch {
    throw new Error(`COFRE_CHROMIUM names ${path}, which cannot be run.`);
  }
}

function canInstall(): boolean {
  return process.getuid?.() === 0 && spawnSync('apt-get', ['--version']).status === 0;
}

/** `flock` lets one test process install while the others wait; it lets go by itself should that process die. */
function install(): void {
  const lock = join(tmpdir(), 'cofre-chromium.lock');
  const steps = [
    'command -v chromium && exit 0',
    'apt-get -o DPkg::Lock::Timeout=300 update',
    'apt-get -o DPkg::Lock::Timeout=300 install -y --no-install-recommends chromium',
  ].join('\n');
  try {
    execFileSync('flock', [lock, 'sh', '-ec', steps], {
      stdio: ['ignore', 'ignore', 'pipe'],
      env: { ...process.env, DEBIAN_FRONTEND: 'noninteractive' },
    });
  } catch (error) {
    throw new Error(missing(`apt-get failed: ${String((error as { stderr?: unknown }).stderr ?? error)}`));
  }
}

function missing(why: string): string {
  return `The browser tests need Chromium and found none (${why}). Install it, or set COFRE_CHROMIUM to its path.`;
}
