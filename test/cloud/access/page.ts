import { mkdirSync } from 'node:fs';
import { join, resolve } from 'node:path';
import { AxeBuilder } from '@axe-core/playwright';
import { type Browser, chromium } from 'playwright-core';
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { PASSWORD } from '../../access/cognito.ts';
import { TEXTS } from '../../browser/visit.ts';
import { CHROMIUM_FLAGS, chromiumPath, openContext } from '../../support/chromium.ts';
import { ADMIN, type Stage } from './stage.ts';

const SCREENSHOTS = resolve(import.meta.dirname, '../../../.cache/screenshots');

/** The admin page in a real browser, signing in at the pool's own pages. */
export function describePage(stage: () => Stage): void {
  describe('the page', () => {
    let browser: Browser;
    beforeAll(async () => {
      mkdirSync(SCREENSHOTS, { recursive: true });
      const args = [...CHROMIUM_FLAGS, '--ignore-certificate-errors'];
      browser = await chromium.launch({ executablePath: chromiumPath(), args });
    });
    afterAll(() => browser?.close());

    test.each([
      ['en-US', 'light', { width: 1280, height: 900 }],
      ['pt-BR', 'dark', { width: 360, height: 740 }],
    ] as const)('signs in at the user pool, in %s', async (locale, colorScheme, viewport) => {
      const context = await openContext(browser, { locale, colorScheme, viewport, ignoreHTTPSErrors: true });
      const page = await context.newPage();
      const faults: string[] = [];
      page.on('pageerror', (error) => faults.push(error.message));
      const t = TEXTS[locale];
      await stage().steps.step(`page: sign in, ${locale}`, async () => {
        await page.goto(stage().cloud.outputs['PageUrl']!);
        await page.getByRole('button', { name: t.signIn.submit }).click();
        await page.locator('input[name=username]').fill(ADMIN);
        await page.locator('input[name=password]').fill(PASSWORD);
        await page.locator('[type=submit]').click();
        await page.getByRole('heading', { level: 3 }).first().waitFor();
      });
      expect(page.url()).toBe(stage().cloud.outputs['PageUrl']);
      await page.getByText(ADMIN).first().waitFor();
      await stage().steps.step(`page: backup, ${locale}`, async () => {
        const card = page.getByRole('article', { name: stage().source.name });
        await card.getByRole('button', { name: t.databases.create }).click();
        await page.getByRole('status').getByText(t.jobs.succeeded('backup', stage().source.name)).waitFor();
      });
      const name = `deployed-${locale}-${colorScheme}-${viewport.width}.png`;
      await page.screenshot({ path: join(SCREENSHOTS, name), fullPage: true });
      expect((await new AxeBuilder({ page }).analyze()).violations).toEqual([]);
      expect(faults).toEqual([]);
      await context.close();
    });
  });
}
