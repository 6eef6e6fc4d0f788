import { writeFileSync } from 'node:fs';
import { afterAll, describe, expect, test } from 'vitest';
import { loadConfig, parseConfig } from '../../lib/config.ts';
import { DEFAULT_RETENTION } from '../../lib/retention.ts';
import { makeWorkspace } from '../support/workspace.ts';

const workspace = makeWorkspace();
afterAll(() => workspace.remove());

const parse = (value: unknown) => parseConfig(value, '/etc/cofre', 'cofre.json');
const shop = (more: object) => ({ databases: { shop: { url: 'sqlite:./shop.sqlite3', ...more } } });

test('an empty configuration has usable defaults', () => {
  const config = parse({});
  expect(config).toMatchObject({
    store: './backups',
    databases: {},
    folder: '/etc/cofre',
    server: { port: 8_080 },
  });
  expect(config.retention).toEqual(DEFAULT_RETENTION);
});

test('what is given is taken, and the rest keeps its defaults', () => {
  const config = parse({
    ...shop({
      schedule: 'rate(6 hours)',
      compression: 'gzip',
      days: 30,
      email: true,
      recipients: ['a@example.org'],
    }),
    retention: { daily: 3 },
    mail: { transport: 'ses:', from: 'b@example.org', language: 'pt-BR' },
    server: { port: 0 },
  });
  expect(config.databases['shop']).toMatchObject({ compression: 'gzip', days: 30, lockSeconds: 300 });
  expect(config.retention).toEqual({ ...DEFAULT_RETENTION, daily: 3 });
  expect(config.mail).toMatchObject({ language: 'pt-BR', attachLimit: 7_000_000 });
});

describe('an error names the field', () => {
  test.each([
    ['databases.shop.url', { databases: { shop: {} } }],
    ['databases.shop.url', { databases: { shop: { url: 'shop.sqlite3' } } }],
    ['databases.shop.compression', shop({ compression: 'rar' })],
    ['databases.shop.days', shop({ days: 0 })],
    ['databases.shop.days', shop({ days: 1.5 })],
    ['databases.shop.recipients.1', shop({ recipients: ['a@example.org', 'nobody'] })],
    ['databases.shop.lockSeconds', shop({ lockSeconds: '5' })],
    ['databases.shop: .*cron', shop({ schedule: 'daily' })],
    ['databases.shop: .*six fields', shop({ schedule: 'cron(0 2 * * *)' })],
    ['databases.shop: .*shedule', shop({ shedule: 'rate(1 hour)' })],
    ['databases.jobs: ', { databases: { jobs: { url: 'sqlite:./jobs.sqlite3' } } }],
    ['databases.a b: ', { databases: { 'a b': { url: 'sqlite:./x' } } }],
    ['retention.daily', { retention: { daily: -1 } }],
    ['retention: .*dayly', { retention: { dayly: 1 } }],
    ['mail.from', { mail: { transport: 'ses:' } }],
    ['mail.language', { mail: { transport: 'ses:', from: 'a@example.org', language: 'fr' } }],
    ['server.port', { server: { port: 70_000 } }],
    ['server.publicUrl', { server: { publicUrl: 'here' } }],
    ['store', { store: '' }],
    ['the file: .*stores', { stores: 's3://bucket' }],
    ['the file: ', []],
    ['the file: ', 'text'],
    ['the file: ', null],
  ])('%s', (field, value) => {
    expect(() => parse(value)).toThrow(
      expect.objectContaining({
        code: 'CONFIG_INVALID',
        message: expect.stringMatching(
          new RegExp(`^The configuration \\(cofre.json\\) is not valid: .*${field}`),
        ),
        hint: expect.stringContaining('docs/configuration.md'),
      }),
    );
  });
});

describe('an error does not show secrets', () => {
  test.each([
    ['an unknown field', { databases: { shop: { url: 'postgres://u:hunter2@h/d', pasword: 'hunter2' } } }],
    ['a wrong type', { databases: { shop: { url: ['postgres://u:hunter2@h/d'] } } }],
    ['a url that is none', { databases: { shop: { url: '//u:hunter2@h/d' } } }],
    ['a list where an object should be', { databases: ['hunter2'] }],
    ['a mail transport', { mail: { transport: { pass: 'hunter2' }, from: 'hunter2' } }],
  ])('%s', (_, value) => {
    expect(() => parse(value)).toThrow(
      expect.objectContaining({ message: expect.not.stringContaining('hunter2') }),
    );
  });

  test.each([
    ['a missing comma', '{"databases": {"shop": {"url": "hunter2" "days": 3}}}'],
    ['a word without quotes', '{"url": hunter2}'],
    ['an open string', '{"password": "hunter2'],
    ['no JSON at all', 'password=hunter2'],
  ])('of a file that is not JSON: %s', (_, text) => {
    writeFileSync(workspace.path('broken.json'), text);
    expect(() => loadConfig('broken.json', workspace.folder)).toThrow(
      expect.objectContaining({
        code: 'CONFIG_INVALID',
        message: expect.stringMatching(/^(?!.*hunter2).*broken\.json.*not JSON/),
      }),
    );
  });
});

describe('the file', () => {
  test('is cofre.json in the folder when there is one, else there are the defaults', () => {
    expect(loadConfig(undefined, workspace.folder)).toMatchObject({
      databases: {},
      folder: workspace.folder,
    });
    writeFileSync(workspace.path('cofre.json'), JSON.stringify({ store: './elsewhere' }));
    expect(loadConfig(undefined, workspace.folder)).toMatchObject({
      store: './elsewhere',
      folder: workspace.folder,
    });
  });

  test('that is named must exist', () => {
    expect(() => loadConfig('missing.json', workspace.folder)).toThrow(
      expect.objectContaining({
        code: 'CONFIG_INVALID',
        message: expect.stringContaining('there is no such file'),
      }),
    );
  });
});
