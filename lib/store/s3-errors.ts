import { CofreError, type ErrorCode } from '../errors.ts';
import { throwIfAborted } from './abort.ts';

interface Entry {
  readonly code: ErrorCode;
  readonly what: string;
  readonly hint: string;
}

const NOT_FOUND: Entry = {
  code: 'STORE_NOT_FOUND',
  what: 'it does not exist',
  hint: 'It may have been deleted or have expired. List the backups to see what there is.',
};
const NO_BUCKET: Entry = {
  code: 'STORE_NOT_FOUND',
  what: 'the bucket does not exist',
  hint: 'Check the name after s3://, the region (AWS_REGION) and, if set, AWS_ENDPOINT_URL.',
};
const DENIED: Entry = {
  code: 'STORE_DENIED',
  what: 'access was denied',
  hint: 'Check that the role may s3:GetObject, PutObject, DeleteObject, Get/PutObjectTagging, AbortMultipartUpload on the objects, s3:ListBucket and ListBucketMultipartUploads on the bucket (without ListBucket, a missing object is "denied" too), and the key of the encryption.',
};
const CREDENTIALS: Entry = {
  code: 'STORE_DENIED',
  what: 'the credentials are missing, wrong or expired',
  hint: 'Check AWS_ACCESS_KEY_ID, AWS_SECRET_ACCESS_KEY and AWS_SESSION_TOKEN, the profile, or the role.',
};
const CLOCK: Entry = {
  code: 'STORE_DENIED',
  what: 'the clock of this machine is wrong',
  hint: 'Set the clock (NTP): S3 refuses requests that are signed more than 15 minutes off.',
};
const REGION: Entry = {
  code: 'STORE_DENIED',
  what: 'the bucket is in another region, or no region is set',
  hint: 'Set AWS_REGION to the region of the bucket.',
};
const CONFLICT: Entry = {
  code: 'STORE_CONFLICT',
  what: 'someone else wrote it meanwhile',
  hint: 'Look at what is there now, and try again if it is still needed.',
};
const FULL: Entry = {
  code: 'NO_SPACE',
  what: 'there is no room for it',
  hint: 'Delete old backups (`cofre prune`), or raise the quota of the S3 server.',
};
const UNSUPPORTED: Entry = {
  code: 'CONFIG_INVALID',
  what: 'this S3 server does not support it',
  hint: 'Cofre needs conditional writes (If-None-Match, If-Match), tags and multipart uploads. Use a server, or a version of it, that has them.',
};
const BAD_NAME: Entry = {
  code: 'USAGE',
  what: 'the name is not allowed',
  hint: 'Check the name of the bucket, the prefix and the name of the database.',
};
const UPLOAD_GONE: Entry = {
  code: 'STORE_UNAVAILABLE',
  what: 'the unfinished upload was cleared while it was going on',
  hint: 'Let the lifecycle rule, or `cofre prune`, clear only uploads that are days old.',
};
const UNAVAILABLE: Entry = {
  code: 'STORE_UNAVAILABLE',
  what: 'the server did not answer as it should, also after retries',
  hint: 'Check the network, AWS_ENDPOINT_URL if set, and the status of the S3 service, and try again.',
};

/** Amazon S3 API reference, "Error responses", and what MinIO, Ceph and the SDK itself add. */
const BY_NAME: ReadonlyMap<string, Entry> = new Map([
  ...each(['NoSuchKey', 'NotFound', 'NoSuchVersion'], NOT_FOUND),
  ...each(['NoSuchBucket'], NO_BUCKET),
  ...each(['AccessDenied', 'AllAccessDisabled', 'AccountProblem', 'InvalidObjectState', 'Forbidden'], DENIED),
  ...each(['InvalidAccessKeyId', 'SignatureDoesNotMatch', 'ExpiredToken', 'InvalidToken'], CREDENTIALS),
  ...each(['TokenRefreshRequired', 'CredentialsProviderError', 'TokenProviderError'], CREDENTIALS),
  ...each(['RequestTimeTooSkewed', 'RequestExpired'], CLOCK),
  ...each(
    ['PermanentRedirect', 'AuthorizationHeaderMalformed', 'IllegalLocationConstraintException'],
    REGION,
  ),
  ...each(['PreconditionFailed', 'ConditionalRequestConflict', 'OperationAborted'], CONFLICT),
  ...each(['EntityTooLarge', 'QuotaExceeded', 'XMinioStorageFull', 'InsufficientStorage'], FULL),
  ...each(['NotImplemented'], UNSUPPORTED),
  ...each(['InvalidBucketName', 'KeyTooLongError', 'InvalidURI', 'InvalidTag'], BAD_NAME),
  ...each(['NoSuchUpload'], UPLOAD_GONE),
]);

