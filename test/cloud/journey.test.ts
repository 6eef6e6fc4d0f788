import { createHash } from 'node:crypto';
import { join } from 'node:path';
import { DatabaseSync } from 'node:sqlite';
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { type Deployed, deployed, makeRunFolder } from './deployed.ts';
import type { Api } from './http.ts';
import { type PostgresSource, postgresSource } from './sources/postgres.ts';
import type { Source } from './sources/source.ts';
import { sqliteSource } from './sources/sqlite.ts';
import { stepLog } from './steps.ts';

const steps = stepLog('End to end on MiniStack');
const opened = new AsyncDisposableStack();
let cloud: Deployed;
let sources: Record<string, Source>;
let shop: PostgresSource;
let admin: Api;

beforeAll(async () => {
  const { path } = opened.use(makeRunFolder());
  const [helpdesk, postgres] = await steps.step('databases', () =>
    Promise.all([sqliteSource(path), postgresSource()]),
  );
  opened.use(postgres);
  shop = postgres;
  sources = { sqlite: helpdesk, postgres };
  // Fires by itself while the others are at work.
  const clock = join(path, 'clock.sqlite3');
  using database = new DatabaseSync(clock);
  database.exec('CREATE TABLE ticks (at TEXT); INSERT INTO ticks VALUES (datetime())');
  const databases = { clock: { url: `sqlite:${clock}`, schedule: 'rate(1 minute)', email: true } };
  cloud = opened.use(await deployed(path, { sources: Object.values(sources), databases, steps }));
  admin = await steps.step('sign in', () => cloud.signIn('maria@example.com', ['admin']));
});
afterAll(async () => {
  steps.print();
  await opened.disposeAsync();
});

describe.each(['sqlite', 'postgres'])('%s', (engine) => {
  test('is backed up, downloaded, damaged, restored and pruned', async () => {
    const source = sources[engine]!;
    const before = await source.fingerprint();
    const told = (what: string) => `${engine}: ${what}`;

    const made = await steps.step(told('backup'), () => admin.run('backups', { database: source.name }));
    expect(made.error).toBeNull();
    expect(made).toMatchObject({ status: 'succeeded', actor: 'user:maria@example.com', trigger: 'manual' });
    const { backups } = await steps.step(told('list'), () => admin.get(`backups?database=${source.name}`));
    expect(backups).toMatchObject([{ id: made.result.id, engine, held: true }]);

    const bytes = await steps.step(told('download'), () => download(made.result.id));
    expect(createHash('sha256').update(bytes).digest('hex')).toBe(backups[0].sha256);

    await source.damage();
    expect(await source.fingerprint()).not.toBe(before);
    const restore = { database: source.name, confirm: source.name, backup: made.result.id };
    const restored = await steps.step(told('restore'), () => admin.run('restores', restore));
    expect(restored.error).toBeNull();
    expect(restored).toMatchObject({ status: 'succeeded', result: { rows: made.result.rows } });
    expect(await source.fingerprint()).toBe(before);
    // What was damaged was backed up first.
    expect(restored.result.safetyBackup).toMatch(/^\w+-\d{8}-\d{6}$/);

    await steps.step(told('prune'), async () => {
      await admin.run('backups', { database: source.name });
      const prune = { database: source.name, keepLast: 1 };
      const { status, body } = await admin.ask('POST', 'prune', { body: prune });
      expect([status, body.removed, body.warnings]).toEqual([200, 2, []]);
      expect((await admin.get(`backups?database=${source.name}`)).backups).toHaveLength(1);
    });
  });
});

async function download(id: string): Promise<Buffer> {
  const { url } = await admin.get(`backups/${id}/download-url?form=stored`);
  const response = await fetch(url);
  expect(response.status).toBe(200);
  return Buffer.from(await response.arrayBuffer());
}
