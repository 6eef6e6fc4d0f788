import type { Browser, Page } from 'playwright-core';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { launchChromium } from '../support/chromium.ts';
import { type App, openApp } from './app.ts';
import { backupRows, type Visit, visit } from './visit.ts';

const MOST_STOPS = 60;

describe('without a mouse', () => {
  let browser: Browser;
  let app: App;
  let here: Visit;
  beforeAll(async () => {
    browser = await launchChromium();
    app = await openApp();
    here = await visit(browser, app.url, { locale: 'pt-BR' });
  });
  afterAll(async () => {
    await here?.close();
    await browser?.close();
    await app?.stop();
  });

  it('jumps over the head of the page', async () => {
    const { page } = here;
    await page.keyboard.press('Tab');
    expect(await focusedText(page)).toBe('Ir para o conteúdo');
    await page.keyboard.press('Enter');
    expect(await page.evaluate(() => document.activeElement?.id)).toBe('content');
  });

  it('creates a backup, and keeps the focus on the button', async () => {
    const { page, t } = here;
    await tabTo(page, 'Criar novo backup');
    await page.keyboard.press('Enter');
    await page.getByRole('status').getByText(t.jobs.succeeded('backup', 'helpdesk')).waitFor();
    expect(await focusedText(page)).toBe('Criar novo backup');
  });

  it('opens and closes the details', async () => {
    const { page } = here;
    await tabTo(page, /, Detalhes$/);
    await page.keyboard.press('Enter');
    await page.getByText('SHA-256').waitFor();
    await page.keyboard.press('Space');
    await page.getByText('SHA-256').waitFor({ state: 'detached' });
  });

  it('leaves the restore dialog by Escape, back to the button it came from', async () => {
    const { page } = here;
    await tabTo(page, 'Restaurar');
    await page.keyboard.press('Enter');
    await page.getByRole('dialog').waitFor();
    expect(await page.evaluate(() => document.activeElement?.tagName)).toBe('INPUT');
    await page.keyboard.press('Escape');
    await gone(page);
    expect(await focusedText(page)).toBe('Restaurar');
  });

  it('keeps the focus inside of the dialog', async () => {
    const { page } = here;
    await page.keyboard.press('Enter');
    await page.getByRole('dialog').waitFor();
    for (let stop = 0; stop < 12; stop++) {
      await page.keyboard.press('Tab');
      // The browser's own bar is between the last and the first; the page behind is out of reach.
      const outside = await page.evaluate(
        () => document.activeElement !== document.body && !document.activeElement?.closest('dialog'),
      );
      expect(outside).toBe(false);
    }
    await page.keyboard.press('Escape');
    await gone(page);
  });

  it('restores: type the name, press Enter', async () => {
    const { page, t } = here;
    app.sql("UPDATE users SET name = 'lost'");
    await page.keyboard.press('Enter');
    await page.getByRole('dialog').waitFor();
    await page.keyboard.type('helpdes');
    await page.keyboard.press('Enter');
    expect(await page.getByRole('dialog').count()).toBe(1);
    await page.keyboard.type('k');
    await page.keyboard.press('Enter');
    await page.getByRole('status').getByText(t.jobs.succeeded('restore', 'helpdesk')).waitFor();
    expect(app.sql("SELECT count(*) AS n FROM users WHERE name = 'lost'")).toEqual([{ n: 0 }]);
    expect(await focusedText(page)).toBe('Restaurar');
  });

  it('deletes, and goes on at the heading of the list', async () => {
    const { page, t } = here;
    const before = await backupRows(page).count();
    await backupRows(page).last().getByRole('button', { name: t.backups.delete }).focus();
    await page.keyboard.press('Enter');
    const dialog = page.getByRole('dialog');
    await dialog.waitFor();
    await tabTo(page, /^Excluir/);
    await page.keyboard.press('Enter');
    await expect.poll(() => backupRows(page).count()).toBe(before - 1);
    await expect.poll(() => focusedText(page)).toBe('Backups');
  });

  it('had no error on the console', () => {
    expect(here.faults).toEqual([]);
  });
});

/** Presses Tab until the focus is on what reads `text`. */
async function tabTo(page: Page, text: string | RegExp): Promise<void> {
  for (let stop = 0; stop < MOST_STOPS; stop++) {
    await page.keyboard.press('Tab');
    const focused = await focusedText(page);
    if (typeof text === 'string' ? focused === text : text.test(focused)) return;
  }
  throw new Error(`Tab does not lead to “${text}”.`);
}

/** A closed dialog loses its role at once, but leaves the page only with its `close` event. */
function gone(page: Page): Promise<void> {
  return page.locator('dialog').waitFor({ state: 'detached' });
}

function focusedText(page: Page): Promise<string> {
  return page.evaluate(() => document.activeElement?.textContent?.trim() ?? '');
}
