/** What API Gateway answers by itself, before or in place of a function. The page and programs read them as the API's. */
export interface GatewayResponse {
  /** https://docs.aws.amazon.com/apigateway/latest/developerguide/supported-gateway-response-types.html */
  readonly type: string;
  readonly status: number;
  readonly headers: Readonly<Record<string, string>>;
  /** A problem (RFC 9457) as JSON. */
  readonly body: string;
}

const NO_TOKEN = [
  'SIGNED_OUT',
  'Not signed in',
  'The request has no valid token.',
  'Sign in again.',
] as const;
const DENIED = [
  'FORBIDDEN',
  'Refused',
  'Your role does not allow this.',
  'Ask an administrator of Cofre.',
] as const;
const TOO_MANY = ['THROTTLED', 'Too many requests', 'Too many requests.', 'Try again in a moment.'] as const;
const TOO_LARGE = ['USAGE', 'Bad request', 'The body of the request is too large.'] as const;
const BAD = ['USAGE', 'Bad request', 'The request is not valid.', 'See /api/openapi.json.'] as const;
const ABSENT = ['USAGE', 'Not found', 'There is no such operation.', 'See /api/openapi.json.'] as const;
const LATE = [
  'INTERNAL',
  'Failed on our side',
  'There was no answer in time.',
  'See the jobs before you try again.',
] as const;
const FAILED = [
  'INTERNAL',
  'Failed on our side',
  'Something went wrong on our side; the log says what.',
] as const;

export const GATEWAY_RESPONSES: readonly GatewayResponse[] = [
  // RFC 6750, 3: whoever is asked for a token is told which kind.
  { ...response('UNAUTHORIZED', 401, NO_TOKEN), headers: { 'www-authenticate': 'Bearer' } },
  response('ACCESS_DENIED', 403, DENIED),
  // What the gateway says of a path or method that it does not have.
  response('MISSING_AUTHENTICATION_TOKEN', 404, ABSENT),
  response('RESOURCE_NOT_FOUND', 404, ABSENT),
  response('BAD_REQUEST_BODY', 400, BAD),
  response('BAD_REQUEST_PARAMETERS', 400, BAD),
  response('REQUEST_TOO_LARGE', 413, TOO_LARGE),
  response('THROTTLED', 429, TOO_MANY),
  response('INTEGRATION_TIMEOUT', 504, LATE),
  response('AUTHORIZER_FAILURE', 500, FAILED),
  response('AUTHORIZER_CONFIGURATION_ERROR', 500, FAILED),
  response('DEFAULT_5XX', 500, FAILED),
];

function response(
  type: string,
  status: number,
  [code, title, detail, hint]: readonly [code: string, title: string, detail: string, hint?: string],
): GatewayResponse {
  const body = { type: `urn:cofre:error:${code}`, title, status, detail, code, ...(hint && { hint }) };
  return { type, status, headers: {}, body: JSON.stringify(body) };
}
