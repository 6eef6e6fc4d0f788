import { createHmac, timingSafeEqual } from 'node:crypto';
import { CofreError } from '../errors.ts';
import type { DownloadUrlOptions } from './store.ts';

/** Path under which the local server serves signed downloads. */
const PATH = '/files/';

/** Names of the query's parameters, each at most once. */
const PARAMETERS: ReadonlySet<string> = new Set(['expires', 'name', 'type', 'encoding', 'signature']);

/**
 * A path with query that downloads `key` until it expires: `/files/<key>?expires=…&name=…&type=…&encoding=…&signature=…`.
 * `expires` is in seconds since 1970. The signature is an HMAC-SHA256 (RFC 2104) over the key and all parameters, so
 * none of them can be changed.
 */
export function signDownload(key: string, options: DownloadUrlOptions, secret: string, now: Date): string {
  const fields = {
    expires: String(Math.floor(now.getTime() / 1000) + options.expiresIn),
    name: options.fileName,
    type: options.contentType,
    encoding: options.contentEncoding,
  };
  const query = new URLSearchParams(
    Object.entries(fields).filter((field): field is [string, string] => !!field[1]),
  );
  query.set('signature', signature(key, query, secret));
  return `${PATH}${key.split('/').map(encodeURIComponent).join('/')}?${query}`;
}

/**
 * The inverse of `signDownload`: what the URL allows to download, and how. `expiresIn` is what is left, in seconds.
 * @throws {CofreError} `STORE_DENIED` when the URL has expired, was changed, or was not signed with `secret`
 */
export function verifyDownload(
  pathAndQuery: string,
  secret: string,
  now: Date,
): { key: string } & DownloadUrlOptions {
  const { key, query } = parse(pathAndQuery);
  if (!matches(query.get('signature') ?? '', signature(key, query, secret))) throw invalid();
  const expiresIn = Number(query.get('expires')) - now.getTime() / 1000;
  if (!(expiresIn > 0)) throw expired();
  const type = query.get('type');
  const encoding = query.get('encoding');
  return {
    key,
    expiresIn,
    fileName: query.get('name') ?? '',
    ...(type === null ? {} : { contentType: type }),
    ...(encoding === 'zstd' || encoding === 'gzip' ? { contentEncoding: encoding } : {}),
  };
}

/** Splits by hand: `new URL` would resolve `..` before anyone could refuse it. */
function parse(pathAndQuery: string): { key: string; query: URLSearchParams } {
  const mark = pathAndQuery.indexOf('?');
  const path = mark === -1 ? pathAndQuery : pathAndQuery.slice(0, mark);
  const query = new URLSearchParams(mark === -1 ? '' : pathAndQuery.slice(mark + 1));
  const names = [...query.keys()];
  const unambiguous = new Set(names).size === names.length && names.every((name) => PARAMETERS.has(name));
  if (!path.startsWith(PATH) || !unambiguous) throw invalid();
  return { key: decode(path.slice(PATH.length)), query };
}

function decode(path: string): string {
  try {
    return decodeURIComponent(path);
  } catch (error) {
    throw invalid(error);
  }
}

function signature(key: string, query: URLSearchParams, secret: string): string {
  const fields = ['expires', 'name', 'type', 'encoding'].map((name) => query.get(name));
  return createHmac('sha256', secret)
    .update(JSON.stringify([key, ...fields]))
    .digest('hex');
}

/** Compares in constant time, so that the answer's delay tells nothing about the right signature. */
function matches(given: string, right: string): boolean {
  const [a, b] = [Buffer.from(given), Buffer.from(right)];
  return a.length === b.length && timingSafeEqual(a, b);
}

function invalid(cause?: unknown): CofreError {
  return new CofreError('STORE_DENIED', 'This download link is not valid.', {
    cause,
    hint: 'Copy the whole link, or ask for a new one in the list of backups.',
  });
}

function expired(): CofreError {
  return new CofreError('STORE_DENIED', 'This download link has expired.', {
    hint: 'Ask for a new one in the list of backups.',
  });
}
