import { describe, expect, test } from 'vitest';
import { nameOf, parseUrl } from '../../../../lib/engines/mysql/connection/url.ts';

test('reads every part, percent-encoded', () => {
  expect(
    parseUrl('mysql://b%40ckup:p%40ss%2Fw%3Ard%3F%23%5B%5D%25%26+%20%C3%A9@db.example.com:3307/sh%20op'),
  ).toEqual({
    host: 'db.example.com',
    port: 3307,
    socketPath: undefined,
    user: 'b@ckup',
    password: 'p@ss/w:rd?#[]%&+ é',
    database: 'sh op',
    tls: 'prefer',
    caFile: undefined,
    connectTimeoutMs: 15_000,
  });
});

test('fills in what is usual', () => {
  const { port, password } = parseUrl('mariadb://root@localhost/shop');
  expect({ port, password }).toEqual({ port: 3306, password: '' });
});

test.each([
  ['mysql://u@h/d?ssl-mode=VERIFY_IDENTITY&ssl-ca=/ca.pem', { tls: 'verify-full', caFile: '/ca.pem' }],
  ['mysql://u@h/d?sslmode=verify-ca&sslrootcert=%2Fca.pem', { tls: 'verify-ca', caFile: '/ca.pem' }],
  ['mysql://u@h/d?ssl-mode=disabled', { tls: 'disable' }],
  ['mysql://u@h/d?charset=utf8mb4', { tls: 'prefer' }],
  ['mysql://u@h/d?connect_timeout=3', { connectTimeoutMs: 3_000 }],
  ['mysql://u@[::1]:3306/d', { host: '::1' }],
  ['mysql://u@%2Frun%2Fmysqld%2Fmysqld.sock/d', { socketPath: '/run/mysqld/mysqld.sock', host: 'localhost' }],
  ['mysql://u@localhost/d?socket=/run/m.sock', { socketPath: '/run/m.sock' }],
  ['mysql://h/d?user=u&password=p%20w', { user: 'u', password: 'p w' }],
])('%s', (url, expected) => {
  expect(parseUrl(url)).toMatchObject(expected);
});

describe('a URL that cannot be used is told, without its password', () => {
  test.each([
    ['mysql://u:secret@h', 'it has no database'],
    ['mysql://:secret@h/d', 'it has no user'],
    ['mysql://u:sec/ret@h/d', 'cannot be read as a URL'],
    ['mysql://u:se%zzcret@h/d', 'not followed by two hex digits'],
    ['mysql://u:secret@h/d?sslmode=maybe', 'sslmode must be one of'],
    ['mysql://u:secret@h/d?useSSL=true', 'does not know the parameter useSSL'],
    ['mysql://u:secret@h/d?connect_timeout=0', 'whole seconds'],
    ['postgres://u:secret@h/d', 'it is not a mysql:// URL'],
  ])('%s', (url, message) => {
    const thrown = (() => {
      try {
        return parseUrl(url);
      } catch (error) {
        return error;
      }
    })();
    expect(thrown).toMatchObject({ code: 'USAGE', message: expect.stringContaining(message) });
    expect(String(thrown)).not.toMatch(/secret|sec\/ret|cret/);
  });
});

test('a connection is named without secrets', () => {
  expect(nameOf(parseUrl('mysql://u:p@h/d'))).toBe('d on h:3306');
  expect(nameOf(parseUrl('mysql://u:p@h/d?socket=/s'))).toBe('d on /s');
});
