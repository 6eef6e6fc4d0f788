import type { APIGatewayProxyEvent, APIGatewayProxyResult } from 'aws-lambda';
import { type Context, OpenAPIBackend } from 'openapi-backend';
import { CofreError, httpStatus } from '../lib/errors.ts';
import { address } from '../lib/requests/fields.ts';
import { allows, type Caller, type Role } from './access/caller.ts';
import { roleFor } from './access/routes.ts';
import * as backups from './api/backups.ts';
import type { ApiDeps, Operation } from './api/operation.ts';
import { invalid, methodNotAllowed, notFound } from './api/refusals.ts';
import { baseOf, flat, requestOf, requireJson, requireSmall } from './api/request.ts';
import { json, problem } from './api/responses.ts';
import * as restoreTests from './api/restore-tests.ts';
import * as restores from './api/restores.ts';
import * as status from './api/status.ts';
import description from './openapi.json' with { type: 'json' };

const getOpenApi: Operation = async () => json(200, description);

/** By operationId; openapi-backend refuses to start when one of the description's is missing. */
const OPERATIONS: Readonly<Record<string, Operation>> = {
  getOpenApi,
  ...status,
  ...backups,
  ...restores,
  ...restoreTests,
};

/** What the caller of a request is, and where the API is to them. */
interface Asked {
  readonly caller: Caller;
  readonly base: string;
}

/** The REST API as an API Gateway proxy handler. Requests that do not fit functions/openapi.json reach no operation. */
export function createApiHandler(deps: ApiDeps) {
  const api = buildApi(deps);
  let ready: Promise<unknown> | undefined;
  return async (event: APIGatewayProxyEvent): Promise<APIGatewayProxyResult> => {
    try {
      const asked: Asked = { caller: deps.identify(event), base: baseOf(event) };
      const request = requestOf(event);
      requireSmall(request);
      requireJson(request);
      // Once: it compiles the description.
      ready ??= api.init();
      await ready;
      return (await api.handleRequest(request, asked)) as APIGatewayProxyResult;
    } catch (error) {
      if (httpStatus(error) >= 500)
        deps.cofre.logger.error('The API failed.', { path: event.path, error: String(error) });
      return problem(error);
    }
  };
}

const isAddress = (text: string) => address.safeParse(text).success;

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
    // The authorizer's policy says the same; this does not depend on how the gateway was set up.
    securityHandlers: {
      bearer: ({ operation }: Context, { caller }: Asked) =>
        allows(caller.role, roleFor(operation.operationId)),
    },
    handlers: {
      ...Object.fromEntries(handlers),
      validationFail: async ({ validation }: Context) => invalid(validation.errors ?? []),
      unauthorizedHandler: async ({ operation }: Context, { caller }: Asked) =>
        problem(lacksRole(caller, roleFor(operation.operationId))),
      notFound: async () => notFound(),
      methodNotAllowed: async ({ api, request }: Context) => methodNotAllowed(api, request),
    },
  });
}

function adapt(deps: ApiDeps, operation: Operation) {
  return ({ request }: Context, { caller, base }: Asked) =>
    operation(deps, {
      caller,
      base,
      params: flat(request.params),
      query: flat(request.query),
      headers: flat(request.headers),
      body: request.requestBody,
    });
}

function lacksRole({ role }: Caller, needed: Role): CofreError {
  return new CofreError('FORBIDDEN', `This needs the role ${needed}; yours is ${role}.`, {
    hint: 'Ask an administrator of Cofre.',
  });
}
