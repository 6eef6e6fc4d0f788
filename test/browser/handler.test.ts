import type { APIGatewayProxyEvent, APIGatewayProxyResult } from 'aws-lambda';
import { beforeAll, describe, expect, it } from 'vitest';
import { type PageAssets, packAssets, unpackAssets } from '../../functions/admin/assets.ts';
import { bundlePage } from '../../functions/admin/bundle.ts';
import { createAdminHandler } from '../../functions/admin.ts';
import { silentLogger } from '../../lib/logger.ts';

const MOST_SCRIPT_BYTES = 61_000;

describe('the handler of the admin page', () => {
  let assets: PageAssets;
  beforeAll(async () => {
    assets = await bundlePage();
  });

  function ask(path: string, change: Partial<APIGatewayProxyEvent> = {}): Promise<APIGatewayProxyResult> {
    const event = { httpMethod: 'GET', path, headers: {}, requestContext: {}, ...change };
    return createAdminHandler(assets, silentLogger)(event as APIGatewayProxyEvent);
  }

  it.each([
    ['/', 'text/html; charset=utf-8'],
    ['/app.js', 'text/javascript; charset=utf-8'],
    ['/style.css', 'text/css; charset=utf-8'],
    ['/favicon.svg', 'image/svg+xml'],
  ])('serves %s', async (path, contentType) => {
    const { statusCode, headers, body } = await ask(path);
    expect(statusCode).toBe(200);
    expect(headers?.['Content-Type']).toBe(contentType);
    expect(body).toBe(assets.get(path)!.body.toString());
  });

  it('allows nothing but its own scripts and styles', async () => {
    const { headers } = await ask('/');
    expect(headers?.['Content-Security-Policy']).toBe(
      "default-src 'none'; script-src 'self'; style-src 'self'; img-src 'self' data:; connect-src 'self'; form-action 'none'; base-uri 'none'; frame-ancestors 'none'",
    );
    expect(headers?.['X-Content-Type-Options']).toBe('nosniff');
    expect(headers?.['Cache-Control']).toBe('no-cache');
  });

  it('has neither inline scripts nor inline styles', () => {
    const html = assets.get('/')!.body.toString();
    expect(html).not.toMatch(/<script(?![^>]*\bsrc=)|<style|\sstyle=|\son\w+=/);
  });

  it('answers a HEAD with the head alone', async () => {
    const { statusCode, body, headers } = await ask('/', { httpMethod: 'HEAD' });
    expect([statusCode, body]).toEqual([200, '']);
    expect(headers?.['ETag']).toBe(assets.get('/')!.etag);
  });

  it('answers 304 to who has it already, however the header is written', async () => {
    const { etag } = assets.get('/app.js')!;
    for (const headers of [{ 'If-None-Match': etag }, { 'if-none-match': `"other", W/${etag}` }]) {
      const { statusCode, body } = await ask('/app.js', { headers });
      expect([statusCode, body]).toEqual([304, '']);
    }
    expect((await ask('/app.js', { headers: { 'if-none-match': '"other"' } })).statusCode).toBe(200);
  });

  it('knows no other paths and methods', async () => {
    for (const path of ['/index.html', '/../package.json', '/toString', '/api'])
      expect((await ask(path)).statusCode).toBe(404);
    expect((await ask('/', { httpMethod: 'POST' })).statusCode).toBe(405);
  });

  it('leads from the bare stage to its folder, so that relative addresses hold', async () => {
    const requestContext = { path: '/prod' } as APIGatewayProxyEvent['requestContext'];
    const { statusCode, headers } = await ask('/', { requestContext });
    expect(statusCode).toBe(307);
    expect(new URL(headers!['Location'] as string, 'https://example.com/prod').pathname).toBe('/prod/');
  });

  it('survives being packed into a build', () => {
    expect([...unpackAssets(packAssets(assets))]).toEqual([...assets]);
  });

  it('sends a reader less than 61 kB of script', () => {
    const bytes = (path: string) => assets.get(path)?.body.length ?? Number.NaN;
    const scripts = [...assets.keys()].filter((path) => path.endsWith('.js'));
    expect(scripts.toSorted()).toEqual(['/app.js', '/en.js', '/pt-br.js']);
    for (const language of ['/en.js', '/pt-br.js'])
      expect(bytes('/app.js') + bytes(language)).toBeLessThan(MOST_SCRIPT_BYTES);
  });
});
