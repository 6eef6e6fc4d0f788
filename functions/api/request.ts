import type { APIGatewayProxyEvent } from 'aws-lambda';
import type { Request } from 'openapi-backend';
import { CofreError } from '../../lib/errors.ts';
import { known } from '../../lib/known.ts';

/** A proxy event as openapi-backend takes it; names of headers in lower case. */
export function requestOf(event: APIGatewayProxyEvent): Request {
  const headers = Object.entries(event.headers ?? {}).map(([name, value]) => [
    name.toLowerCase(),
    value ?? '',
  ]);
  const query = Object.entries(event.queryStringParameters ?? {}).map(([name, value]) => [name, value ?? '']);
  return {
    method: event.httpMethod,
    path: encodePath(event.path),
    query: Object.fromEntries(query),
    headers: Object.fromEntries(headers),
    body: bodyOf(event),
  };
}

/**
 * API Gateway has decoded the path, and openapi-backend will once more: a `?` or `%` in it is a character of a name, not
 * the beginning of a query or of a code.
 */
function encodePath(path: string): string {
  return path.split('/').map(encodeURIComponent).join('/');
}

function bodyOf({ body, isBase64Encoded }: APIGatewayProxyEvent): string | undefined {
  if (!body) return undefined;
  return isBase64Encoded ? Buffer.from(body, 'base64').toString('utf8') : body;
}

/** Bytes of the largest body; what the API takes is small. */
export const MOST_BODY_BYTES = 64 * 1024;

/** @throws {CofreError} `USAGE` */
export function requireSmall({ body }: Request): void {
  if (typeof body === 'string' && Buffer.byteLength(body) > MOST_BODY_BYTES)
    throw new CofreError('USAGE', 'The body of the request is too large.');
}

/**
 * A form of a foreign page can send text or form data without asking first, but never JSON.
 * @throws {CofreError} `USAGE`
 */
export function requireJson({ method, headers, body }: Request): void {
  if (!body || method === 'GET' || /^application\/json\b/i.test(String(headers['content-type'] ?? '')))
    return;
  throw new CofreError('USAGE', 'The body of the request must be application/json.', {
    hint: 'Set Content-Type.',
  });
}

/** What stands before `/api` in the address as the client knows it: the stage of API Gateway, or nothing. */
export function baseOf({ path, requestContext }: APIGatewayProxyEvent): string {
  const outer = requestContext?.path;
  return outer?.endsWith(path) ? outer.slice(0, -path.length) : '';
}

export const flat = (values: Record<string, unknown> | undefined): Record<string, string> =>
  Object.fromEntries(Object.entries(values ?? {}).map(([name, value]) => [name, String(value)]));

/** The id in the path of an operation on one thing. */
export const idOf = ({ params }: { readonly params: Readonly<Record<string, string>> }): string =>
  known(params['id'], 'The id in the path');
