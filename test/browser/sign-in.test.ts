import { mkdirSync, readFileSync } from 'node:fs';
import { join, resolve } from 'node:path';
import { AxeBuilder } from '@axe-core/playwright';
import type { Browser, BrowserContext, Page } from 'playwright-core';
import { afterAll, afterEach, beforeAll, beforeEach, describe, expect, it } from 'vitest';
import { openScene, type Scene } from '../access/scene.ts';
import { backUpDaysAgo } from '../cli/seed.ts';
import { launchChromium, openContext } from '../support/chromium.ts';
import { type Locale, TEXTS } from './visit.ts';

const SCREENSHOTS = resolve(import.meta.dirname, '../../.cache/screenshots');
const t = TEXTS['en-US'];
const ADMIN = 'maria@example.com';
const VIEWER = 'joao@example.com';

let browser: Browser;
let scene: Scene;
let id: string;
let context: BrowserContext;
let page: Page;
let faults: string[];
beforeAll(async () => {
  mkdirSync(SCREENSHOTS, { recursive: true });
  [browser, scene] = await Promise.all([launchChromium(), openScene()]);
  ({ id } = await backUpDaysAgo(scene.desk.folder, 1));
});
beforeEach(() => open());
afterEach(() => context?.close());
afterAll(async () => {
  await browser?.close();
  await scene?.[Symbol.asyncDispose]();
});

async function open(looks: Parameters<Browser['newContext']>[0] = {}): Promise<void> {
  await context?.close();
  context = await openContext(browser, { locale: 'en-US', ...looks });
  page = await context.newPage();
  faults = [];
  page.on('pageerror', (error) => faults.push(error.message));
  page.on('console', (message) => {
    // The issuer's own pages ask for fonts of elsewhere.
    const ours = message.location().url.startsWith(new URL(scene.gateway.url).origin);
    if (message.type() === 'error' && ours) faults.push(message.text());
  });
}

/** The page's own button, then the issuer's two pages: who, and whether the page may know. */
async function signIn(name: string, texts = t): Promise<void> {
  await page.getByRole('button', { name: texts.signIn.submit }).click();
  await page.getByPlaceholder('Enter any login').fill(name);
  await page.getByPlaceholder('and password').fill('any');
  await page.getByRole('button', { name: 'Sign-in' }).click();
  await page.getByRole('button', { name: 'Continue' }).click();
  await page.getByRole('heading', { level: 3 }).first().waitFor();
}

const stored = (key: string) => page.evaluate((it) => sessionStorage.getItem(it), key);

describe('signing in', () => {
  it('shows nothing before, everything after, and leaves no code in the address', async () => {
    const asked: string[] = [];
    page.on('request', (request) => asked.push(new URL(request.url()).pathname));
    await page.goto(scene.gateway.url);
    await page.getByRole('heading', { name: t.signIn.heading }).waitFor();
    expect(asked.filter((path) => path.includes('/api/'))).toEqual([]);
    await signIn(ADMIN);
    expect(page.url()).toBe(scene.gateway.url);
    await page.getByText(ADMIN).waitFor();
    await page.getByRole('button', { name: t.databases.create }).waitFor();
    expect(faults).toEqual([]);
  });

  it('lasts over a reload, but not in another tab', async () => {
    await page.goto(scene.gateway.url);
    await signIn(ADMIN);
    await page.reload();
    await page.getByRole('heading', { level: 3 }).first().waitFor();
    const other = await context.newPage();
    await other.goto(scene.gateway.url);
    await other.getByRole('heading', { name: t.signIn.heading }).waitFor();
  });

  it('by the keyboard alone', async () => {
    await page.goto(scene.gateway.url);
    const button = page.getByRole('button', { name: t.signIn.submit });
    await button.waitFor();
    await page.keyboard.press('Tab');
    for (let i = 0; i < 4 && !(await button.evaluate((it) => it === document.activeElement)); i += 1)
      await page.keyboard.press('Tab');
    await page.keyboard.press('Enter');
    await page.getByPlaceholder('Enter any login').waitFor();
  });

  it('makes a backup, and the job says who asked', async () => {
    await page.goto(scene.gateway.url);
    await signIn(ADMIN);
    await page.getByRole('button', { name: t.databases.create }).click();
    await page.getByRole('status').getByText(t.jobs.succeeded('backup', 'shop')).waitFor();
    const [job] = await scene.cofre.journal.list({ limit: 1 });
    expect(job).toMatchObject({ kind: 'backup', actor: `user:${ADMIN}`, status: 'succeeded' });
  });
});

