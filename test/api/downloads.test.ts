import { readFileSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { gunzipSync, zstdDecompressSync } from 'node:zlib';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { exchange } from './exchange.ts';
import { type Json, openServer, storedBytes, type TestServer } from './server.ts';

let server: TestServer;
const made: Record<string, Json> = {};
beforeAll(async () => {
  server = await openServer();
  for (const compression of ['zstd', 'gzip', 'none'])
    made[compression] = await server.backUp({ compression });
});
afterAll(() => server[Symbol.asyncDispose]());

const pathOf = (url: string) => url.slice(`http://127.0.0.1:${server.port}`.length);
const get = (path: string, method = 'GET') => exchange(server.port, { method, path });

async function mint(id: string, acceptEncoding?: string, query = ''): Promise<Json> {
  const headers = acceptEncoding === undefined ? {} : { 'accept-encoding': acceptEncoding };
  return (await server.call('GET', `/api/backups/${id}/download-url${query}`, { headers })).json;
}

describe('the form of a download', () => {
  it.each([
    ['zstd', 'gzip, deflate, br, zstd', 'plain'],
    ['zstd', 'ZSTD;q=0.5', 'plain'],
    ['zstd', 'gzip, br', 'stored'],
    ['zstd', 'zstd;q=0', 'stored'],
    ['zstd', 'zstd; q=0.000, gzip', 'stored'],
    ['zstd', '', 'stored'],
    ['zstd', undefined, 'stored'],
    ['gzip', 'gzip', 'plain'],
    ['gzip', 'zstd', 'stored'],
    ['none', undefined, 'plain'],
  ])('of %s for Accept-Encoding %j is %s', async (compression, acceptEncoding, form) => {
    const { id, plainName, fileName, size } = made[compression];
    const answer = await mint(id, acceptEncoding);
    expect(answer).toMatchObject({ form, size, fileName: form === 'plain' ? plainName : fileName });
    const minutes = (Date.parse(answer.expiresAt) - Date.now()) / 60_000;
    expect(minutes).toBeGreaterThan(14);
    expect(minutes).toBeLessThanOrEqual(15);
  });

  it('is the stored one by choice', async () => {
    expect(await mint(made['zstd'].id, 'zstd', '?form=stored')).toMatchObject({ form: 'stored' });
  });
});

describe('the file', () => {
  const unpackers = { zstd: zstdDecompressSync, gzip: gunzipSync, none: (bytes: Buffer) => bytes };

  it.each(['zstd', 'gzip', 'none'] as const)(
    'plain, packed by %s on the way: byte for byte the database',
    async (compression) => {
      const { url } = await mint(made[compression].id, compression);
      const { status, headers, bytes } = await get(pathOf(url));
      expect(status).toBe(200);
      expect(headers['content-encoding']).toBe(compression === 'none' ? undefined : compression);
      expect(headers['content-disposition']).toContain(`filename="${made[compression].plainName}"`);
      expect(headers['content-length']).toBe(String(bytes.length));
      expect(unpackers[compression](bytes).equals(readFileSync(server.desk.database))).toBe(true);
    },
  );

  it('stored: byte for byte the object, and never shown by a browser', async () => {
    const { url } = await mint(made['zstd'].id);
    const { headers, bytes } = await get(pathOf(url));
    expect(bytes.equals(storedBytes(server, made['zstd']))).toBe(true);
    expect(headers['content-encoding']).toBeUndefined();
    expect(headers).toMatchObject({
      'content-disposition': expect.stringMatching(/^attachment; filename="db_backup_.*\.zst"/),
      'content-type': 'application/octet-stream',
      'x-content-type-options': 'nosniff',
      'cache-control': 'private, no-store',
    });
  });

  it('by the redirect that mails link to', async () => {
    const { headers } = await server.call('GET', `/api/backups/${made['gzip'].id}/download`, {
      headers: { 'accept-encoding': 'gzip' },
    });
    const { bytes } = await get(pathOf(headers.location!));
    expect(gunzipSync(bytes).equals(readFileSync(server.desk.database))).toBe(true);
  });

  it('HEAD has the headers and no body; other methods are refused', async () => {
    const path = pathOf((await mint(made['none'].id)).url);
    const { status, headers, bytes } = await get(path, 'HEAD');
    expect([status, headers['content-length'], bytes.length]).toEqual([200, String(made['none'].size), 0]);
    for (const method of ['POST', 'DELETE', 'PUT']) {
      const refused = await get(path, method);
      expect([refused.status, refused.headers.allow]).toEqual([405, 'GET, HEAD']);
    }
    expect((await get(path)).status).toBe(200);
  });
});

describe('a link that is not to be honoured', () => {
  const expired = async () => {
    const id = made['zstd'].id;
    const { url } = await server.desk.json(['url', id, '--expires', '1']);
    await new Promise((resolve) => setTimeout(resolve, 1_100));
    return new URL(url).pathname + new URL(url).search;
  };

  it.each<[string, (path: string) => string | Promise<string>]>([
    ['expired', expired],
    ['without a signature', (path) => path.replace(/&signature=.*/, '')],
    ['with another signature', (path) => path.replace(/(?<=signature=)./, (it) => (it === '0' ? '1' : '0'))],
    ['with a later expiry', (path) => path.replace(/expires=\d+/, 'expires=99999999999')],
    ['with another name', (path) => path.replace(/name=\w+/, 'name=evil.html')],
    ['with another type', (path) => `${path}&type=text/html`],
    ['of another backup', (path) => path.replace(/db_backup_\d+_\d+/, 'db_backup_20200101_000000')],
    ['up the tree', (path) => path.replace('/files/shop/', '/files/../shop/')],
    ['up the tree, encoded', (path) => path.replace('/files/shop/', '/files/%2e%2e%2fshop/')],
    ['of the secret that signs', (path) => path.replace(/\/files\/[^?]+/, '/files/.cofre-secret')],
    ['without anything', () => '/files/'],
    ['of the configuration', () => '/files/../cofre.json'],
    ['with broken encoding', () => '/files/%zz?signature=x'],
  ])('%s', async (_, change) => {
    const path = pathOf((await mint(made['zstd'].id)).url);
    const { status, headers, bytes } = await get(await change(path));
    expect([403, 404]).toContain(status);
    if (status === 403) expect(headers['content-type']).toBe('application/problem+json');
    expect(bytes.toString('latin1')).not.toContain('SQLite format');
    expect(bytes.toString()).not.toContain('databases');
  });

  it('after its backup was deleted: 404', async () => {
    const path = pathOf((await mint(made['gzip'].id)).url);
    await server.call('DELETE', `/api/backups/${made['gzip'].id}`);
    expect((await get(path)).status).toBe(404);
  });

  it('of a backup that is damaged: 409, and no link', async () => {
    writeFileSync(join(server.desk.folder, 'backups', made['zstd'].key), 'short');
    const { status, json } = await server.call('GET', `/api/backups/${made['zstd'].id}/download-url`);
    expect([status, json.code]).toEqual([409, 'BACKUP_DAMAGED']);
    const { json: page } = await server.call('GET', '/api/backups');
    expect(page.damaged).toMatchObject([{ database: 'shop' }]);
  });
});