/** For answers without a body, as those to HEAD. */
const BY_STATUS: ReadonlyMap<number, Entry> = new Map([
  [301, REGION],
  [401, CREDENTIALS],
  [403, DENIED],
  [404, NOT_FOUND],
  [409, CONFLICT],
  [412, CONFLICT],
  [501, UNSUPPORTED],
  [507, FULL],
]);

/**
 * Calls S3 and translates what it throws. `what` says what is tried, for the message: `write shop/a to s3://bucket`.
 * @throws {CofreError} `ABORTED` when the signal has fired
 */
export async function s3Call<T>(
  what: string,
  signal: AbortSignal | undefined,
  call: (options: { abortSignal?: AbortSignal }) => Promise<T>,
): Promise<T> {
  throwIfAborted(signal);
  try {
    return await call(signal === undefined ? {} : { abortSignal: signal });
  } catch (error) {
    throwIfAborted(signal);
    throw s3Error(what, error);
  }
}

/** The `CofreError` for an error of the SDK; one that is ours already, or a bug, is returned as it is. */
export function s3Error(what: string, error: unknown): unknown {
  if (error instanceof CofreError) return error;
  const answer = describe(error);
  const entry = entryFor(answer);
  if (entry === undefined) return error;
  const detail = [answer.name, answer.message].filter((text) => text !== '').join(': ');
  return new CofreError(entry.code, `Cannot ${what}: ${entry.what} (${detail}).`, {
    hint: entry.hint,
    cause: withoutSecrets(answer),
  });
}

interface Answer {
  readonly name: string;
  readonly message: string;
  /** HTTP status; `undefined` when there was no answer. */
  readonly status: number | undefined;
  readonly requestId: string | undefined;
  /** Of the system or of Node: `ECONNRESET`. */
  readonly errno: string | undefined;
  /** How often the SDK tried; `undefined` when it does not say. */
  readonly attempts: number | undefined;
}

/** What can be said about an error of the SDK. */
export function describe(error: unknown): Answer {
  if (!(error instanceof Error)) return { ...NOTHING, message: String(error) };
  const { $metadata = {}, code } = error as Error & { $metadata?: Metadata; code?: unknown };
  return {
    name: error.name === 'Error' && typeof code === 'string' ? code : error.name,
    message: error.message,
    status: $metadata.httpStatusCode,
    requestId: $metadata.requestId,
    errno: typeof code === 'string' ? code : undefined,
    attempts: $metadata.attempts,
  };
}

interface Metadata {
  readonly httpStatusCode?: number;
  readonly requestId?: string;
  readonly attempts?: number;
}

const NOTHING: Answer = {
  name: 'Error',
  message: '',
  status: undefined,
  requestId: undefined,
  errno: undefined,
  attempts: undefined,
};

function entryFor(answer: Answer): Entry | undefined {
  const known = BY_NAME.get(answer.name) ?? BY_STATUS.get(answer.status ?? 0);
  if (known !== undefined) return known;
  if (answer.message.startsWith('Region is missing')) return REGION;
  const fromOutside =
    answer.status !== undefined || answer.errno !== undefined || answer.name === 'TimeoutError';
  return fromOutside ? UNAVAILABLE : undefined;
}

/**
 * The cause, for a log. The SDK's own error holds the whole answer, in which S3 may repeat the session token
 * (`ExpiredToken`) or what was signed (`SignatureDoesNotMatch`).
 */
function withoutSecrets({ name, message, status, requestId, errno, attempts }: Answer): Error {
  const cause = new Error(message);
  cause.name = name;
  return Object.assign(cause, { status, requestId, errno, attempts });
}

function each(names: readonly string[], entry: Entry): Array<[string, Entry]> {
  return names.map((name) => [name, entry]);
}
