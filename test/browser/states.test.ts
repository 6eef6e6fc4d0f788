import type { Browser, Page } from 'playwright-core';
import { afterAll, afterEach, beforeAll, describe, expect, it } from 'vitest';
import { launchChromium } from '../support/chromium.ts';
import { type App, openApp } from './app.ts';
import { type Canned, company, serveCanned } from './canned.ts';
import { backupRows, type Visit, visit } from './visit.ts';

describe('states that take days to reach', () => {
  let browser: Browser;
  let app: App;
  let here: Visit;
  beforeAll(async () => {
    browser = await launchChromium();
    app = await openApp();
  });
  afterEach(() => here?.close());
  afterAll(async () => {
    await browser?.close();
    await app?.stop();
  });

  async function look(canned: Canned, prepare?: (page: Page) => Promise<unknown>): Promise<Page> {
    here = await visit(browser, app.url, {
      prepare: async (page) => {
        await serveCanned(page, canned);
        await prepare?.(page);
      },
    });
    return here.page;
  }

  it('tells the health of each database in words', async () => {
    const page = await look(company());
    for (const [name, health] of [
      ['helpdesk', 'Up to date'],
      ['billing', 'Late'],
      ['reports', 'Failing'],
      ['archive', 'No backup yet'],
    ] as const) {
      await page.getByRole('article', { name }).getByText(health, { exact: true }).waitFor();
    }
  });

  it('puts schedules and next runs in words', async () => {
    const page = await look(company());
    await page.getByText('Every day at 2:00 AM UTC').waitFor();
    await page.getByText('Every 6 hours').waitFor();
    await page.getByText('Monday to Friday at 3:30 AM UTC').waitFor();
    await page.getByRole('article', { name: 'archive' }).getByText('Only on demand').waitFor();
  });

  it('shows how far a job is: phase, table, rows, bytes, time left', async () => {
    const page = await look(company());
    const bar = page.getByRole('progressbar', { name: 'Backup: billing' });
    expect(Number(await bar.getAttribute('value'))).toBeCloseTo(340 / 1_200);
    const card = page.getByRole('article', { name: 'billing' });
    for (const text of ['reading the data', '28%', 'table public.invoices', '1,234,567 rows'])
      await card.getByText(text).waitFor();
    await card.getByText('340 MB of 1.2 GB').waitFor();
    await card.getByText('about 21 sec left').waitFor();
  });

  it('speaks of progress by the quarter, once each', async () => {
    const canned = company();
    const page = await look(canned);
    const spoken = page.locator('p[role=status]');
    await expect.poll(() => spoken.textContent()).toBe('Backup of billing: 25%.');
    canned.jobs[0] = { ...canned.jobs[0]!, progress: { ...canned.jobs[0]!.progress!, bytes: 400e6 } };
    await page.getByText('400 MB of 1.2 GB').waitFor();
    expect(await spoken.textContent()).toBe('Backup of billing: 25%.');
  });

  it('tells of a job that ended, also of one that was started elsewhere', async () => {
    const canned = company();
    const page = await look(canned);
    await page.getByRole('progressbar').waitFor();
    canned.jobs[0] = { ...canned.jobs[0]!, status: 'succeeded', progress: null };
    await page.getByRole('status').getByText('Backup of billing created.').waitFor();
    await page.getByRole('button', { name: 'Dismiss' }).click();
    expect(await page.getByText('Backup of billing created.').count()).toBe(0);
  });

  it('lists the newest first, more on demand, or of one database only', async () => {
    const page = await look(company());
    expect(await backupRows(page).count()).toBe(25);
    await page.getByRole('button', { name: 'Load more' }).click();
    await page.getByText('50 backups shown').waitFor();
    const times = await page
      .locator('.backup-row time')
      .evaluateAll((all) => all.map((it) => it.getAttribute('datetime')));
    expect(times).toEqual(times.toSorted().reverse());
    await page.getByRole('combobox', { name: 'Database' }).selectOption('billing');
    await expect.poll(() => backupRows(page).count()).toBe(20);
  });

  it('keeps what was loaded when it refreshes', async () => {
    const page = await look({ ...company(), jobs: [] });
    await page.getByRole('button', { name: 'Load more' }).click();
    await page.getByText('50 backups shown').waitFor();
    const answered = page.waitForResponse('**/api/backups?limit=50');
    await page.evaluate(() => dispatchEvent(new Event('focus')));
    await answered;
    expect(await backupRows(page).count()).toBe(50);
  });

  it('draws the sizes over time, and gives them as a table too', async () => {
    const page = await look(company());
    const card = page.getByRole('article', { name: 'helpdesk' });
    await card.getByRole('img', { name: 'Size of the backups of helpdesk over time' }).waitFor();
    expect(await card.locator('.bar').count()).toBe(30);
    await card.locator('.column').first().hover();
    await card.locator('figcaption').getByText('MB').waitFor();
    await card.getByText('Sizes as a table').click();
    expect(await card.getByRole('row').count()).toBe(31);
  });

  it('gives the local time, and UTC beside it', async () => {
    const canned = company();
    const page = await look(canned);
    const { startedAt } = canned.backups[0]!;
    const time = backupRows(page).first().getByRole('time');
    expect(await time.getAttribute('title')).toBe(`${startedAt.slice(0, 19).replace('T', ' ')} UTC`);
    const local = new Date(startedAt).toLocaleString('en-US', {
      dateStyle: 'medium',
      timeStyle: 'short',
      timeZone: 'America/Sao_Paulo',
    });
    expect(await time.textContent()).toBe(local);
  });

  it('deletes the newest backup only when told to all the same', async () => {
    const asked: string[] = [];
    const page = await look(company(), (page) =>
      page.route('**/api/backups/*', (route) => {
        asked.push(`${route.request().method()} ${new URL(route.request().url()).search}`);
        return route.fulfill({ status: 204 });
      }),
    );
    await backupRows(page).first().getByRole('button', { name: 'Delete' }).click();
    await page.getByRole('button', { name: 'Delete anyway' }).click();
    await page.getByText(/^Backup of .* deleted\.$/).waitFor();
    expect(asked).toEqual(['DELETE ?force=true']);
  });
});
