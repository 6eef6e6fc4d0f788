import { mkdirSync, readdirSync, symlinkSync } from 'node:fs';
import { dirname, join, relative } from 'node:path';
import { expect, test } from 'vitest';
import { databasePath } from '../../../../lib/engines/sqlite/file/path.ts';
import { contextOf, inputOf, refusalOf, take } from '../../../contracts/engine/harness.ts';
import { createDatabase, temporaryFolder } from '../../../support/sqlite.ts';
import { engine, save } from '../../../support/sqlite-engine.ts';
import { fingerprint } from '../../../support/sqlite-fingerprint.ts';
import { sqliteProcess } from '../../../support/sqlite-process.ts';
import { SAMPLE } from '../../../support/sqlite-sample.ts';

const SMALL = "CREATE TABLE t (a); INSERT INTO t VALUES ('x')";
const NAMES = [
  'with blank.db',
  'a#b.db',
  'a?b=c&d.db',
  '100%.db',
  '%41%2F%00.db',
  "quo'te.db",
  'quo"te.db',
  'back\\slash.db',
  'ação-日本😀.db',
  '..db',
  '-rf',
  '*.db',
  '$HOME',
  'file:x',
  ':memory:',
  'no extension',
  'line\nbreak.db',
  '[a-z].db',
  'a+b (1).db',
];

test(`${NAMES.length} odd file names, as source and as target, in 3 forms of URL by turns`, async () => {
  using folder = temporaryFolder();
  for (const [n, name] of NAMES.entries()) {
    const [path, target] = [folder.file(name), folder.file(name)];
    createDatabase(path, 'WAL', SMALL);
    const taken = await take(engine, url(n, path));
    await engine.load(url(n + 1, target), inputOf(taken), contextOf());
    expect(fingerprint(target), name).toBe(fingerprint(path));
    expect([readdirSync(dirname(path)), readdirSync(dirname(target))], name).toEqual([[name], [name]]);
  }
});

function url(n: number, path: string): string {
  return [`sqlite:${path}`, `sqlite://${path}`, `sqlite:./${relative('.', path)}`][n % 3]!;
}

test('what follows the colon is the path, as it is (6 URLs)', () => {
  expect(databasePath('sqlite:/a/b c#d?e%20f')).toBe('/a/b c#d?e%20f');
  expect(databasePath('sqlite:///a/%2e%2e/b')).toBe('/a/%2e%2e/b');
  expect(databasePath('sqlite:////a')).toBe('/a');
  expect(databasePath('sqlite:x.db')).toBe(join(process.cwd(), 'x.db'));
  expect(databasePath('sqlite:../x.db')).toBe(join(process.cwd(), '..', 'x.db'));
  expect(databasePath('SQLite:/a')).toBe('/a');
});

test('what is no path is a USAGE error (7 URLs)', async () => {
  for (const wrong of [
    'sqlite:',
    'sqlite',
    '',
    '/a.db',
    'sqlite://host/a.db',
    'sqlite://relative.db',
    'sqlite:/a\0b',
  ]) {
    expect(await refusalOf(engine.inspect(wrong, contextOf())), wrong).toBe('USAGE');
  }
});

test('a target in folders that are not there yet: they are made', async () => {
  using folder = temporaryFolder();
  const path = createDatabase(folder.file(), 'DELETE', SMALL);
  const target = join(folder.path, 'new', 'and newer', 'app.db');
  await engine.load(`sqlite:${target}`, inputOf(await save(path, folder.file())), contextOf());
  expect(fingerprint(target)).toBe(fingerprint(path));
});

test('symbolic links to a WAL database with a log, as source and as target: the file behind them is meant', async () => {
  using folder = temporaryFolder();
  const path = createDatabase(folder.file(), 'WAL', SAMPLE);
  const target = createDatabase(folder.file(), 'WAL', SMALL);
  const links = join(folder.path, 'links');
  mkdirSync(links);
  symlinkSync(path, join(links, 'source.db'));
  symlinkSync(target, join(links, 'target.db'));
  await using app = await sqliteProcess(path);
  await app.run('UPDATE accounts SET balance = balance + 1');
  const taken = await take(engine, `sqlite:${links}/source.db`);
  expect(taken.summary.details['walFrames']).toBeGreaterThan(0);
  await engine.load(`sqlite:${links}/target.db`, inputOf(taken), contextOf());
  expect(fingerprint(target)).toBe(fingerprint(path));
  expect(readdirSync(links)).toEqual(['source.db', 'target.db']);
});
