import { inspect } from 'node:util';
import { S3ServiceException } from '@aws-sdk/client-s3';
import { describe, expect, test } from 'vitest';
import { CofreError, type ErrorCode } from '../../../lib/errors.ts';
import { s3Store } from '../../../lib/store/s3.ts';
import { s3Error } from '../../../lib/store/s3-errors.ts';
import { conditionError } from '../../../lib/store/s3-write.ts';

/** As the SDK throws it. */
function answered(name: string, httpStatusCode: number, more: object = {}): Error {
  const error = new S3ServiceException({
    name,
    message: 'm',
    $fault: 'client',
    $metadata: { httpStatusCode },
  });
  return Object.assign(error, more);
}

const system = (code: string) => Object.assign(new Error('m'), { code });
const named = (name: string, message = 'm') => Object.assign(new Error(message), { name });

const CASES: ReadonlyArray<readonly [Error, ErrorCode, hint: RegExp]> = [
  [answered('NoSuchKey', 404), 'STORE_NOT_FOUND', /List the backups/],
  [answered('NotFound', 404), 'STORE_NOT_FOUND', /List the backups/],
  [answered('NoSuchBucket', 404), 'STORE_NOT_FOUND', /s3:\/\//],
  [answered('NoSuchUpload', 404), 'STORE_UNAVAILABLE', /lifecycle/],
  [answered('AccessDenied', 403), 'STORE_DENIED', /s3:ListBucket/],
  [answered('UnknownError', 403), 'STORE_DENIED', /s3:ListBucket/],
  [answered('InvalidAccessKeyId', 403), 'STORE_DENIED', /AWS_ACCESS_KEY_ID/],
  [answered('SignatureDoesNotMatch', 403), 'STORE_DENIED', /AWS_SECRET_ACCESS_KEY/],
  [answered('ExpiredToken', 400), 'STORE_DENIED', /AWS_SESSION_TOKEN/],
  [named('CredentialsProviderError'), 'STORE_DENIED', /role/],
  [answered('RequestTimeTooSkewed', 403), 'STORE_DENIED', /clock/],
  [answered('PermanentRedirect', 301), 'STORE_DENIED', /AWS_REGION/],
  [named('Error', 'Region is missing'), 'STORE_DENIED', /AWS_REGION/],
  [answered('PreconditionFailed', 412), 'STORE_CONFLICT', /try again/],
  [answered('ConditionalRequestConflict', 409), 'STORE_CONFLICT', /try again/],
  [answered('UnknownError', 412), 'STORE_CONFLICT', /try again/],
  [answered('EntityTooLarge', 400), 'NO_SPACE', /prune/],
  [answered('UnknownError', 507), 'NO_SPACE', /prune/],
  [answered('NotImplemented', 501), 'CONFIG_INVALID', /conditional writes/],
  [answered('InvalidBucketName', 400), 'USAGE', /bucket/],
  [answered('InternalError', 500), 'STORE_UNAVAILABLE', /try again/],
  [answered('SlowDown', 503), 'STORE_UNAVAILABLE', /try again/],
  [answered('SomethingNew', 400), 'STORE_UNAVAILABLE', /try again/],
  [named('TimeoutError'), 'STORE_UNAVAILABLE', /try again/],
  [system('ECONNREFUSED'), 'STORE_UNAVAILABLE', /network/],
  [system('ENOTFOUND'), 'STORE_UNAVAILABLE', /AWS_ENDPOINT_URL/],
  [system('DEPTH_ZERO_SELF_SIGNED_CERT'), 'STORE_UNAVAILABLE', /AWS_ENDPOINT_URL/],
];

describe('errors of S3', () => {
  test.each(
    CASES.map((each) => [`${each[0].name} (${inspect(each[0]).match(/\d{3}|E[A-Z]+/)?.[0]})`, each] as const),
  )(`%s is translated (${CASES.length} cases)`, (_, [error, code, hint]) => {
    const translated = s3Error('write shop/a to s3://bucket', error);
    expect(translated).toBeInstanceOf(CofreError);
    expect(translated).toMatchObject({ code, hint: expect.stringMatching(hint) });
    expect((translated as Error).message).toMatch(/^Cannot write shop\/a to s3:\/\/bucket: /);
  });

  test('what is no answer of S3 but a mistake of ours passes as it is', () => {
    const error = new TypeError('x is not a function');
    expect(s3Error('write', error)).toBe(error);
  });

  test('a missing object is a broken condition for a write with If-Match, and only for that', () => {
    const error = answered('NoSuchKey', 404);
    expect(conditionError('write', error, { etag: 'x' })).toMatchObject({ code: 'STORE_CONFLICT' });
    expect(conditionError('write', error, undefined)).toMatchObject({ code: 'STORE_NOT_FOUND' });
  });

  test('no part of an error tells a token, what was signed, or the headers', () => {
    const error = answered('ExpiredToken', 400, {
      'Token-0': 'TOPSECRET',
      StringToSign: 'TOPSECRET',
      $response: { headers: { authorization: 'TOPSECRET' } },
    });
    expect(inspect(s3Error('write', error), { depth: null, showHidden: true })).not.toContain('TOPSECRET');
  });

  test('credentials are in no error of a store, nor in its url', async () => {
    const credentials = {
      accessKeyId: 'TOPSECRET1',
      secretAccessKey: 'TOPSECRET2',
      sessionToken: 'TOPSECRET3',
    };
    const clientConfig = { region: 'us-east-1', endpoint: 'http://127.0.0.1:9', maxAttempts: 1, credentials };
    const store = s3Store({ bucket: 'bucket', clientConfig });
    for (const verb of ['head', 'get', 'getTag', 'delete'] as const) {
      const error = await store[verb]('a').catch((caught) => caught);
      expect(error).toMatchObject({ code: 'STORE_UNAVAILABLE' });
      expect(inspect(error, { depth: null, showHidden: true }) + store.url).not.toContain('TOPSECRET');
    }
  });

  test('missing credentials are STORE_DENIED, with what to set', async () => {
    const clientConfig = {
      region: 'us-east-1',
      credentials: () => Promise.reject(named('CredentialsProviderError', 'Could not load credentials')),
    };
    const error = await s3Store({ bucket: 'bucket', clientConfig })
      .head('a')
      .catch((caught) => caught);
    expect(error).toMatchObject({ code: 'STORE_DENIED', hint: expect.stringContaining('AWS_ACCESS_KEY_ID') });
  });
});
