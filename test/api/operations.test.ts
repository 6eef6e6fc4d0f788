import { afterAll, beforeAll, expect, it } from 'vitest';
import { description, operationIds, operationOf } from './description.ts';
import { type Json, openServer, type TestServer } from './server.ts';

let server: TestServer;
let made: Json;
const covered = new Set<string>();

beforeAll(async () => {
  server = await openServer({
    databases: {
      shop: { url: 'sqlite:./shop.sqlite3', schedule: 'cron(0 2 * * ? *)' },
      gone: { url: 'sqlite:./gone.sqlite3' },
    },
    mail: { transport: 'outbox:./outbox', from: 'cofre@example.com' },
  });
});
afterAll(() => server[Symbol.asyncDispose]());

/** Calls an operation that succeeds, and remembers that it is covered. */
async function succeed(method: string, path: string, status: number, json?: unknown) {
  const reply = await server.call(method, path, json === undefined ? {} : { json });
  expect(reply.status, reply.bytes.toString()).toBe(status);
  covered.add(operationOf({ method, path })!.operationId!);
  return reply;
}

it('gives its own description', async () => {
  const { json, headers } = await succeed('GET', '/api/openapi.json', 200);
  expect(json).toEqual(description);
  expect(headers).toMatchObject({ 'cache-control': 'no-store', 'x-content-type-options': 'nosniff' });
});

it('knows its only caller: whoever is at this machine', async () => {
  expect((await succeed('GET', '/api/me', 200)).json).toEqual({ name: null, role: 'admin' });
});

it('lists the databases before there is any backup', async () => {
  const { json } = await succeed('GET', '/api/databases', 200);
  expect(json.databases).toMatchObject([
    { name: 'shop', engine: 'sqlite', source: 'sqlite:./shop.sqlite3', running: null },
    { name: 'gone', schedule: null, nextRun: null },
  ]);
  expect(json.databases[0].health).toEqual({
    status: 'never',
    ageSeconds: null,
    lastBackup: null,
    lastFailure: null,
  });
  expect(json.databases[0].nextRun).toMatch(/T02:00:00\.000Z$/);
});

it('makes a backup: accepted, followed to its end, listed', async () => {
  const accepted = await succeed('POST', '/api/backups', 202, {
    database: 'shop',
    compression: 'gzip',
    days: 3,
  });
  expect(accepted.json.job).toMatchObject({ kind: 'backup', status: 'queued', trigger: 'manual' });
  const job = await server.follow(accepted);
  expect(job).toMatchObject({ id: accepted.json.job.id, status: 'succeeded', error: null });
  made = job.result;
  expect(made).toMatchObject({ compression: 'gzip', rows: 4, removed: [], mailed: [] });
  const { json } = await succeed('GET', '/api/backups', 200);
  expect(json).toMatchObject({ backups: [{ id: made.id, held: true }], damaged: [], nextCursor: null });
});

it('mails when asked to', async () => {
  const result = await server.backUp({ email: true, recipients: ['ana@example.com'] });
  expect(result.mailed).toEqual(['ana@example.com']);
});

it('shows one backup with its tables', async () => {
  const { json } = await succeed('GET', `/api/backups/${made.id}`, 200);
  expect(json).toMatchObject({ id: made.id, sha256: made.sha256, frames: 1 });
  expect(json.tables).toContainEqual({ name: 'orders', rows: 3 });
});

