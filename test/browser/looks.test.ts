import { mkdirSync } from 'node:fs';
import { join, resolve } from 'node:path';
import { AxeBuilder } from '@axe-core/playwright';
import type { Browser, Page } from 'playwright-core';
import { afterAll, afterEach, beforeAll, describe, expect, it } from 'vitest';
import { launchChromium } from '../support/chromium.ts';
import { type App, openApp } from './app.ts';
import { company, serveCanned } from './canned.ts';
import { backupRows, createBackup, type Locale, type Visit, visit } from './visit.ts';

const SCREENSHOTS = resolve(import.meta.dirname, '../../.cache/screenshots');
const SIZES = { wide: { width: 1280, height: 900 }, narrow: { width: 360, height: 740 } };

let browser: Browser;
let app: App;
let here: Visit;
beforeAll(async () => {
  mkdirSync(SCREENSHOTS, { recursive: true });
  browser = await launchChromium();
  app = await openApp({ others: { reports: { url: 'sqlite:./missing.sqlite3' } } });
});
afterEach(() => here?.close());
afterAll(async () => {
  await browser?.close();
  await app?.stop();
});

interface Look {
  readonly locale: Locale;
  readonly colorScheme: 'light' | 'dark';
  readonly size: keyof typeof SIZES;
}

/** Each language, scheme and width at least twice, without all eight mixtures. */
const LOOKS: Look[] = [
  { locale: 'en-US', colorScheme: 'light', size: 'wide' },
  { locale: 'pt-BR', colorScheme: 'dark', size: 'wide' },
  { locale: 'pt-BR', colorScheme: 'light', size: 'narrow' },
  { locale: 'en-US', colorScheme: 'dark', size: 'narrow' },
];

describe.each(LOOKS)('every view in $locale, $colorScheme, $size', ({ locale, colorScheme, size }) => {
  const open = (prepare?: (page: Page) => Promise<unknown>) =>
    visit(browser, app.url, {
      locale,
      colorScheme,
      viewport: SIZES[size],
      reducedMotion: 'reduce',
      ...(prepare && { prepare }),
    });
  const check = (name: string) => sound(here, `${name}-${locale}-${colorScheme}-${size}`);

  it('several databases, each in another state, one job under way', async () => {
    here = await open((page) => serveCanned(page, company()));
    await here.page.locator('.bar').first().waitFor();
    await check('overview');
  });

  it('no backup, a failed one, damaged ones', async () => {
    const damaged = [
      { key: 'billing/db_backup_20260101_020000.json', database: 'billing', message: 'Cut short.' },
    ];
    here = await open((page) => serveCanned(page, { ...company(), backups: [], damaged }));
    await check('empty');
  });

  it('a backup with its details', async () => {
    here = await open();
    await createBackup(here);
    const row = backupRows(here.page).first();
    await row.getByRole('button', { name: here.t.app.details }).click();
    await here.page.getByRole('region', { name: here.t.backups.facts.tables }).waitFor();
    await check('details');
  });

  it('the restore dialog', async () => {
    here = await open();
    await clickInRow(here, here.t.backups.restore);
    await here.page.getByRole('textbox').fill('helpdesk');
    await check('restore');
  });

  it('the delete dialog, for the newest backup and for another', async () => {
    here = await open((page) => serveCanned(page, company()));
    await clickInRow(here, here.t.backups.delete);
    await check('delete-newest');
    await here.page.keyboard.press('Escape');
    await here.page.locator('dialog').waitFor({ state: 'detached' });
    await clickInRow(here, here.t.backups.delete, 3);
    await check('delete');
  });

  it('the dialog that removes old backups, with its preview', async () => {
    here = await open();
    const { page, t } = here;
    await page.getByRole('button', { name: t.databases.prune }).first().click();
    const dialog = page.getByRole('dialog');
    await dialog.getByRole('radio', { name: t.prune.keepLast[0] }).check();
    await dialog.getByRole('spinbutton', { name: t.prune.numberOfBackups }).fill('1');
    await dialog.getByRole('button', { name: t.prune.preview }).click();
    await dialog.getByRole('row').nth(1).waitFor();
    await check('prune');
  });

  it('a notice of failure', async () => {
    here = await open();
    const { page, t } = here;
    await page
      .getByRole('article', { name: 'reports' })
      .getByRole('button', { name: t.databases.create })
      .click();
    await page.getByRole('alert').getByText(t.jobs.failed('backup', 'reports')).waitFor();
    await check('failure');
  });
});

/** Looks at the page with axe, at its width, and at what the console said; keeps a picture. */
async function sound({ page, faults }: Visit, name: string): Promise<void> {
  await page.screenshot({ path: join(SCREENSHOTS, `${name}.png`), animations: 'disabled' });
  const { violations } = await new AxeBuilder({ page }).analyze();
  expect(violations.map(({ id, nodes }) => `${id}: ${nodes.map(({ html }) => html).join(' ')}`)).toEqual([]);
  const overflow = () => document.documentElement.scrollWidth - document.documentElement.clientWidth;
  expect(await page.evaluate(overflow)).toBeLessThanOrEqual(0);
  expect(faults).toEqual([]);
}

function clickInRow({ page }: Visit, name: string, index = 0): Promise<void> {
  return backupRows(page).nth(index).getByRole('button', { name, exact: true }).click();
}
