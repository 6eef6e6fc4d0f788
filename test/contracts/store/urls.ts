import { expect, test } from 'vitest';
import { type Clock, systemClock } from '../../../lib/clock.ts';
import { bytes, codeOf, digest, type Given } from './harness.ts';

export function urlTests(given: Given): void {
  test('a URL downloads the object without credentials, under the given name and type (3 names)', async () => {
    const { store, folder, fetch } = given();
    const key = `${folder}/shop & co/db_backup_20261123_185853.sql`;
    await store.put(key, bytes(100_000));
    for (const fileName of ['db_backup.sql', 'ventas de año "24".sql', '語;=%41.sql']) {
      const url = await store.downloadUrl(key, { expiresIn: 60, fileName, contentType: 'application/sql' });
      const response = await fetch(url);
      expect(response.status).toBe(200);
      expect(digest(new Uint8Array(await response.arrayBuffer()))).toBe(digest(bytes(100_000)));
      expect(response.headers.get('content-type')).toBe('application/sql');
      expect(savedName(response)).toBe(fileName);
    }
  });

  test('Content-Encoding is as asked for, so that a browser unpacks (gzip, zstd, none)', async () => {
    const { store, folder, fetch } = given();
    const { gzipSync, zstdCompressSync } = await import('node:zlib');
    const packed = { gzip: gzipSync('select 1'), zstd: zstdCompressSync('select 1') };
    for (const contentEncoding of ['gzip', 'zstd'] as const) {
      await store.put(folder, packed[contentEncoding]);
      const url = await store.downloadUrl(folder, { expiresIn: 60, fileName: 'a.sql', contentEncoding });
      expect(await (await fetch(url)).text()).toBe('select 1');
    }
    const plain = await fetch(await store.downloadUrl(folder, { expiresIn: 60, fileName: 'a.sql.zst' }));
    expect(plain.headers.get('content-encoding')).toBeNull();
    expect(Buffer.from(await plain.arrayBuffer())).toEqual(packed.zstd);
  });

  test('a URL is made without a look at the object', async () => {
    const { store, folder, fetch } = given();
    const url = await store.downloadUrl(`${folder}/none`, { expiresIn: 60, fileName: 'a' });
    expect((await fetch(url)).status).toBe(404);
  });

  test('a URL is refused after its time', async () => {
    const { open, store, folder, fetch, deviations } = given();
    await store.put(folder, bytes(10));
    const options = { expiresIn: 60, fileName: 'a' };
    const status = async (age: number) =>
      (await fetch(await open(ago(age)).downloadUrl(folder, options))).status;
    expect(await status(30)).toBe(200);
    expect(await status(90)).toBe(deviations.has('ignores-expiry') ? 200 : 403);
  });

  test('a URL is refused when its key, name, type, time or signature was changed (5 changes)', async () => {
    const { store, folder, fetch, deviations } = given();
    for (const name of ['mine', 'ours']) await store.put(`${folder}/${name}`, bytes(10));
    const options = { expiresIn: 61, fileName: 'abc.sql', contentType: 'application/sql' };
    const url = await store.downloadUrl(`${folder}/mine`, options);
    const changes: ReadonlyArray<readonly [RegExp, string]> = [
      [/\/mine\?/, '/ours?'],
      [/abc\.sql/g, 'abd.sql'],
      [/application(\/|%2F)sql/, 'application$1sqk'],
      [/(expires=\d*)(\d)(?!\d)/i, '$19$2'],
      [/(signature=)(.)/i, '$1x'],
    ];
    for (const [part, changed] of changes) {
      const other = url.replace(part, changed);
      expect(other).not.toBe(url);
      expect([other, (await fetch(other)).status]).toEqual([
        other,
        deviations.has('ignores-signature') ? 200 : 403,
      ]);
    }
    expect((await fetch(url)).status).toBe(200);
  });

  test('a time that is no whole number of seconds, or over the 7 days of S3, is refused (5 cases)', async () => {
    const { store, folder } = given();
    for (const expiresIn of [0, -1, 1.5, Number.NaN, 604_801]) {
      expect(await codeOf(store.downloadUrl(folder, { expiresIn, fileName: 'a' }))).toBe('USAGE');
    }
  });
}

/** A clock that is `seconds` slow. */
function ago(seconds: number): Clock {
  return { ...systemClock, now: () => new Date(Date.now() - seconds * 1000) };
}

/** The name under which a browser would save (RFC 6266, 4.3: `filename*` goes before `filename`). */
function savedName(response: Response): string | undefined {
  const disposition = response.headers.get('content-disposition') ?? '';
  expect(disposition).toMatch(/^attachment;/);
  const extended = /filename\*=UTF-8''([^;]+)/.exec(disposition)?.[1];
  return extended === undefined ? undefined : decodeURIComponent(extended);
}
