import type { APIGatewayProxyEvent, APIGatewayProxyResult } from 'aws-lambda';
import { CofreError, isErrorCode } from '../../errors.ts';

/** A deployed stack, as the caller's rights in AWS open it. */
export interface Stack {
  /** `s3://bucket/prefix` */
  readonly store: string;
  /** ARN of whoever asks. */
  readonly caller: string;
  /** Invokes the API's function. Who may do that may do everything: the API takes the caller for an admin. */
  readonly invoke: (event: APIGatewayProxyEvent, signal: AbortSignal) => Promise<APIGatewayProxyResult>;
}

/** The API's operations. They throw what the API answers, as a `CofreError`. */
export interface StackApi {
  get<T>(path: string, query?: Query): Promise<T>;
  post<T>(path: string, body?: object): Promise<T>;
  remove(path: string, query?: Query): Promise<void>;
}

type Query = Readonly<Record<string, string | number | boolean | undefined | null>>;

export function stackApi(stack: Stack, signal: AbortSignal): StackApi {
  const ask = async (method: string, path: string, given: { query?: Query; body?: object } = {}) =>
    answerOf(await stack.invoke(eventOf(stack.caller, method, path, given), signal));
  return {
    get: async <T>(path: string, query?: Query) => (await ask('GET', path, query && { query })) as T,
    post: async <T>(path: string, body?: object) => (await ask('POST', path, body && { body })) as T,
    remove: async (path, query) => void (await ask('DELETE', path, query && { query })),
  };
}

/** The request as API Gateway would pass it on, with the caller named in the authorizer's place. */
function eventOf(
  principalId: string,
  httpMethod: string,
  path: string,
  { query = {}, body }: { query?: Query; body?: object },
): APIGatewayProxyEvent {
  const given = Object.entries(query).filter(([, value]) => value !== undefined && value !== null);
  const event = {
    httpMethod,
    path: `/api/${path}`,
    // Whatever a backup is packed with, it can be unpacked here.
    headers: { 'content-type': 'application/json', 'accept-encoding': 'zstd, gzip' },
    queryStringParameters: Object.fromEntries(given.map(([name, value]) => [name, String(value)])),
    body: body === undefined ? null : JSON.stringify(body),
    isBase64Encoded: false,
    requestContext: { authorizer: { principalId, role: 'admin', via: 'iam' } },
  };
  return event as unknown as APIGatewayProxyEvent;
}

function answerOf({ statusCode, body }: APIGatewayProxyResult): unknown {
  const answer: unknown = body === '' ? null : JSON.parse(body);
  if (statusCode < 400) return answer;
  const { code = '', detail = `HTTP ${statusCode}`, hint } = answer as Problem;
  throw new CofreError(isErrorCode(code) ? code : 'INTERNAL', detail, hint === undefined ? {} : { hint });
}

interface Problem {
  readonly code?: string;
  readonly detail?: string;
  readonly hint?: string;
}
