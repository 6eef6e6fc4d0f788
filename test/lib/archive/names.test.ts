import fc from 'fast-check';
import { expect, test } from 'vitest';
import {
  BACKUP_ID,
  backupNames,
  DATABASE_NAME,
  manifestKeyOf,
  parseKey,
  requireDatabaseName,
  toDatabaseName,
} from '../../../lib/archive/names.ts';
import { checkKey } from '../../../lib/store/keys.ts';

const database = fc.stringMatching(/^[A-Za-z0-9][A-Za-z0-9_.-]{0,99}$/);
const date = fc.date({ min: new Date('1970-01-01'), max: new Date('9999-12-31'), noInvalidDate: true });
const extension = fc.constantFrom('sqlite3', 'sql');
const suffix = fc.constantFrom('', '.zst', '.gz');

test('the names of a backup are those that the issue asks for, in UTC', () => {
  const at = new Date('2026-11-23T18:58:53.999-05:00');
  expect(backupNames('shop', at, 'sql', '.zst')).toEqual({
    id: 'shop-20261123-235853',
    plainName: 'db_backup_20261123_235853.sql',
    file: 'db_backup_20261123_235853.sql.zst',
    key: 'shop/db_backup_20261123_235853.sql.zst',
    manifestKey: 'shop/db_backup_20261123_235853.json',
  });
});

test('names can be read back: id, key and manifest name each other (1,000 random ones)', () => {
  fc.assert(
    fc.property(database, date, extension, suffix, (name, at, ext, suf) => {
      const { id, key, manifestKey } = backupNames(name, at, ext, suf);
      expect(id).toMatch(BACKUP_ID);
      expect(manifestKeyOf(id)).toBe(manifestKey);
      expect(parseKey(key)).toMatchObject({ id, database: name, kind: 'archive' });
      expect(parseKey(manifestKey)).toMatchObject({ id, database: name, kind: 'manifest' });
      checkKey(key);
    }),
    { numRuns: 1_000 },
  );
});

test('what is no part of a backup is not taken for one', () => {
  const others = [
    'jobs/20261123T185853-1f2e3d4c.json',
    'locks/shop.json',
    'db_backup_20261123_235853.sql',
    'a/b/db_backup_20261123_235853.sql',
    'shop/db_backup_20261123_235853.sql.bz2',
    'shop/db_backup_20261123_235853.sql.zst.part',
    'shop/db_backup_20261123_2358.sql',
    'shop/my_db_backup_20261123_235853.sql',
    'shop/db_backup_20261123_235853.json.zst',
    '',
  ];
  for (const key of others) expect(parseKey(key), key).toBeUndefined();
  for (const id of [
    '',
    'shop',
    'shop-20261123',
    '-20261123-235853',
    '../x-20261123-235853',
    'a/b-20261123-235853',
  ]) {
    expect(manifestKeyOf(id), id).toBeUndefined();
  }
});

test('a database name that is no safe part of a key is refused with a hint', () => {
  for (const name of [
    '',
    'jobs',
    'locks',
    '.',
    '..',
    '../x',
    'a/b',
    '-a',
    'a b',
    'ação',
    'a'.repeat(101),
    'a\n',
  ]) {
    expect(() => requireDatabaseName(name), JSON.stringify(name)).toThrow(
      expect.objectContaining({ code: 'USAGE', hint: expect.stringContaining('letters') }),
    );
  }
  expect(requireDatabaseName('Shop_2.prod-eu')).toBe('Shop_2.prod-eu');
});

test('any text at all becomes a usable name (2,000 random texts)', () => {
  const text = fc.oneof(
    fc.string({ unit: 'grapheme' }),
    fc.string({ unit: 'binary' }),
    fc.string({ maxLength: 300 }),
  );
  fc.assert(
    fc.property(text, (it) => {
      const name = toDatabaseName(it);
      expect(name).toMatch(DATABASE_NAME);
      expect(requireDatabaseName(name)).toBe(name);
      expect(toDatabaseName(name)).toBe(name);
    }),
    { numRuns: 2_000 },
  );
  expect(toDatabaseName('Produção (1)')).toBe('Producao_1');
  expect([toDatabaseName('jobs'), toDatabaseName('…'), toDatabaseName('')]).toEqual([
    'jobs_db',
    'database',
    'database',
  ]);
});