describe('a viewer', () => {
  it('sees, and finds no button that would be refused', async () => {
    await page.goto(scene.gateway.url);
    await signIn(VIEWER);
    await page.getByText(t.signIn.viewer).waitFor();
    const { create, prune } = t.databases;
    const { restore, download, verify, delete: remove } = t.backups;
    await page.locator('tr.backup-row').first().waitFor();
    for (const name of [create, prune, restore, download, verify, remove])
      expect([name, await page.getByRole('button', { name }).count()]).toEqual([name, 0]);
    await page.locator('tr.backup-row').getByRole('button', { name: t.app.details }).first().click();
    await page.getByRole('region', { name: t.backups.facts.tables }).waitFor();
    expect(await page.locator('.downloads').count()).toBe(0);
    expect(faults).toEqual([]);
  });
});

describe('the end of a session', () => {
  it('signs out here and at the issuer', async () => {
    await page.goto(scene.gateway.url);
    await signIn(ADMIN);
    await page.getByRole('button', { name: t.signIn.out }).click();
    await page.getByRole('button', { name: /yes/i }).click();
    await page.getByRole('heading', { name: t.signIn.heading }).waitFor();
    expect(await stored('cofre.tokens')).toBeNull();
    await page.getByRole('button', { name: t.signIn.submit }).click();
    await page.getByPlaceholder('Enter any login').waitFor();
  });

  it('a token that the API refuses leads back to the sign-in', async () => {
    await page.goto(scene.gateway.url);
    await signIn(ADMIN);
    await page.evaluate(() => {
      const tokens = JSON.parse(sessionStorage.getItem('cofre.tokens')!);
      sessionStorage.setItem('cofre.tokens', JSON.stringify({ ...tokens, access_token: 'e30.e30.e30' }));
    });
    await page.reload();
    await page.getByRole('heading', { name: t.signIn.heading }).waitFor();
    expect(await stored('cofre.tokens')).toBeNull();
  });

  it('an old token is renewed without a word, and once only', async () => {
    await page.goto(scene.gateway.url);
    await signIn(ADMIN);
    const before = JSON.parse((await stored('cofre.tokens'))!);
    let renewals = 0;
    page.on('request', (request) => {
      if (request.url().endsWith('/token')) renewals += 1;
    });
    await page.evaluate(() => {
      const tokens = JSON.parse(sessionStorage.getItem('cofre.tokens')!);
      sessionStorage.setItem('cofre.tokens', JSON.stringify({ ...tokens, until: 0 }));
    });
    await page.reload();
    await page.getByRole('heading', { level: 3 }).first().waitFor();
    const after = JSON.parse((await stored('cofre.tokens'))!);
    expect(after.access_token).not.toBe(before.access_token);
    expect(after.until).toBeGreaterThan(Date.now());
    expect(renewals).toBe(1);
  });

  it('one that cannot be renewed leads back to the sign-in', async () => {
    await page.goto(scene.gateway.url);
    await signIn(ADMIN);
    await page.evaluate(() => {
      const tokens = JSON.parse(sessionStorage.getItem('cofre.tokens')!);
      const spent = { ...tokens, refresh_token: 'spent', until: 0 };
      sessionStorage.setItem('cofre.tokens', JSON.stringify(spent));
    });
    await page.reload();
    await page.getByRole('heading', { name: t.signIn.heading }).waitFor();
  });
});

