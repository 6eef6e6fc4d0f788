import { once } from 'node:events';
import { createServer, type IncomingMessage, type Server, type ServerResponse } from 'node:http';
import type { AddressInfo } from 'node:net';
import type {
  APIGatewayAuthorizerResult,
  APIGatewayProxyEvent,
  APIGatewayProxyResult,
  APIGatewayTokenAuthorizerEvent,
} from 'aws-lambda';
import { GATEWAY_RESPONSES } from '../../functions/access/gateway-responses.ts';
import { problem } from '../../functions/api/responses.ts';
import { sendFile } from '../../infra/local/files.ts';
import { send, toEvent } from '../../infra/local/gateway.ts';
import type { DirectoryStore } from '../../lib/store/directory.ts';

/** The functions behind the gateway. */
export interface Behind {
  readonly authorizer: (event: APIGatewayTokenAuthorizerEvent) => Promise<APIGatewayAuthorizerResult>;
  readonly api: (event: APIGatewayProxyEvent) => Promise<APIGatewayProxyResult>;
  readonly page: (event: APIGatewayProxyEvent) => Promise<APIGatewayProxyResult>;
  /** Serves its signed URLs, as S3 does elsewhere. */
  readonly files: DirectoryStore;
}

/**
 * What API Gateway does with a request to the stage `prod`, as far as access goes: authorizer of type TOKEN, policy, gateway responses, proxy event.
 * The same tests run on a whole emulator in test/cloud; this one starts in no time and holds nothing back.
 */
export interface Gateway extends AsyncDisposable {
  /** Of the page, with the slash at the end. */
  readonly url: string;
  /** To be called before the first request. */
  open(behind: Behind): void;
}

const STAGE = '/prod';
const ARN = 'arn:aws:execute-api:us-east-1:000000000000:abc123/prod';
/** As the stack has it. */
const TOKEN = /^Bearer [-_A-Za-z0-9]+\.[-_A-Za-z0-9]+\.[-_A-Za-z0-9]+$/;

export async function openGateway(): Promise<Gateway> {
  const server = createServer().listen(0, '127.0.0.1');
  await once(server, 'listening');
  return {
    url: `http://127.0.0.1:${(server.address() as AddressInfo).port}${STAGE}/`,
    open: (behind) => void serve(server, behind),
    [Symbol.asyncDispose]: async () => {
      server.close();
      server.closeAllConnections();
    },
  };
}

function serve(server: Server, behind: Behind): void {
  server.on('request', async (request, response) => {
    try {
      await answer(behind, request, response);
    } catch (error) {
      send(response, problem(error));
    }
  });
}

async function answer(behind: Behind, request: IncomingMessage, response: ServerResponse): Promise<void> {
  const url = new URL(`http://127.0.0.1/${(request.url ?? '').replace(/^\//, '')}`);
  if (url.pathname.startsWith('/files/')) return await sendFile(behind.files, request, response);
  if (url.pathname !== STAGE && !url.pathname.startsWith(`${STAGE}/`)) {
    return send(response, refusal('MISSING_AUTHENTICATION_TOKEN'));
  }
  const path = url.pathname.slice(STAGE.length) || '/';
  const event = await toEvent(request, new URL(`http://127.0.0.1${path}${url.search}`));
  const requestContext = { path: url.pathname, stage: 'prod' };
  const inner = { ...event, requestContext } as unknown as APIGatewayProxyEvent;
  const isApi = path === '/api' || path.startsWith('/api/');
  send(response, await (isApi ? answerApi(behind, inner) : behind.page(inner)));
}

async function answerApi(behind: Behind, event: APIGatewayProxyEvent): Promise<APIGatewayProxyResult> {
  const authorizationToken = event.headers['authorization'] ?? '';
  if (!TOKEN.test(authorizationToken)) return refusal('UNAUTHORIZED');
  const methodArn = `${ARN}/${event.httpMethod}${event.path}`;
  const asked = { type: 'TOKEN', authorizationToken, methodArn } as const;
  const found = await behind.authorizer(asked).catch((error: Error) => error);
  if (found instanceof Error) {
    return refusal(found.message === 'Unauthorized' ? 'UNAUTHORIZED' : 'AUTHORIZER_FAILURE');
  }
  if (!isAllowed(found, methodArn)) return refusal('ACCESS_DENIED');
  const { principalId, context } = found;
  const requestContext = { ...event.requestContext, authorizer: { principalId, ...context } };
  return await behind.api({ ...event, requestContext });
}

/** A deny wins; without any allow, denied. `*` matches anything, also `/` (IAM user guide, "Resource"). */
function isAllowed({ policyDocument }: APIGatewayAuthorizerResult, methodArn: string): boolean {
  const matching = policyDocument.Statement.filter((it) =>
    (it as { Resource: string[] }).Resource.some((pattern) => patternOf(pattern).test(methodArn)),
  );
  return matching.length > 0 && matching.every(({ Effect }) => Effect === 'Allow');
}

function patternOf(resource: string): RegExp {
  const parts = resource.split('*').map((part) => part.replaceAll(/[.?+^$()[\]{}|\\]/g, '\\$&'));
  return new RegExp(`^${parts.join('.*')}$`, 's');
}

function refusal(type: string): APIGatewayProxyResult {
  const { status, headers, body } = GATEWAY_RESPONSES.find((it) => it.type === type)!;
  return { statusCode: status, headers: { 'content-type': 'application/problem+json', ...headers }, body };
}
