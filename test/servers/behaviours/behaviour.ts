import { S3Client, S3ServiceException } from '@aws-sdk/client-s3';
import type { AwsServer } from '../aws-server.ts';

/** What a behaviour is observed on. */
export interface Subject {
  readonly server: AwsServer;
  readonly s3: S3Client;
  /** Exists, and is empty but for what other behaviours put there under keys of their own. */
  readonly bucket: string;
}

/** A question to an S3 endpoint, with the answer that S3 itself gives. */
export interface Behaviour {
  readonly answer: unknown;
  observe(subject: Subject): Promise<unknown>;
}

export const MiB = 2 ** 20;
/** Well formed, and of no object. */
export const staleETag = '"00000000000000000000000000000000"';

/** Without retries, so that each answer is the server's first. */
export function client(server: AwsServer, credentials = server.credentials): S3Client {
  const { endpoint, region } = server;
  return new S3Client({ endpoint, region, credentials, forcePathStyle: true, maxAttempts: 1 });
}

/** `ok`, or the HTTP status and error code. Rethrows what is not an answer of S3. */
export async function outcome(answer: Promise<unknown>): Promise<string> {
  try {
    await answer;
    return 'ok';
  } catch (error) {
    if (error instanceof S3ServiceException) return `${error.$metadata.httpStatusCode} ${error.name}`;
    throw error;
  }
}