describe('a sign-in that fails', () => {
  it.each([
    ['a code that nobody here asked for', '?code=stolen&state=theirs'],
    ['a code of another attempt', '?code=stolen&state=OWN'],
    ['a refusal of the issuer', '?error=access_denied&error_description=Not+today&state=x'],
  ])('%s: said, and to be tried again', async (_, query) => {
    await page.goto(scene.gateway.url);
    await page.getByRole('button', { name: t.signIn.submit }).click();
    await page.waitForURL((url) => url.href.startsWith(scene.issuer.settings.issuer));
    await page.goBack();
    const pending = JSON.parse((await stored('cofre.sign-in'))!);
    const exchanged: string[] = [];
    page.on('request', (request) => exchanged.push(request.url()));
    await page.goto(`${scene.gateway.url}${query.replace('OWN', pending[1])}`);
    await page.getByRole('alert').getByText(t.faults.SIGN_IN_FAILED[0]).waitFor();
    expect(page.url()).toBe(scene.gateway.url);
    expect(await stored('cofre.tokens')).toBeNull();
    // Of another's code nothing is told to the issuer.
    if (query.includes('theirs')) expect(exchanged.some((url) => url.endsWith('/token'))).toBe(false);
    await page.getByRole('button', { name: t.signIn.submit }).waitFor();
  });
});

describe('a link of a mail', () => {
  it('asks to sign in, then downloads', async () => {
    await page.goto(`${scene.gateway.url}#download=${id}`);
    const download = page.waitForEvent('download');
    await signIn(ADMIN);
    const file = await (await download).path();
    expect(readFileSync(file).subarray(0, 15).toString()).toBe('SQLite format 3');
    await page
      .getByRole('status')
      .getByText(/^Download of db_backup_/)
      .waitFor();
    expect(page.url()).toBe(scene.gateway.url);
  });

  it('says so when it may not, or when the backup is gone', async () => {
    await page.goto(`${scene.gateway.url}#download=${id}`);
    await signIn(VIEWER);
    await page.getByRole('alert').getByText(t.faults.FORBIDDEN[0]).waitFor();
    await page.goto('about:blank');
    await page.goto(`${scene.gateway.url}#download=shop-20200101-000000`);
    await page.getByRole('alert').getByText(t.faults.BACKUP_NOT_FOUND[0]).waitFor();
  });
});

describe.each([
  { locale: 'en-US', colorScheme: 'light', size: { width: 1280, height: 900 } },
  { locale: 'pt-BR', colorScheme: 'dark', size: { width: 360, height: 740 } },
  { locale: 'pt-BR', colorScheme: 'light', size: { width: 360, height: 740 } },
  { locale: 'en-US', colorScheme: 'dark', size: { width: 1280, height: 900 } },
] as const)('looks in $locale, $colorScheme, $size.width', ({ locale, colorScheme, size }) => {
  it('the sign-in, and the page of an admin with a long name', async () => {
    await open({ locale, colorScheme, viewport: size, reducedMotion: 'reduce' });
    const texts = TEXTS[locale as Locale];
    await page.goto(scene.gateway.url);
    await page.getByRole('heading', { name: texts.signIn.heading }).waitFor();
    await sound(`sign-in-${locale}-${colorScheme}-${size.width}`);
    await signIn(colorScheme === 'dark' ? VIEWER : ADMIN, texts);
    await sound(`signed-in-${locale}-${colorScheme}-${size.width}`);
  });
});

async function sound(name: string): Promise<void> {
  await page.screenshot({ path: join(SCREENSHOTS, `${name}.png`), animations: 'disabled' });
  const { violations } = await new AxeBuilder({ page }).analyze();
  expect(violations.map(({ id: rule, nodes }) => `${rule}: ${nodes.map(({ html }) => html)}`)).toEqual([]);
  const overflow = () => document.documentElement.scrollWidth - document.documentElement.clientWidth;
  expect(await page.evaluate(overflow)).toBeLessThanOrEqual(0);
}
