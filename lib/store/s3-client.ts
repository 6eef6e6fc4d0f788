import { S3Client, type S3ClientConfig } from '@aws-sdk/client-s3';
import type { Clock } from '../clock.ts';
import { checkKey } from './keys.ts';

/** Where an S3 store keeps its objects, and what it needs to get there. */
export interface S3Place {
  readonly client: S3Client;
  readonly bucket: string;
  /** Before each key: empty, or ending in `/`. */
  readonly prefix: string;
  /** `s3://bucket/prefix` */
  readonly url: string;
  readonly clock: Clock;
}

/** Attempts at one request, the first included. The pauses between them add up to some 3 s, to 30 s on SlowDown. */
const ATTEMPTS = 8;

/** Longest wait for a connection, and for a sign of life from a connected server, ms. */
const CONNECT_TIMEOUT = 5_000;
const IDLE_TIMEOUT = 30_000;

/**
 * A client for backups: it notices a server that has fallen silent, which the SDK's defaults never do, and retries
 * (AWS SDKs reference guide, "Retry behavior": standard mode). Checksums of answers are left to the hashes in the
 * manifest: the SDK could check whole objects only, not ranges. `Expect: 100-continue` is off, since with it the SDK
 * makes a new connection for each part.
 */
export function s3Client(config: S3ClientConfig = {}): S3Client {
  return new S3Client({
    retryMode: 'standard',
    maxAttempts: ATTEMPTS,
    requestHandler: { connectionTimeout: CONNECT_TIMEOUT, socketTimeout: IDLE_TIMEOUT },
    requestChecksumCalculation: 'WHEN_SUPPORTED',
    responseChecksumValidation: 'WHEN_REQUIRED',
    expectContinueHeader: false,
    followRegionRedirects: true,
    ...config,
  });
}

/** Bucket and key of an object, as the commands take them. @throws {CofreError} `USAGE` */
export function target(place: S3Place, key: string): { Bucket: string; Key: string } {
  checkKey(key);
  checkKey(place.prefix + key); // the limit is on the whole
  return { Bucket: place.bucket, Key: place.prefix + key };
}
