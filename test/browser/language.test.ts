import type { Browser } from 'playwright-core';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { en } from '../../functions/admin/page/i18n/en.ts';
import { formatsFor, utc } from '../../functions/admin/page/i18n/formats.ts';
import { ptBR } from '../../functions/admin/page/i18n/pt-br.ts';
import { scheduleInWords } from '../../functions/admin/page/i18n/schedule.ts';
import { launchChromium, openContext } from '../support/chromium.ts';
import { type App, openApp } from './app.ts';
import { visit } from './visit.ts';

const enUS = formatsFor('en-US');
const ptBRFormats = formatsFor('pt-BR');
/** Intl puts narrow no-break spaces where people type plain ones. */
const plain = (text: string) => text.replaceAll(/[\u00a0\u202f]/g, ' ');

describe('numbers, sizes and times', () => {
  it.each([
    [0, '0 byte', '0 byte'],
    [999, '999 byte', '999 byte'],
    [1_500, '1.5 kB', '1,5 kB'],
    [999_999, '1 MB', '1 MB'],
    [12_345_678, '12.3 MB', '12,3 MB'],
    [5e12, '5 TB', '5 TB'],
  ])('writes %d bytes', (bytes, english, portuguese) => {
    expect(enUS.size(bytes).replace('bytes', 'byte')).toBe(english);
    expect(plain(ptBRFormats.size(bytes)).replace('bytes', 'byte')).toBe(portuguese);
  });

  it('writes ages in figures', () => {
    const now = Date.UTC(2026, 10, 23, 12);
    const ago = (seconds: number) => new Date(now - seconds * 1_000).toISOString();
    expect(enUS.age(ago(20), now)).toBe('now');
    expect(enUS.age(ago(7_300), now)).toBe('2 hours ago');
    expect(ptBRFormats.age(ago(7_300), now)).toBe('há 2 horas');
    expect(ptBRFormats.age(ago(25 * 3_600), now)).toBe('há 1 dia');
    expect(ptBRFormats.age(ago(-7_300), now)).toBe('em 2 horas');
  });

  it('writes durations in at most two units', () => {
    expect(enUS.duration(0.42)).toBe('0.4 sec');
    expect(enUS.duration(59.7)).toBe('1 min');
    expect(enUS.duration(125)).toBe('2 min 5 sec');
    expect(plain(ptBRFormats.duration(3_720))).toBe('1 h 2 min');
  });

  it('writes UTC as file names have it', () => {
    expect(utc('2026-11-23T02:00:00.123Z')).toBe('2026-11-23 02:00:00 UTC');
  });

  it('counts by the rules of each language', () => {
    expect(en.count.rows(1)).toBe('1 row');
    expect(en.count.rows(1_000)).toBe('1,000 rows');
    expect(ptBR.count.rows(1)).toBe('1 linha');
    expect(ptBR.count.rows(1_000)).toBe('1.000 linhas');
    expect(ptBR.count.rows(1_000_000)).toBe('1.000.000 de linhas');
  });
});

describe('schedules in words', () => {
  it.each([
    ['cron(0 2 * * ? *)', 'Every day at 2:00 AM UTC', 'Todos os dias às 02:00 UTC'],
    ['cron(30 6,18 * * ? *)', 'Every day at 6:30 AM and 6:30 PM UTC', 'Todos os dias às 06:30 e 18:30 UTC'],
    [
      'cron(0 3 ? * MON-FRI *)',
      'Monday to Friday at 3:00 AM UTC',
      'Segunda-feira a sexta-feira, às 03:00 UTC',
    ],
    ['cron(0 3 ? * 1,4 *)', 'Sunday and Wednesday at 3:00 AM UTC', 'Domingo e quarta-feira, às 03:00 UTC'],
    ['cron(15 4 1 * ? *)', 'Day 1 of each month at 4:15 AM UTC', 'Todo dia 1 do mês, às 04:15 UTC'],
    ['cron(5 * * * ? *)', 'Every hour at :05', 'A cada hora, no minuto 05'],
    ['cron(0 */6 * * ? *)', 'Every 6 hours', 'A cada 6 horas'],
    ['cron(0/15 * * * ? *)', 'Every 15 minutes', 'A cada 15 minutos'],
    ['rate(1 day)', 'Every day', 'Todos os dias'],
    ['rate(12 hours)', 'Every 12 hours', 'A cada 12 horas'],
    ['cron(0 2 L * ? *)', 'cron(0 2 L * ? *)', 'cron(0 2 L * ? *)'],
    ['cron(0 2 ? 1-6 MON#1 *)', 'cron(0 2 ? 1-6 MON#1 *)', 'cron(0 2 ? 1-6 MON#1 *)'],
  ])('%s', (expression, english, portuguese) => {
    expect(plain(scheduleInWords(expression, en.schedule, enUS))).toBe(english);
    expect(plain(scheduleInWords(expression, ptBR.schedule, ptBRFormats))).toBe(portuguese);
  });
});

describe('the choice of language', () => {
  let browser: Browser;
  let app: App;
  beforeAll(async () => {
    browser = await launchChromium();
    app = await openApp();
  });
  afterAll(async () => {
    await browser?.close();
    await app?.stop();
  });

  it('is kept when the reader makes it', async () => {
    const here = await visit(browser, app.url);
    const { page } = here;
    await page.getByRole('combobox', { name: 'Language' }).selectOption('Português (Brasil)');
    await page.getByRole('heading', { name: 'Gerenciador de Backups' }).waitFor();
    await page.reload();
    await page.getByRole('heading', { name: 'Gerenciador de Backups' }).waitFor();
    expect(await page.locator('html').getAttribute('lang')).toBe('pt-BR');
    await here.close();
  });

  it('is English for a browser that asks for neither', async () => {
    const context = await openContext(browser, { locale: 'de-DE' });
    const page = await context.newPage();
    await page.goto(app.url);
    await page.getByRole('heading', { name: 'Backup Manager' }).waitFor();
    await context.close();
  });
});
