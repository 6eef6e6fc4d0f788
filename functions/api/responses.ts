import type { APIGatewayProxyResult } from 'aws-lambda';
import { CofreError, httpStatus, toCofreError } from '../../lib/errors.ts';
import type { FieldError } from './problem.ts';

const HEADERS = { 'cache-control': 'no-store', 'x-content-type-options': 'nosniff' };

export function json(
  statusCode: number,
  value: unknown,
  headers: Record<string, string> = {},
): APIGatewayProxyResult {
  return {
    statusCode,
    headers: { ...HEADERS, 'content-type': 'application/json', ...headers },
    body: JSON.stringify(value),
  };
}

export function empty(statusCode: number, headers: Record<string, string> = {}): APIGatewayProxyResult {
  return { statusCode, headers: { ...HEADERS, ...headers }, body: '' };
}

/** Problem details (RFC 9457) of an error. What is not ours is not shown: its text may tell of the inside. */
export function problem(
  error: unknown,
  errors?: readonly FieldError[],
  status = httpStatus(error),
): APIGatewayProxyResult {
  const { code, message, hint } = toCofreError(error);
  const detail = code === 'INTERNAL' ? 'Something went wrong on our side; the log says what.' : message;
  const body = { type: `urn:cofre:error:${code}`, title: TITLES[status] ?? 'Failed', status, detail, code };
  const extra = { ...(hint !== undefined && { hint }), ...(errors && { errors }) };
  return {
    statusCode: status,
    headers: { ...HEADERS, 'content-type': 'application/problem+json' },
    body: JSON.stringify({ ...body, ...extra }),
  };
}

/** 405, with the methods that there are (RFC 9110, 15.5.6). */
export function refuseMethod(allowed: readonly string[]): APIGatewayProxyResult {
  const allow = allowed.join(', ');
  const error = new CofreError('USAGE', `The method must be ${allowed.join(' or ')}.`);
  const refused = problem(error, undefined, 405);
  return { ...refused, headers: { ...refused.headers, allow } };
}

const TITLES: Readonly<Record<number, string>> = {
  400: 'Bad request',
  401: 'Not signed in',
  403: 'Refused',
  404: 'Not found',
  405: 'Method not allowed',
  409: 'Not possible now',
  500: 'Failed on our side',
  502: 'A system behind us failed',
  507: 'No space left',
};
