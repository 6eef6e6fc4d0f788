import type { APIGatewayProxyResult } from 'aws-lambda';
import type { OpenAPIBackend, Request } from 'openapi-backend';
import { CofreError } from '../../lib/errors.ts';
import type { FieldError } from './problem.ts';
import { problem, refuseMethod } from './responses.ts';

/** What ajv says of one field. */
export interface SchemaError {
  readonly instancePath?: string;
  readonly message?: string;
  readonly params?: object;
}

const hint = 'See /api/openapi.json.';

/** 400 for a request that does not fit the description, field by field. */
export function invalid(errors: readonly SchemaError[]): APIGatewayProxyResult {
  const fields = errors.map(fieldOf);
  const told = fields.map(({ path, message }) => `${path} ${message}`).slice(0, 3);
  const error = new CofreError('USAGE', `The request is not valid: ${told.join('; ')}.`, { hint });
  return problem(error, fields, 400);
}

function fieldOf({ instancePath = '', message = 'is not valid', params }: SchemaError): FieldError {
  const extra = params && 'additionalProperty' in params ? `: ${String(params.additionalProperty)}` : '';
  return { path: instancePath.replace(/^\/requestBody/, '') || '/', message: message + extra };
}

export function notFound(): APIGatewayProxyResult {
  return problem(new CofreError('USAGE', 'There is no such operation.', { hint }), undefined, 404);
}

/** 405 has to say what is allowed (RFC 9110, 15.5.6). */
export function methodNotAllowed({ router }: OpenAPIBackend, request: Request): APIGatewayProxyResult {
  return refuseMethod(
    ['GET', 'POST', 'DELETE'].filter((method) => router.matchOperation({ ...request, method })),
  );
}
