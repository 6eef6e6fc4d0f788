import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join, resolve } from 'node:path';
import { describe, expect, test } from 'vitest';
import { systemClock } from '../../../lib/clock.ts';
import { CofreError } from '../../../lib/errors.ts';
import { openStore } from '../../../lib/store/open.ts';
import { clientConfig } from '../../../lib/store/s3-url.ts';

const options = { env: { AWS_REGION: 'eu-west-1' }, clock: systemClock };

describe('openStore', () => {
  test.each([
    ['./backups', resolve('backups')],
    ['backups', resolve('backups')],
    ['/var/backups/', resolve('/var/backups')],
    ['file:///var/back%20ups', resolve('/var/back ups')],
    ['file:/var/backups', resolve('/var/backups')],
    ['file:backups', resolve('backups')],
    ['s3://bucket', 's3://bucket'],
    ['s3://bucket/', 's3://bucket'],
    ['s3://my.bucket-1/a/b/', 's3://my.bucket-1/a/b'],
  ])('%s is %s (9 cases)', (spec, url) => expect(openStore(spec, options).url).toBe(url));

  test.each([
    '',
    'https://bucket.s3.amazonaws.com/x',
    'gs://bucket/x',
    'sftp://me:secret@host/x',
    's3://',
    's3:bucket',
    's3://AKIA0:secret@bucket/x',
    's3://Bucket',
    's3://bucket//x',
    's3://bucket/../x',
    's3://bucket/.cofre-tags',
    'file://other-host/x',
    'a\0b',
  ])('%j is refused, and not repeated where it may hold a secret (13 cases)', (spec) => {
    const error = thrownBy(() => openStore(spec, options));
    expect(error).toMatchObject({ code: 'USAGE', hint: expect.any(String) });
    expect(error.message).not.toContain('secret');
  });

  test('download URLs of a folder lead to the given address, and expire by the given clock', async () => {
    const clock = { ...systemClock, now: () => new Date(1_000_000_000_000) };
    const folder = await mkdtemp(join(tmpdir(), 'cofre-open-'));
    const store = openStore(folder, { env: {}, clock, publicUrl: 'https://example.org/' });
    const url = await store.downloadUrl('a', { expiresIn: 60, fileName: 'a' });
    await rm(folder, { recursive: true });
    expect(url).toMatch(/^https:\/\/example\.org\/files\/a\?expires=1000000060&/);
  });
});

describe('the environment of an S3 store', () => {
  test.each([
    [{}, {}],
    [{ AWS_DEFAULT_REGION: 'eu-west-1' }, { region: 'eu-west-1' }],
    [{ AWS_REGION: 'eu-west-1', AWS_DEFAULT_REGION: 'x' }, { region: 'eu-west-1' }],
    [{ AWS_ENDPOINT_URL: 'http://a' }, { endpoint: 'http://a', forcePathStyle: true, region: 'us-east-1' }],
    [
      { AWS_ENDPOINT_URL: 'http://a', AWS_ENDPOINT_URL_S3: 'http://b', AWS_REGION: 'r' },
      { endpoint: 'http://b', forcePathStyle: true, region: 'r' },
    ],
    [
      { AWS_ACCESS_KEY_ID: 'k', AWS_SECRET_ACCESS_KEY: 's' },
      { credentials: { accessKeyId: 'k', secretAccessKey: 's' } },
    ],
    [
      { AWS_ACCESS_KEY_ID: 'k', AWS_SECRET_ACCESS_KEY: 's', AWS_SESSION_TOKEN: 't' },
      { credentials: { accessKeyId: 'k', secretAccessKey: 's', sessionToken: 't' } },
    ],
    [{ AWS_ACCESS_KEY_ID: 'k' }, {}],
  ])('%j gives %j (8 cases)', (env, config) => expect(clientConfig(env)).toEqual(config));
});

function thrownBy(call: () => unknown): CofreError {
  try {
    call();
  } catch (error) {
    if (error instanceof CofreError) return error;
    throw error;
  }
  throw new Error('Nothing was thrown.');
}
