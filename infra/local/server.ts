import { createServer, type IncomingMessage, type Server, type ServerResponse } from 'node:http';
import type { AddressInfo } from 'node:net';
import type { APIGatewayProxyEvent, APIGatewayProxyResult } from 'aws-lambda';
import { problem, refuseMethod } from '../../functions/api/responses.ts';
import { CofreError, toCofreError } from '../../lib/errors.ts';
import type { Logger } from '../../lib/logger.ts';
import type { DirectoryStore } from '../../lib/store/directory.ts';
import { sendFile } from './files.ts';
import { send, toEvent } from './gateway.ts';
import { requireOwnOrigin } from './guard.ts';

type ProxyHandler = (event: APIGatewayProxyEvent) => Promise<APIGatewayProxyResult>;

/** What the server passes requests to, by the beginning of their path. */
export interface Routes {
  readonly api: ProxyHandler;
  readonly page: ProxyHandler;
  /** Set when backups are in a folder of this machine; S3's presigned URLs lead elsewhere. */
  readonly files: DirectoryStore | undefined;
}

/** Listens on 127.0.0.1 only. `port` 0 takes a free one. @throws {CofreError} `USAGE` when the port is taken. */
export async function listen(port: number): Promise<{ server: Server; port: number }> {
  const server = createServer();
  const { promise, resolve, reject } = Promise.withResolvers<void>();
  server.once('error', reject).listen(port, '127.0.0.1', resolve);
  await promise.catch((cause) => {
    throw new CofreError('USAGE', `Cannot listen on 127.0.0.1:${port}: ${(cause as Error).message}.`, {
      cause,
      hint: 'Is it running already? Another port: --port 8081.',
    });
  });
  return { server, port: (server.address() as AddressInfo).port };
}

export function route(server: Server, port: number, routes: Routes, logger: Logger): void {
  server.on('request', async (request, response) => {
    try {
      requireOwnOrigin(request.headers, port);
    } catch (error) {
      return send(response, problem(error, undefined, 403));
    }
    await answer(routes, request, response).catch((error) => fail(response, error, logger));
  });
}

async function answer(routes: Routes, request: IncomingMessage, response: ServerResponse): Promise<void> {
  // Joined, not resolved: `//name` would otherwise be taken for another host.
  const url = new URL(`http://127.0.0.1/${(request.url ?? '').replace(/^\//, '')}`);
  if (url.pathname.startsWith('/files/') && routes.files)
    return await answerFile(routes.files, request, response);
  const event = await toEvent(request, url);
  const isApi = url.pathname === '/api' || url.pathname.startsWith('/api/');
  send(response, await (isApi ? routes.api : routes.page)(event));
}

async function answerFile(
  files: DirectoryStore,
  request: IncomingMessage,
  response: ServerResponse,
): Promise<void> {
  const reading = request.method === 'GET' || request.method === 'HEAD';
  if (reading) await sendFile(files, request, response);
  else send(response, refuseMethod(['GET', 'HEAD']));
}

function fail(response: ServerResponse, error: unknown, logger: Logger): void {
  if (response.headersSent) {
    logger.warn('A download was cut off.', { error: toCofreError(error).message });
    response.destroy();
    return;
  }
  const status = toCofreError(error).code === 'STORE_DENIED' ? 403 : undefined;
  send(response, problem(error, undefined, status));
}
