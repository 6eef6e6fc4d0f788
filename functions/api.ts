import type { APIGatewayProxyEvent, APIGatewayProxyResult } from 'aws-lambda';
import { type Context, OpenAPIBackend, type Request } from 'openapi-backend';
import { z } from 'zod';
import { CofreError, httpStatus } from '../lib/errors.ts';
import * as backups from './api/backups.ts';
import type { ApiDeps, Operation } from './api/operation.ts';
import { type FieldError, json, problem, refuseMethod } from './api/responses.ts';
import * as restores from './api/restores.ts';
import * as status from './api/status.ts';
import description from './openapi.json' with { type: 'json' };

const getOpenApi: Operation = async () => json(200, description);

/** By operationId; openapi-backend refuses to start when one of the description's is missing. */
const OPERATIONS: Readonly<Record<string, Operation>> = { getOpenApi, ...status, ...backups, ...restores };

/** The REST API as an API Gateway proxy handler. Requests that do not fit functions/openapi.json reach no operation. */
export function createApiHandler(deps: ApiDeps) {
  const api = buildApi(deps);
  let ready: Promise<unknown> | undefined;
  return async (event: APIGatewayProxyEvent): Promise<APIGatewayProxyResult> => {
    try {
      // Once: it compiles the description.
      ready ??= api.init();
      await ready;
      return (await api.handleRequest(requestOf(event), actorOf(event))) as APIGatewayProxyResult;
    } catch (error) {
      if (error instanceof URIError) return problem(malformedPath(error), undefined, 400);
      if (httpStatus(error) >= 500)
        deps.cofre.logger.error('The API failed.', { path: event.path, error: String(error) });
      return problem(error);
    }
  };
}

const isAddress = (text: string) => z.email().max(254).safeParse(text).success;

function buildApi(deps: ApiDeps): OpenAPIBackend {
  const handlers = Object.entries(OPERATIONS).map(
    ([name, operation]) => [name, adapt(deps, operation)] as const,
  );
  return new OpenAPIBackend({
    definition: structuredClone(description) as never,
    apiRoot: '/api',
    strict: true,
    quick: true,
    coerceTypes: false,
    // No coercion: a body is JSON and means what it says. Parameters are text; openapi-backend has ajv coerce those.
    ajvOpts: { strict: false, allErrors: true, formats: { email: isAddress } },
    handlers: {
      ...Object.fromEntries(handlers),
      validationFail: async ({ validation }: Context) => invalid(validation.errors ?? []),
      notFound: async () => problem(notFound(), undefined, 404),
      methodNotAllowed: async ({ api, request }: Context) => methodNotAllowed(api, request),
    },
  });
}

function adapt(deps: ApiDeps, operation: Operation) {
  return ({ request }: Context, actor: string) =>
    operation(deps, {
      actor,
      params: flat(request.params),
      query: flat(request.query),
      headers: flat(request.headers),
      body: request.requestBody,
    });
}

const flat = (values: Record<string, unknown>) =>
  Object.fromEntries(Object.entries(values ?? {}).map(([name, value]) => [name, String(value)]));

function requestOf(event: APIGatewayProxyEvent): Request {
  const headers = Object.entries(event.headers).map(([name, value]) => [name.toLowerCase(), value ?? '']);
  const encoded = event.body ?? undefined;
  const body = encoded && event.isBase64Encoded ? Buffer.from(encoded, 'base64').toString('utf8') : encoded;
  return {
    method: event.httpMethod,
    path: event.path,
    query: Object.fromEntries(
      Object.entries(event.queryStringParameters ?? {}).map(([k, v]) => [k, v ?? '']),
    ),
    headers: Object.fromEntries(headers),
    body,
  };
}

/** Who asks, as the authorizer says; without one, whoever is at this machine. */
function actorOf({ requestContext }: APIGatewayProxyEvent): string {
  const principal = requestContext?.authorizer?.['principalId'];
  return principal ? `user:${principal}` : 'admin page';
}

function invalid(
  errors: readonly { instancePath?: string; message?: string; params?: object }[],
): APIGatewayProxyResult {
  const fields: FieldError[] = errors.map(({ instancePath = '', message = 'is not valid', params }) => ({
    path: instancePath.replace(/^\/requestBody/, '') || '/',
    message:
      params && 'additionalProperty' in params ? `${message}: ${String(params.additionalProperty)}` : message,
  }));
  const told = fields
    .map(({ path, message }) => `${path} ${message}`)
    .slice(0, 3)
    .join('; ');
  return problem(
    new CofreError('USAGE', `The request is not valid: ${told}.`, { hint: 'See /api/openapi.json.' }),
    fields,
    400,
  );
}

function notFound(): CofreError {
  return new CofreError('USAGE', 'There is no such operation.', { hint: 'See /api/openapi.json.' });
}

/** 405 has to say what is allowed (RFC 9110, 15.5.6). */
function methodNotAllowed({ router }: OpenAPIBackend, request: Request): APIGatewayProxyResult {
  const methods = ['GET', 'POST', 'DELETE'].filter((method) => router.matchOperation({ ...request, method }));
  return refuseMethod(methods);
}

function malformedPath(cause: URIError): CofreError {
  return new CofreError('USAGE', 'The path of the request is not valid.', { cause });
}
