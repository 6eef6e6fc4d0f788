import { readFileSync } from 'node:fs';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { lock } from '../cli/cli.ts';
import { exchange } from './exchange.ts';
import { type Json, openServer, type TestServer } from './server.ts';

let server: TestServer;
let id: string;
beforeAll(async () => {
  server = await openServer();
  ({ id } = await server.backUp());
});
afterAll(() => server[Symbol.asyncDispose]());

const JSON_TYPE = { 'content-type': 'application/json' };
const jobs = async (): Promise<Json[]> => (await server.call('GET', '/api/jobs?limit=200')).json.jobs;

describe('400: a request that does not fit', () => {
  it.each([
    ['an unknown field', { database: 'shop', colour: 'red' }, 'colour'],
    ['a field missing', {}, 'database'],
    ['a number as text', { database: 'shop', days: '5' }, '/days'],
    ['a list for a text', { database: ['shop'] }, '/database'],
    ['null', { database: 'shop', email: null }, '/email'],
    ['a fraction', { database: 'shop', days: 1.5 }, '/days'],
    ['too large a number', { database: 'shop', days: 1e300 }, '/days'],
    ['an unknown compression', { database: 'shop', compression: 'lzma' }, '/compression'],
    ['a bad address', { database: 'shop', email: true, recipients: ['a@b@c'] }, '/recipients/0'],
    [
      'a header injected',
      { database: 'shop', email: true, recipients: ['a@b.c\nBcc: x@y.z'] },
      '/recipients/0',
    ],
    ['a path for a name', { database: '../shop' }, '/database'],
    ['a list for the body', [{ database: 'shop' }], 'object'],
  ])('%s', async (_, json, where) => {
    const before = (await jobs()).length;
    const reply = await server.call('POST', '/api/backups', { json });
    expect(reply.status).toBe(400);
    expect(reply.json).toMatchObject({ code: 'USAGE', type: 'urn:cofre:error:USAGE' });
    expect(JSON.stringify(reply.json.errors)).toContain(where);
    expect(await jobs()).toHaveLength(before);
  });

  it.each([
    ['POST', '/api/prune', {}],
    ['POST', '/api/prune', { days: 1, keepLast: 1 }],
    ['POST', '/api/prune', { days: 1, dryRun: 'true' }],
    ['POST', '/api/restores', { database: 'shop', confirm: 'shop' }],
    [
      'POST',
      '/api/restores',
      { database: 'shop', confirm: 'shop', latest: true, backup: 'shop-20260101-000000' },
    ],
    ['POST', '/api/restores', { database: 'shop', confirm: 'shop', latest: true, safetyBackup: 'false' }],
    ...[
      { mode: 'fast' },
      { mode: 'swap' },
      { jobs: 0 },
      { jobs: 2 },
      { noOwner: 'true' },
      { noOwner: true },
      { terminateConnections: true },
      { tables: [] },
      { tables: ['orders'] },
      { tables: 'orders' },
      { replace: true },
    ].map((more): [string, string, object] => [
      'POST',
      '/api/restores',
      { database: 'shop', confirm: 'shop', latest: true, ...more },
    ]),
    ['POST', '/api/restores', { database: 'shop', confirm: 'shop', undo: true }],
    ['POST', '/api/restores', { database: 'shop', confirm: 'shop', undo: true, mode: 'swap' }],
    ['POST', '/api/restores', { database: 'shop', confirm: 'shop', undo: true, latest: true }],
    ['POST', '/api/restores', { database: 'shop', confirm: 'shop', undo: false }],
    ['GET', '/api/backups?limit=0'],
    ['GET', '/api/backups?limit=201'],
    ['GET', '/api/backups?limit=ten'],
    ['GET', '/api/backups?colour=red'],
    ['GET', '/api/backups?__proto__=x'],
    ['GET', '/api/backups?cursor=nonsense'],
    ['GET', '/api/jobs?status=done'],
    ['GET', '/api/jobs/nonsense'],
    ['GET', '/api/backups/nonsense'],
    ['DELETE', '/api/backups/shop-20260101-000000?force=yes'],
  ])('%s %s %j', async (method, path, json?: object) => {
    expect((await server.call(method, path, json ? { json } : {})).status).toBe(400);
    expect((await server.call('GET', '/api/backups')).json.backups).toHaveLength(1);
  });
});

