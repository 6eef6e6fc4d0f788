import { accessSync, constants, existsSync } from 'node:fs';
import { type Browser, type BrowserContext, type BrowserContextOptions, chromium } from 'playwright-core';
import { installPackages, isHalfInstalled } from './apt.ts';

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

/** How long it may take to start, and to do one thing, ms: playwright's own half a minute is too short under load. */
const PATIENCE_MS = 300_000;

/** Starts Chromium, installing it first where that is possible. */
export function launchChromium(): Promise<Browser> {
  const args = [...CHROMIUM_FLAGS];
  return chromium.launch({ executablePath: chromiumPath(), args, timeout: PATIENCE_MS });
}

/** A context whose pages wait for what a test waits for, however busy the machine is. */
export async function openContext(browser: Browser, options: BrowserContextOptions): Promise<BrowserContext> {
  const context = await browser.newContext(options);
  context.setDefaultTimeout(PATIENCE_MS);
  return context;
}

/**
 * The browser to test with: `COFRE_CHROMIUM`, or one that is installed, or Debian's package installed now.
 * @throws {Error} that says what to do, when there is none and it cannot be installed
 */
export function chromiumPath(): string {
  const chosen = process.env['COFRE_CHROMIUM'];
  if (chosen) return executable(chosen);
  const found = installed();
  if (found && !isHalfInstalled('chromium')) return found;
  installPackages('chromium');
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

function missing(why: string): string {
  return `The browser tests need Chromium and found none (${why}). Install it, or set COFRE_CHROMIUM to its path.`;
}