it('mints download URLs, and redirects to them', async () => {
  expect((await succeed('GET', `/api/backups/${made.id}/download-url`, 200)).json.url).toContain(
    '/files/shop/',
  );
  const { headers } = await succeed('GET', `/api/backups/${made.id}/download`, 302);
  expect(headers.location).toMatch(/^http:\/\/127\.0\.0\.1:\d+\/files\/shop\//);
});

it('verifies', async () => {
  const job = await server.follow(await succeed('POST', `/api/backups/${made.id}/verify`, 202));
  expect(job).toMatchObject({
    kind: 'verify',
    status: 'succeeded',
    result: { id: made.id, ok: true, rows: 4 },
  });
});

it('tests a restore, and tells what came of it', async () => {
  const job = await server.follow(await succeed('POST', `/api/backups/${made.id}/restore-test`, 202, {}));
  expect(job).toMatchObject({
    kind: 'restore-test',
    status: 'succeeded',
    result: { id: made.id, result: 'equal', different: 0, differences: [], rows: 4 },
  });
  const told = { result: 'equal', server: 'this machine', rows: 4, explained: 0, different: 0 };
  const { json: one } = await server.call('GET', `/api/backups/${made.id}`);
  expect(one.restoreTest).toMatchObject(told);
  const { json: all } = await server.call('GET', '/api/backups');
  expect(all.backups.find(({ id }: { id: string }) => id === made.id).restoreTest).toMatchObject(told);
});

it('refuses a place for a restore test that makes no sense, or is not known', async () => {
  const path = `/api/backups/${made.id}/restore-test`;
  const { json } = await server.call('POST', path, { json: { into: 'shop' } });
  expect(json).toMatchObject({ status: 409, code: 'RESTORE_REFUSED' });
  const both = await server.call('POST', path, { json: { into: 'shop', here: true } });
  expect(both.status).toBe(400);
  const { status } = await server.call('POST', '/api/backups/shop-20200101-000000/restore-test', {
    json: {},
  });
  expect(status).toBe(404);
});

it('restores, with a safety backup first', async () => {
  server.desk.sql('DELETE FROM orders');
  const body = { database: 'shop', backup: made.id, confirm: 'shop' };
  const job = await server.follow(await succeed('POST', '/api/restores', 202, body));
  expect(job).toMatchObject({ kind: 'restore', status: 'succeeded', result: { id: made.id, rows: 4 } });
  expect(server.desk.sql('SELECT count(*) AS n FROM orders')).toEqual([{ n: 3 }]);
  const { json } = await server.call('GET', `/api/backups/${job.result.safetyBackup}`);
  expect(json).toMatchObject({ trigger: 'pre-restore', rows: 1 });
});

it('restores the latest without one', async () => {
  const body = { database: 'shop', latest: true, confirm: 'shop', safetyBackup: false };
  const job = await server.follow(await server.call('POST', '/api/restores', { json: body }));
  expect(job.result).toMatchObject({ safetyBackup: null, rows: 4 });
});

it('a backup that fails is a failed job, and the database is failing', async () => {
  const job = await server.follow(await server.call('POST', '/api/backups', { json: { database: 'gone' } }));
  expect(job).toMatchObject({ status: 'failed', result: null, error: { code: 'SOURCE_NOT_FOUND' } });
  const { json } = await server.call('GET', '/api/databases');
  expect(json.databases[1].health).toMatchObject({ status: 'failing', lastFailure: { id: job.id } });
  expect(json.databases[0].health).toMatchObject({ status: 'ok' });
});

it('lists jobs, filtered, and shows one', async () => {
  const { json } = await succeed('GET', '/api/jobs?database=gone&status=failed&limit=1', 200);
  expect(json.jobs).toHaveLength(1);
  expect((await succeed('GET', `/api/jobs/${json.jobs[0].id}`, 200)).json).toEqual(json.jobs[0]);
  const { json: all } = await server.call('GET', '/api/jobs');
  const seconds = all.jobs.map((it: Json) => it.createdAt.slice(0, 19));
  expect(seconds).toEqual(seconds.toSorted().reverse());
});

it('prunes, first only saying what would go', async () => {
  const { json: dry } = await succeed('POST', '/api/prune', 200, {
    database: 'shop',
    keepLast: 1,
    dryRun: true,
  });
  expect([dry.dryRun, dry.removed]).toEqual([true, 0]);
  const { json: done } = await server.call('POST', '/api/prune', { json: { database: 'shop', keepLast: 2 } });
  expect(done.removed).toBe(done.decisions.filter((it: Json) => it.action === 'remove').length);
  expect(done.removed).toBeGreaterThan(0);
});

it('deletes, the newest only by force', async () => {
  const { json } = await server.call('GET', '/api/backups');
  const held = json.backups.find((it: Json) => it.held);
  expect((await server.call('DELETE', `/api/backups/${held.id}?force=false`)).status).toBe(409);
  await succeed('DELETE', `/api/backups/${held.id}?force=true`, 204);
  expect((await server.call('GET', `/api/backups/${held.id}`)).status).toBe(404);
});

it('has been called for every operation that it describes', () => {
  expect([...covered].toSorted()).toEqual(operationIds().toSorted());
});

it('has logged nothing but how its jobs ended', () => {
  const lines = server
    .log()
    .trim()
    .split('\n')
    .map((line) => JSON.parse(line));
  expect(lines.length).toBeGreaterThan(0);
  for (const { message } of lines)
    expect(message).toMatch(/^A (backup|restore|verify|restore test) (succeeded|failed)\.$/);
});
