import type { IncomingMessage, ServerResponse } from 'node:http';
import type { APIGatewayProxyEvent, APIGatewayProxyResult } from 'aws-lambda';
import { MOST_BODY_BYTES } from '../../functions/api/request.ts';
import { CofreError } from '../../lib/errors.ts';

/** The part of API Gateway that the handlers see: HTTP to proxy event, proxy result to HTTP. */
export async function toEvent(request: IncomingMessage, url: URL): Promise<APIGatewayProxyEvent> {
  const headers = Object.entries(request.headers).map(([name, value]) => [name, String(value)] as const);
  const event = {
    httpMethod: request.method ?? 'GET',
    path: decodePath(url.pathname),
    headers: Object.fromEntries(headers),
    queryStringParameters: Object.fromEntries(url.searchParams),
    body: (await readBody(request)) || null,
    isBase64Encoded: false,
    requestContext: {},
  };
  return event as unknown as APIGatewayProxyEvent;
}

export function send(response: ServerResponse, result: APIGatewayProxyResult): void {
  const { statusCode, headers = {}, body, isBase64Encoded } = result;
  response.writeHead(statusCode, headers as Record<string, string>);
  response.end(isBase64Encoded ? Buffer.from(body, 'base64') : body);
}

function decodePath(path: string): string {
  try {
    return decodeURIComponent(path);
  } catch (cause) {
    throw new CofreError('USAGE', 'The path of the request is not valid.', { cause });
  }
}

async function readBody(request: IncomingMessage): Promise<string> {
  const chunks: Buffer[] = [];
  let size = 0;
  for await (const chunk of request) {
    size += (chunk as Buffer).length;
    if (size > MOST_BODY_BYTES) throw new CofreError('USAGE', 'The body of the request is too large.');
    chunks.push(chunk as Buffer);
  }
  return Buffer.concat(chunks).toString('utf8');
}
