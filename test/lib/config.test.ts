import { writeFileSync } from 'node:fs';
import { afterAll, describe, expect, test } from 'vitest';
import { loadConfig, parseConfig } from '../../lib/config.ts';
import { parseUrl } from '../../lib/engines/postgres/wire/url.ts';
import { engineFor } from '../../lib/engines/registry.ts';
import { DEFAULT_RETENTION } from '../../lib/retention.ts';
import { fillSecrets } from '../../lib/secrets.ts';
import { makeWorkspace } from '../support/workspace.ts';

const workspace = makeWorkspace();
afterAll(() => workspace.remove());

const parse = (value: unknown) => parseConfig(value, '/etc/cofre', 'cofre.json');
const server = (more: object) => ({
  databases: { shop: { engine: 'postgres', user: 'ana', database: 'shop', ...more } },
});
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
  expect(config.databases['shop']).toMatchObject({ compression: 'gzip', days: 30, email: true });
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
    ['databases.shop.jobs', shop({ jobs: 0 })],
    ['databases.shop.jobs', shop({ jobs: 65 })],
    ['databases.shop.engine: .*not both', shop({ engine: 'postgres' })],
    ['databases.shop.password: .*not both', shop({ password: 'x' })],
    ['databases.shop.engine', server({ engine: 'oracle' })],
    ['databases.shop.engine: Is needed', server({ engine: undefined })],
    ['databases.shop.user: Is needed', server({ user: undefined })],
    ['databases.shop.database: Is needed', server({ database: undefined })],
    ['databases.shop.port', server({ port: 70_000 })],
    ['databases.shop.port', server({ port: '5432;' })],
    ['databases.shop.sslmode', server({ sslmode: 'allow' })],
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

describe('a server given field by field', () => {
  test('becomes a URL, in which every character arrives', async () => {
    const place = {
      host: 'db.example.com',
      port: 5_433,
      user: 'ana@home',
      password: '${literally} $a:b@c/d?e#f%20 é💾',
      database: 'My shop/1',
      sslmode: 'verify-full',
      sslrootcert: '/etc/my ca.pem',
    };
    const { url } = parse(server(place)).databases['shop']!;
    expect(parseUrl(await fillSecrets(url, {}, async () => ''))).toMatchObject({
      host: place.host,
      port: place.port,
      user: place.user,
      password: place.password,
      database: place.database,
      tls: 'verify-full',
      caFile: place.sslrootcert,
    });
  });

  test('may hold secrets in every field, and has defaults', async () => {
    const env = { P: 'p@:/', U: 'u:@', N: '5434' };
    const given = server({ user: '${env:U}', password: 'a-${env:P}-%', port: '${env:N}' });
    const url = await fillSecrets(parse(given).databases['shop']!.url, env, async () => '');
    expect(parseUrl(url)).toMatchObject({
      host: 'localhost',
      port: 5_434,
      user: 'u:@',
      password: 'a-p@:/-%',
    });
    expect(parseUrl(parse(server({})).databases['shop']!.url)).toMatchObject({
      port: 5_432,
      password: undefined,
    });
  });

  test.each(['::1', '/var/run/postgresql', '10.0.0.1'])('reaches the host %s', (host) => {
    expect(parseUrl(parse(server({ host })).databases['shop']!.url).host).toBe(host);
  });
});

test('a URL may be a secret as a whole', () => {
  const url = '${secret:shop#url}';
  expect(parse({ databases: { shop: { url } } }).databases['shop']!.url).toBe(url);
});

test.each([
  ['sqlite:./a.db', 'sqlite:/etc/cofre/a.db'],
  ['sqlite:/a.db', 'sqlite:/a.db'],
  [
    'postgres://u@h/d?sslrootcert=ca%20s.pem&x=1',
    'postgres://u@h/d?sslrootcert=%2Fetc%2Fcofre%2Fca%20s.pem&x=1',
  ],
  ['postgres://u@h/d?sslrootcert=%2Fca.pem', 'postgres://u@h/d?sslrootcert=%2Fca.pem'],
  ['mysql://u@h/d?ssl-ca=ca.pem', 'mysql://u@h/d?ssl-ca=%2Fetc%2Fcofre%2Fca.pem'],
])('paths in a URL count from the folder of the configuration: %s', (url, expected) => {
  expect(engineFor(url).urls.atFolder(url, '/etc/cofre')).toBe(expected);
});

describe('an error does not show secrets', () => {
  test.each([
    ['an unknown field', { databases: { shop: { url: 'postgres://u:hunter2@h/d', pasword: 'hunter2' } } }],
    ['both ways at once', shop({ engine: 'postgres', password: 'hunter2' })],
    ['a field of a server', server({ sslmode: 'hunter2', password: 'hunter2' })],
    ['a port', server({ port: 'hunter2' })],
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
