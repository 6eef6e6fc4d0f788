import { mkdirSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import type { Browser } from 'playwright-core';
import { afterAll, afterEach, beforeAll, describe, expect, it } from 'vitest';
import { launchChromium } from '../support/chromium.ts';
import { type App, openApp } from './app.ts';
import { backupRows, createBackup, type Visit, visit } from './visit.ts';

describe('what goes wrong is shown', () => {
  let browser: Browser;
  let app: App;
  let here: Visit;
  beforeAll(async () => {
    browser = await launchChromium();
    app = await openApp({ others: { reports: { url: 'sqlite:./missing.sqlite3' } } });
  });
  afterEach(() => here?.close());
  afterAll(async () => {
    await browser?.close();
    await app?.stop();
  });

  it('a failed backup, with its reason and what to do', async () => {
    here = await visit(browser, app.url);
    const { page } = here;
    const card = page.getByRole('article', { name: 'reports' });
    await card.getByRole('button', { name: 'Create new backup' }).click();
    const alert = page.getByRole('alert').filter({ hasText: 'Backup of reports failed.' });
    await alert.getByText(/missing\.sqlite3/).waitFor();
    await card.getByText('Failing', { exact: true }).waitFor();
    await card.getByText('The database was not found').waitFor();
    const activity = page.getByRole('region', { name: 'Recent activity' });
    await activity.getByText(/missing\.sqlite3/).waitFor();
  });

  it('a failed backup in Portuguese, the words of the server marked as English', async () => {
    here = await visit(browser, app.url, { locale: 'pt-BR' });
    const card = here.page.getByRole('article', { name: 'reports' });
    await card.getByText('O banco de dados não foi encontrado').waitFor();
    await card.getByText('Confira o endereço dele na configuração.').waitFor();
    expect(await card.locator('[lang=en]').textContent()).toMatch(/missing\.sqlite3/);
  });

  it('a manifest that is no whole backup', async () => {
    const folder = join(app.folder, 'backups/helpdesk');
    mkdirSync(folder, { recursive: true });
    writeFileSync(join(folder, 'db_backup_20260101_000000.json'), '{"formatVersion":');
    here = await visit(browser, app.url);
    await here.page.getByText('1 damaged backup is not counted').waitFor();
    await here.page.getByText('helpdesk/db_backup_20260101_000000.json', { exact: true }).waitFor();
  });

  it('a backup that vanished meanwhile', async () => {
    here = await visit(browser, app.url);
    const { page } = here;
    await createBackup(here);
    await page.route('**/api/backups/*/download-url?*', (route) =>
      route.continue({ url: `${app.url}/api/backups/helpdesk-20200101-000000/download-url` }),
    );
    await backupRows(page).first().getByRole('button', { name: 'Download' }).click();
    await page.getByRole('alert').getByText('No such backup').waitFor();
  });

  it('a busy database: the dialog stays open and says so', async () => {
    const busy = {
      type: 'urn:cofre:error:BUSY',
      title: 'Not possible now',
      status: 409,
      detail: 'A backup of helpdesk is running.',
      code: 'BUSY',
    };
    here = await visit(browser, app.url, {
      prepare: (page) => page.route('**/api/restores', (route) => route.fulfill({ status: 409, json: busy })),
    });
    const { page } = here;
    await backupRows(page).first().getByRole('button', { name: 'Restore' }).click();
    const dialog = page.getByRole('dialog');
    await dialog.getByRole('textbox').fill('helpdesk');
    await page.keyboard.press('Enter');
    await dialog.getByRole('alert').getByText('This database is busy').waitFor();
    await dialog.getByText('A backup of helpdesk is running.').waitFor();
  });

  it('a gateway that answers something else', async () => {
    here = await visit(browser, app.url, {
      prepare: (page) =>
        page.route('**/api/backups/*/verify', (route) => route.fulfill({ status: 401, body: 'no' })),
    });
    await backupRows(here.page).first().getByRole('button', { name: 'Verify' }).click();
    await here.page.getByRole('alert').getByText('You are not signed in').waitFor();
  });

  it('a server that is gone, until it is back', async () => {
    here = await visit(browser, app.url);
    const { page } = here;
    await page.route('**/api/**', (route) => route.abort());
    await page.evaluate(() => dispatchEvent(new Event('focus')));
    const alert = page.getByRole('alert').filter({ hasText: 'The server cannot be reached' });
    await alert.getByText(/^What you see is as of/).waitFor();
    expect(await backupRows(page).count()).toBe(1);
    await page.unroute('**/api/**');
    await alert.getByRole('button', { name: 'Try again' }).click();
    await page.getByText('The server cannot be reached').waitFor({ state: 'detached' });
  });
});
