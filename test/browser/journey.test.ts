import { createHash } from 'node:crypto';
import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { DatabaseSync } from 'node:sqlite';
import { zstdDecompressSync } from 'node:zlib';
import type { Browser, Download, Page } from 'playwright-core';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { launchChromium } from '../support/chromium.ts';
import { type App, LARGE, openApp } from './app.ts';
import { backupRows, createBackup, type Locale, type Visit, visit } from './visit.ts';

let browser: Browser;
beforeAll(async () => {
  browser = await launchChromium();
});
afterAll(() => browser?.close());

describe.each<Locale>(['en-US', 'pt-BR'])('the manual, page by page, in %s', (locale) => {
  let app: App;
  let here: Visit;
  beforeAll(async () => {
    app = await openApp({ size: LARGE });
    here = await visit(browser, app.url, { locale });
  });
  afterAll(async () => {
    await here?.close();
    await app?.stop();
  });

  it('says that there is no backup yet', async () => {
    const { page, t } = here;
    expect(await page.title()).toBe(`${t.app.title} · Cofre`);
    expect(await page.locator('html').getAttribute('lang')).toBe(locale === 'pt-BR' ? 'pt-BR' : 'en');
    await page.getByText(t.databases.health.never, { exact: true }).waitFor();
    await page.getByText(t.backups.emptyHint).waitFor();
  });

  it('creates a backup, shows it under way, and lists it', async () => {
    const { page, t } = here;
    const release = lock(app.database);
    await page.getByRole('button', { name: t.databases.create }).click();
    await page.getByRole('progressbar', { name: 'helpdesk' }).waitFor();
    await page.getByText(t.jobs.running.backup).waitFor();
    release();
    await page.getByRole('status').getByText(t.jobs.succeeded('backup', 'helpdesk')).waitFor();
    await page.getByRole('progressbar').waitFor({ state: 'detached' });
    await page.getByText(t.databases.health.ok).waitFor();
    expect(await backupRows(page).count()).toBe(1);
    await backupRows(page).getByText(t.backups.held).waitFor();
  });

  it('downloads it unpacked, under its plain name, byte for byte the database', async () => {
    const saved = await downloadBy(here.page, () => clickInRow(here, here.t.backups.download));
    expect(saved.suggestedFilename()).toMatch(/^db_backup_\d{8}_\d{6}\.sqlite3$/);
    const path = join(app.folder, 'plain.sqlite3');
    await saved.saveAs(path);
    expect(hash(readFileSync(path))).toBe(hash(readFileSync(app.database)));
    expect(countTickets(path)).toBe(LARGE.tickets);
  });

  it('downloads the compressed file by choice; it unpacks to the same', async () => {
    const { page, t } = here;
    await backupRows(page).getByRole('button', { name: t.app.details }).click();
    const packed = page.getByRole('button', { name: t.backups.downloadPacked('').slice(0, 15) });
    const saved = await downloadBy(page, () => packed.click());
    expect(saved.suggestedFilename()).toMatch(/^db_backup_\d{8}_\d{6}\.sqlite3\.zst$/);
    const path = join(app.folder, 'packed.zst');
    await saved.saveAs(path);
    expect(hash(zstdDecompressSync(readFileSync(path)))).toBe(hash(readFileSync(app.database)));
  });

  it('made it of several frames, so that the browser had to unpack them all', async () => {
    const { backups } = await getJson(`${app.url}/api/backups`);
    const { frames } = await getJson(`${app.url}/api/backups/${backups[0].id}`);
    expect(frames).toBeGreaterThan(5);
  });

  it('shows the tables of a backup with their rows', async () => {
    const { page, t } = here;
    const tables = page.getByRole('region', { name: t.backups.facts.tables });
    await tables.getByText(t.count.rows(LARGE.users)).waitFor();
    await page.getByText(/^[0-9a-f]{64}$/).waitFor();
    await backupRows(page).getByRole('button', { name: t.app.details }).click();
  });

  it('restores only after the name is typed, and brings the data back', async () => {
    const { page, t } = here;
    app.sql('DELETE FROM comments');
    app.sql('DELETE FROM tickets');
    await clickInRow(here, t.backups.restore);
    const dialog = page.getByRole('dialog', { name: t.restore.title });
    await dialog.getByText(t.restore.warning).waitFor();
    expect(await dialog.getByRole('checkbox', { name: t.restore.safety }).isChecked()).toBe(true);
    const submit = dialog.getByRole('button', { name: t.restore.submit });
    expect(await submit.isDisabled()).toBe(true);
    await dialog.getByRole('textbox').fill('help desk');
    expect(await submit.isDisabled()).toBe(true);
    await dialog.getByRole('textbox').fill('helpdesk');
    await submit.click();
    await page.getByRole('status').getByText(t.jobs.succeeded('restore', 'helpdesk')).waitFor();
    expect(countTickets(app.database)).toBe(LARGE.tickets);
  });

  it('lists the safety backup that the restore made', async () => {
    const { page, t } = here;
    await backupRows(page).getByText(t.backups.triggers['pre-restore']).waitFor();
    expect(await backupRows(page).count()).toBe(2);
  });

  it('verifies a backup', async () => {
    const { page, t } = here;
    await clickInRow(here, t.backups.verify);
    await page.getByRole('status').getByText(t.jobs.succeeded('verify', 'helpdesk')).waitFor();
  });

  it('previews what removing old backups would do, then does it', async () => {
    const { page, t } = here;
    await createBackup(here);
    await page.getByRole('button', { name: t.databases.prune }).click();
    const dialog = page.getByRole('dialog', { name: t.prune.title('helpdesk') });
    await dialog.getByRole('radio', { name: t.prune.keepLast[0] }).check();
    await dialog.getByRole('spinbutton', { name: t.prune.numberOfBackups }).fill('2');
    await dialog.getByRole('button', { name: t.prune.preview }).click();
    await dialog.getByRole('row', { name: t.prune.action.remove }).waitFor();
    expect(await dialog.getByRole('row', { name: t.prune.action.keep }).count()).toBe(2);
    expect(await backupRows(page).count()).toBe(3);
    await dialog.getByRole('button', { name: t.prune.submit(1) }).click();
    await dialog.waitFor({ state: 'detached' });
    await expect.poll(() => backupRows(page).count()).toBe(2);
  });

  it('refuses to delete the newest backup, unless told to all the same', async () => {
    const { page, t } = here;
    await clickInRow(here, t.backups.delete);
    const dialog = page.getByRole('dialog', { name: t.remove.title });
    await dialog.getByRole('alert').getByText(t.remove.refused).waitFor();
    await dialog.getByRole('button', { name: t.remove.force }).waitFor();
    await dialog.getByRole('button', { name: t.app.cancel }).click();
    await page.locator('dialog').waitFor({ state: 'detached' });
    expect(await backupRows(page).count()).toBe(2);
  });

  it('deletes an older backup after a question', async () => {
    const { page, t } = here;
    await backupRows(page).last().getByRole('button', { name: t.backups.delete }).click();
    const dialog = page.getByRole('dialog', { name: t.remove.title });
    await dialog.getByText(t.remove.question).waitFor();
    await dialog.getByRole('button', { name: t.remove.submit, exact: true }).click();
    await expect.poll(() => backupRows(page).count()).toBe(1);
    await expect.poll(() => page.evaluate(() => document.activeElement?.id)).toBe('backups-heading');
  });

  it('had no error on the console, no breach of its policy, no request elsewhere', () => {
    expect(here.faults).toEqual([]);
  });
});

/** Keeps others from reading the database until released, so that a backup of it waits. */
function lock(path: string): () => void {
  const database = new DatabaseSync(path);
  database.exec('BEGIN EXCLUSIVE');
  return () => database.close();
}

function clickInRow({ page }: Visit, name: string): Promise<void> {
  return backupRows(page).first().getByRole('button', { name, exact: true }).click();
}

async function downloadBy(page: Page, action: () => Promise<void>): Promise<Download> {
  const [download] = await Promise.all([page.waitForEvent('download'), action()]);
  return download;
}

// biome-ignore lint/suspicious/noExplicitAny: an answer of the API, looked into once
async function getJson(url: string): Promise<any> {
  return (await fetch(url)).json();
}

function hash(bytes: Buffer): string {
  return createHash('sha256').update(bytes).digest('hex');
}

function countTickets(path: string): unknown {
  using database = new DatabaseSync(path, { readOnly: true });
  return database.prepare('SELECT count(*) AS n FROM tickets').get()?.['n'];
}
