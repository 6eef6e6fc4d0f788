import fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import { databaseFromUrl } from '../../lib/cofre.ts';
import { fillSecrets, redactUrl } from '../../lib/secrets.ts';

const noSecrets = async (name: string) => Promise.reject(new Error(`asked for ${name}`));
const fill = (text: string, values: Record<string, string>) =>
  fillSecrets(text, values, async (name) => values[name] ?? '');

describe('filling in', () => {
  test('every ASCII character of a password arrives as it is through a URL', async () => {
    for (let code = 0; code < 128; code += 1) {
      const password = `a${String.fromCharCode(code)}b`;
      const url = new URL(await fill('postgres://user:${env:PW}@host:5432/db', { PW: password }));
      expect(decodeURIComponent(url.password), `character ${code}`).toBe(password);
      expect([url.host, url.pathname, url.username]).toEqual(['host:5432', '/db', 'user']);
    }
  });

  test('so does any text, from the environment, a secret or a field of one (300 random ones)', async () => {
    const text = fc.string({ unit: 'grapheme', minLength: 1 });
    await fc.assert(
      fc.asyncProperty(text, async (password) => {
        const values = { PW: password, whole: password, json: JSON.stringify({ password, port: 5432 }) };
        for (const place of ['${env:PW}', '${secret:whole}', '${secret:json#password}']) {
          const url = new URL(await fill(`postgres://user:${place}@host/db`, values));
          expect(decodeURIComponent(url.password)).toBe(password);
        }
        expect(await fill('x:${secret:json#port}', values)).toBe('x:5432');
      }),
      { numRuns: 300 },
    );
  });

  test('several places are filled, a value is never filled again, and an ARN is a name', async () => {
    const arn = 'arn:aws:secretsmanager:eu-west-1:123456789012:secret:db-AbC';
    const values = { A: '${env:B}', B: 'b', [arn]: 'c' };
    const filled = await fill(`\${env:A}/\${env:B}/\${secret:${arn}}`, values);
    expect(filled).toBe(`${encodeURIComponent('${env:B}')}/b/c`);
    expect(await fillSecrets('sqlite:./a $ {env:B} ${other:B}', {}, noSecrets)).toBe(
      'sqlite:./a $ {env:B} ${other:B}',
    );
  });

  test('a text that is nothing but a placeholder becomes the value as it is', async () => {
    const url = 'postgres://u:p%40@h/d?sslmode=require';
    const values = { URL: url, whole: url, json: JSON.stringify({ url }) };
    for (const place of ['${env:URL}', '${secret:whole}', '${secret:json#url}'])
      expect(await fill(place, values)).toBe(url);
    expect(await fill('${env:URL}${env:URL}', values)).toBe(encodeURIComponent(url).repeat(2));
  });

  test('what is missing is named, and no value is', async () => {
    const unavailable = (name: string) => ({
      code: 'SECRET_UNAVAILABLE',
      hint: expect.any(String),
      message: expect.stringMatching(new RegExp(`^(?!.*hunter2).*${name}`)),
    });
    await expect(fill('${env:PW}', {})).rejects.toMatchObject(unavailable('PW'));
    await expect(fill('${env:toString}', Object.create(null))).rejects.toMatchObject(unavailable('toString'));
    for (const json of ['{"user":"hunter2"}', 'hunter2', '{"password":null,"x":"hunter2"}', '[]', 'null']) {
      await expect(fill('${secret:db#password}', { db: json })).rejects.toMatchObject(
        unavailable('password'),
      );
    }
  });
});

describe('redactUrl', () => {
  test.each([
    ['postgres://user:hunter2@host:5432/db', 'postgres://user:***@host:5432/db'],
    ['mysql://user@host/db', 'mysql://user@host/db'],
    ['mysql://host:3306/db', 'mysql://host:3306/db'],
    ['sqlite:./folder/a:b@c.sqlite3', 'sqlite:./folder/a:b@c.sqlite3'],
    ['sqlite:///var/db.sqlite3', 'sqlite:///var/db.sqlite3'],
    ['s3://bucket/prefix', 's3://bucket/prefix'],
    [
      'postgres://host/db?sslmode=require&password=hunter2&x=1',
      'postgres://host/db?sslmode=require&password=***&x=1',
    ],
    ['https://host/?X-Amz-Signature=hunter2&a=b', 'https://host/?X-Amz-Signature=***&a=b'],
    ['postgres://u@h/db?password=hunter2#hunter2', 'postgres://u@h/db?password=***'],
    ['postgres://:hunter2@host/db', 'postgres://:***@host/db'],
  ])('%s', (url, expected) => {
    expect(redactUrl(url)).toBe(expected);
  });

  test('hides a password with any characters in it, encoded or not (2,000 random ones)', () => {
    const bare = fc.string({ unit: 'grapheme', maxLength: 12 }).map((it) => `hunter2${it}hunter2`);
    fc.assert(
      fc.property(bare, fc.boolean(), (password, encoded) => {
        const shown = encoded ? encodeURIComponent(password) : password;
        expect(redactUrl(`postgres://user:${shown}@host:5432/db`)).not.toContain('hunter2');
        expect(redactUrl(`postgres://user:${shown}@host/db?x=1#y`)).not.toContain('hunter2');
      }),
      { numRuns: 2_000 },
    );
  });
});

describe('the name of a database given by URL', () => {
  test.each([
    ['sqlite:./data/Help Desk.sqlite3', 'Help_Desk'],
    ['sqlite:///var/lib/app.db', 'app'],
    ['sqlite:/var/me@home.db', 'me_home'],
    ['postgres://ana:hunter2@db.example.com:5432/help%20desk?sslmode=require', 'help_desk'],
    ['postgresql://ana@h/shop.v2', 'shop.v2'],
    ['postgres://ana:hunter2@h', 'ana'],
    ['postgres://h/?user=ana&dbname=shop', 'shop'],
    ['mysql://ana:hunter2@h/help%20desk', 'help_desk'],
    ['mariadb://h/shop?user=ana&password=hunter2', 'shop'],
  ])('%s is %s', (url, name) => {
    expect(databaseFromUrl(url).name).toBe(name);
  });

  test('is nothing of a login: a URL without a database is refused', () => {
    expect(() => databaseFromUrl('mysql://ana:hunter2@h')).toThrow(
      expect.objectContaining({ code: 'USAGE', message: expect.not.stringContaining('hunter2') }),
    );
  });
});
