import type { APIGatewayProxyEvent } from 'aws-lambda';
import { CofreError } from '../../lib/errors.ts';

/**
 * Refuses requests of foreign pages. The API is for its own page and for programs, which send no `Origin`
 * (https://fetch.spec.whatwg.org/#origin-header, https://www.w3.org/TR/fetch-metadata/). A foreign page has no token
 * either; this is the second lock.
 * @throws {CofreError} `FORBIDDEN`
 */
export function requireOwnOrigin({ headers }: Pick<APIGatewayProxyEvent, 'headers'>): void {
  const given = lowerCase(headers ?? {});
  const { host = '', origin } = given;
  if (origin !== undefined && hostOf(origin) !== host.toLowerCase()) throw foreign();
  if (given['sec-fetch-site'] === 'cross-site' && given['sec-fetch-mode'] !== 'navigate') throw foreign();
}

/** API Gateway passes header names on as the client wrote them. */
function lowerCase(headers: APIGatewayProxyEvent['headers']): Record<string, string | undefined> {
  return Object.fromEntries(Object.entries(headers).map(([name, value]) => [name.toLowerCase(), value]));
}

/** `undefined` for `null`, which a sandboxed page sends, and anything else that is no origin. */
function hostOf(origin: string): string | undefined {
  return /^https?:\/\/([^/]+)$/i.exec(origin)?.[1]?.toLowerCase();
}

function foreign(): CofreError {
  return new CofreError('FORBIDDEN', 'Refused: the request comes from a page of another origin.', {
    hint: 'Use the admin page at its own address.',
  });
}
