import { writeFileSync } from 'node:fs';
import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { type Deployment, planDeployment } from '../../infra/deployment.ts';
import { portsOf } from '../../infra/stack/ports.ts';

let folder: string;
beforeAll(async () => {
  folder = await mkdtemp(join(tmpdir(), 'cofre-deployment-'));
  writeFileSync(join(folder, 'ca.pem'), 'certificate');
});
afterAll(() => rm(folder, { recursive: true }));

function plan(config: object, emulated = false): Deployment {
  const file = join(folder, 'cofre.json');
  writeFileSync(file, JSON.stringify(config));
  return planDeployment(file, { emulated });
}

const SHOP = {
  engine: 'postgres',
  host: 'db.example.com',
  user: 'shop',
  password: '${secret:prod/shop#password}',
  database: 'shop',
};
const FILE = { url: 'sqlite:/mnt/databases/helpdesk.sqlite3' };
const EFS = { fileSystemId: 'fs-0a1b2c3d', accessPointId: 'fsap-0a1b2c3d' };

test('tells engines, secrets of databases and of mail, and files, each once', () => {
  const found = plan({
    databases: {
      shop: { ...SHOP, host: '${secret:prod/shop#host}', sslmode: 'verify-full', sslrootcert: './ca.pem' },
      other: { ...SHOP, password: '${secret:arn:aws:secretsmanager:eu-west-1:1:secret:x-AbCdEf}' },
      helpdesk: FILE,
    },
    mail: { transport: 'smtps://u:${secret:smtp#password}@smtp.example.com', from: 'a@example.com' },
    aws: { efs: EFS },
  });
  expect(found).toMatchObject({
    engines: new Set(['postgres', 'sqlite']),
    secrets: {
      databases: ['prod/shop', 'arn:aws:secretsmanager:eu-west-1:1:secret:x-AbCdEf'],
      mail: ['smtp'],
    },
    files: ['./ca.pem'],
  });
  expect(JSON.parse(found.configuration).databases.helpdesk).toEqual(FILE);
});

test('a certificate that MySQL’s own word names goes along, too', () => {
  const url = 'mysql://shop:${secret:prod/shop#password}@db.example.com/shop?ssl-ca=./ca.pem';
  expect(plan({ databases: { shop: { url } } }).files).toEqual(['./ca.pem']);
});

describe('is refused, with the field and what to do', () => {
  const shop = (changes: object) => ({ databases: { shop: { ...SHOP, ...changes } } });
  const url = (text: string) => ({ databases: { shop: { url: text } } });
  test.each<[string, object, RegExp]>([
    ['no database', {}, /databases: there is none/],
    [
      'a password that is written out',
      shop({ password: 'hunter2' }),
      /shop: its password is written out.*\$\{secret:/,
    ],
    ['one with a percent sign', shop({ password: '100%' }), /shop: its password is written out/],
    ['one in a URL', url('postgres://shop:hunter2@db/shop'), /shop: its password is written out/],
    ['half a secret', url('postgres://shop:x${secret:a}@db/shop'), /shop: its password is written out/],
    [
      'a variable of the environment',
      shop({ password: '${env:PASSWORD}' }),
      /\$\{env:PASSWORD\} means nothing in AWS/,
    ],
    ['a URL that is a secret', url('${secret:prod/shop}'), /hides which engine/],
    ['an unknown engine', url('oracle://db/shop'), /no engine for this URL/],
    [
      'a SQLite file without EFS',
      { databases: { helpdesk: FILE } },
      /helpdesk: a SQLite file needs aws\.efs/,
    ],
    [
      'a SQLite file elsewhere',
      { databases: { helpdesk: { url: 'sqlite:/mnt/databases/../x.sqlite3' } }, aws: { efs: EFS } },
      /has to be below \/mnt\/databases/,
    ],
    [
      'a certificate elsewhere',
      shop({ sslrootcert: '/etc/ca.pem' }),
      /sslrootcert has to be a file in the folder/,
    ],
    ['a certificate above', shop({ sslrootcert: '../ca.pem' }), /sslrootcert has to be a file in the folder/],
    [
      'a certificate that is not there',
      shop({ sslrootcert: './none.pem' }),
      /there is no file \.\/none\.pem/,
    ],
    ['mail that nothing sends', shop({ email: true }), /databases\.shop\.email: there is no "mail"/],
    [
      'an outbox',
      { ...shop({}), mail: { transport: 'outbox:./mails', from: 'a@example.com' } },
      /mail\.transport: in AWS it is ses:/,
    ],
    [
      'a password of the mail server that is written out',
      { ...shop({}), mail: { transport: 'smtp://u:hunter2@smtp', from: 'a@example.com' } },
      /mail\.transport: its password is written out/,
    ],
    [
      'a network that is none',
      { ...shop({}), aws: { network: { vpcId: 'vpc', subnetIds: [] } } },
      /aws\.network\.vpcId/,
    ],
    ['an unknown field', { ...shop({}), aws: { vpc: 'x' } }, /aws: Unrecognized key: "vpc"/],
    [
      'both ways to prune',
      { ...shop({}), aws: { prune: { days: 1, keepLast: 1 } } },
      /aws\.prune\.keepLast: Give days or keepLast/,
    ],
    [
      'a schedule that is none',
      { ...shop({}), aws: { prune: { schedule: 'daily' } } },
      /aws\.prune: Not a schedule/,
    ],
  ])('%s', (_, config, message) => {
    expect(() => plan(config)).toThrow(
      expect.objectContaining({ code: 'CONFIG_INVALID', message: expect.stringMatching(message) }),
    );
    try {
      plan(config);
    } catch (error) {
      expect(String(error)).not.toMatch(/hunter2|100%/);
    }
  });

  test('all at once', () => {
    const config = { databases: { a: { ...SHOP, password: 'x' }, helpdesk: FILE } };
    expect(() => plan(config)).toThrow(/databases\.a: .*\n {2}- databases\.helpdesk: /);
  });
});

test('an emulator sees the files of this machine', () => {
  expect(plan({ databases: { helpdesk: FILE } }, true).engines).toEqual(new Set(['sqlite']));
  const relative = { databases: { helpdesk: { url: 'sqlite:./helpdesk.sqlite3' } } };
  expect(() => plan(relative, true)).toThrow(/an absolute path/);
});

test.each([
  ['postgres://a:b@db.example.com/x', [5_432]],
  ['postgres://a:b@db.example.com:6432/x', [6_432]],
  ['postgres://a:${secret:p#q}@db.example.com:5433/x', [5_433]],
  ['postgres://a@${secret:p#host}:${secret:p#port}/x', [undefined]],
  ['sqlite:/mnt/databases/x.sqlite3', []],
])('the port of %s', (url, ports) => {
  expect(portsOf([url])).toEqual(ports);
});
