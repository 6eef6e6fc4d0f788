import type { Browser, BrowserContextOptions, Page } from 'playwright-core';
import { en } from '../../functions/admin/page/i18n/en.ts';
import type { Messages } from '../../functions/admin/page/i18n/messages.ts';
import { ptBR } from '../../functions/admin/page/i18n/pt-br.ts';
import { openContext } from '../support/chromium.ts';

export type Locale = 'en-US' | 'pt-BR';
export const TEXTS: Record<Locale, Messages> = { 'en-US': en, 'pt-BR': ptBR };

/** A page being looked at, with everything that went wrong in it so far. */
export interface Visit {
  readonly page: Page;
  readonly t: Messages;
  /** Errors on the console, breaches of the content security policy, requests to other origins. */
  readonly faults: string[];
  close(): Promise<void>;
}

interface VisitOptions extends Pick<BrowserContextOptions, 'colorScheme' | 'viewport' | 'reducedMotion'> {
  readonly locale?: Locale;
  /** Set up before the page loads, such as routes. */
  readonly prepare?: (page: Page) => Promise<unknown>;
}

/** Opens the admin page as a reader in São Paulo sees it. */
export async function visit(browser: Browser, url: string, options: VisitOptions = {}): Promise<Visit> {
  const { locale = 'en-US', prepare, ...looks } = options;
  const context = await openContext(browser, { locale, timezoneId: 'America/Sao_Paulo', ...looks });
  const page = await context.newPage();
  const faults = await watch(page, url);
  await prepare?.(page);
  await page.goto(url);
  await page.getByRole('heading', { level: 3 }).first().waitFor();
  return { page, t: TEXTS[locale], faults, close: () => context.close() };
}

async function watch(page: Page, url: string): Promise<string[]> {
  const faults: string[] = [];
  page.on('pageerror', (error) => faults.push(`page error: ${error.message}`));
  page.on('console', (message) => {
    if (message.type() === 'error' || message.type() === 'warning') faults.push(`console: ${message.text()}`);
  });
  page.on('request', (request) => {
    if (new URL(request.url()).origin !== new URL(url).origin) faults.push(`request to ${request.url()}`);
  });
  await page.exposeFunction('reportBreach', (what: string) => faults.push(`policy: ${what}`));
  await page.addInitScript(() => {
    addEventListener('securitypolicyviolation', ({ violatedDirective, blockedURI }) => {
      (globalThis as unknown as { reportBreach(what: string): void }).reportBreach(
        `${violatedDirective} ${blockedURI}`,
      );
    });
  });
  return faults;
}

/** Clicks “Create new backup” of the first database, or of the named one, and waits for its end. */
export async function createBackup({ page, t }: Visit, database = 'helpdesk'): Promise<void> {
  await page
    .getByRole('article', { name: database })
    .getByRole('button', { name: t.databases.create })
    .click();
  await page.getByRole('status').getByText(t.jobs.succeeded('backup', database)).waitFor();
  await page.getByRole('button', { name: t.app.dismiss }).click();
  // Backups are named by the second.
  await page.waitForTimeout(1_100);
}

/** Rows of the list of backups, newest first. */
export function backupRows(page: Page) {
  return page.locator('tr.backup-row');
}