describe('bodies that are not JSON, or too large', () => {
  it.each([
    ['{', JSON_TYPE],
    ['', JSON_TYPE],
    ['"shop"', JSON_TYPE],
    ['null', JSON_TYPE],
    ['{"database":"shop"}', { 'content-type': 'text/plain' }],
    ['database=shop', { 'content-type': 'application/x-www-form-urlencoded' }],
    ['{"database":"shop"}', {}],
    [Buffer.from([0xff, 0xfe, 0x00]), JSON_TYPE],
    ['{"database":"shop","__proto__":{"email":true}}', JSON_TYPE],
  ])('%j %j', async (body, headers) => {
    const before = (await jobs()).length;
    expect((await server.call('POST', '/api/backups', { body, headers })).status).toBe(400);
    expect(await jobs()).toHaveLength(before);
  });

  it.each([70_000, 20_000_000])('%i bytes', async (size) => {
    const body = JSON.stringify({ database: 'shop', recipients: ['a'.repeat(size)] });
    const { status, json } = await server.call('POST', '/api/backups', { body, headers: JSON_TYPE });
    expect([status, json.detail]).toEqual([400, 'The body of the request is too large.']);
  });
});

describe('404 and 405', () => {
  it.each([
    ['GET', '/api'],
    ['GET', '/api/nothing'],
    ['GET', '/apifoo'],
    ['GET', '//'],
    ['GET', '//example.com/api/databases'],
    ['GET', '/api/backups/shop-20200101-000000'],
    ['GET', '/api/backups/shop-20200101-000000/download'],
    ['POST', '/api/backups/shop-20200101-000000/verify'],
    ['GET', '/api/jobs/20200101T000000-00000000'],
  ])('%s %s is not there', async (method, path) => {
    const isApi = path.startsWith('/api/');
    const reply = isApi ? await server.call(method, path) : await raw(method, path);
    expect(reply.status).toBe(404);
  });

  const raw = (method: string, path: string) => exchange(server.port, { method, path });

  it('an unknown database is not there', async () => {
    const restore = { database: 'other', confirm: 'other', latest: true };
    for (const name of ['other', 'constructor', 'toString'])
      expect((await server.call('POST', '/api/backups', { json: { database: name } })).status).toBe(404);
    expect((await server.call('POST', '/api/restores', { json: restore })).status).toBe(404);
  });

  it.each([
    ['PUT', '/api/backups', 'GET, POST'],
    ['HEAD', '/api/databases', 'GET'],
    ['POST', `/api/backups/shop-20200101-000000`, 'GET, DELETE'],
    ['OPTIONS', '/api/prune', 'POST'],
  ])('%s %s is not allowed, and says what is', async (method, path, allowed) => {
    const { status, headers } = await server.call(method, path);
    expect([status, headers.allow]).toEqual([405, allowed]);
  });

  it.each(['/api/jobs/%25', '/api/jobs/%', '/api/jobs/%ff'])('%s is answered as a mistake', async (path) => {
    const { status } = await raw('GET', path);
    expect([400, 404]).toContain(status);
  });
});

describe('409: not possible now', () => {
  it('a busy database, for backup and restore; free again afterwards', async () => {
    let running: Json;
    {
      using _ = lock(server.desk.database);
      running = await server.call('POST', '/api/backups', { json: { database: 'shop' } });
      await expect.poll(async () => (await jobs())[0].status).toBe('running');
      const again = await server.call('POST', '/api/backups', { json: { database: 'shop' } });
      expect([again.status, again.json.code]).toEqual([409, 'BUSY']);
      const restore = { database: 'shop', confirm: 'shop', latest: true };
      expect((await server.call('POST', '/api/restores', { json: restore })).json.code).toBe('BUSY');
      expect((await server.call('GET', '/api/databases')).json.databases[0].running.id).toBe(
        running.json.job.id,
      );
    }
    expect((await server.follow(running)).status).toBe('succeeded');
  });

  it.each(['', 'Shop', 'shop ', 'other'])('a restore confirmed by "%s" changes nothing', async (confirm) => {
    const [bytes, before] = [readFileSync(server.desk.database), (await jobs()).length];
    const { status, json } = await server.call('POST', '/api/restores', {
      json: { database: 'shop', latest: true, confirm },
    });
    expect([status, json.code]).toEqual([409, 'CONFIRMATION_REQUIRED']);
    expect(readFileSync(server.desk.database).equals(bytes)).toBe(true);
    expect(await jobs()).toHaveLength(before);
  });

  it('the held backup is not deleted, by force it is', async () => {
    const newest = (await server.call('GET', '/api/backups?limit=1')).json.backups[0].id;
    expect(newest).not.toBe(id);
    const refused = await server.call('DELETE', `/api/backups/${newest}`);
    expect([refused.status, refused.json.code]).toEqual([409, 'BACKUP_HELD']);
    expect((await server.call('DELETE', `/api/backups/${newest}?force=true`)).status).toBe(204);
    expect((await server.call('GET', '/api/backups')).json.backups).toMatchObject([{ id, held: true }]);
  });
});
