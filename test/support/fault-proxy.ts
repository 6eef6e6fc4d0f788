import { createServer, request as httpRequest, type IncomingMessage, type ServerResponse } from 'node:http';
import type { AddressInfo } from 'node:net';
import { buffer } from 'node:stream/consumers';

/** What can go wrong with a request. */
export type Fault =
  /** Takes the request and answers with an error of S3, without asking the server. */
  | {
      readonly kind: 'answer';
      readonly status: number;
      readonly code: string;
      readonly body?: string;
      readonly headers?: Readonly<Record<string, string>>;
    }
  /** Resets the connection (TCP RST) once the headers are there. */
  | { readonly kind: 'reset before' }
  /** Resets the connection when about half of the request's body has come. */
  | { readonly kind: 'reset in request' }
  /** Has the server do it, then resets the connection after half of the answer's body; without `times`, none of it from the 4th. */
  | { readonly kind: 'reset in response' }
  /** Has the server do it, then resets the connection before the first byte of the answer. */
  | { readonly kind: 'lost answer' }
  /** Takes the request and never says a word. */
  | { readonly kind: 'stall' }
  /** Has the server do it, then falls silent likewise. */
  | { readonly kind: 'stall in response' };

export interface Request {
  readonly method: string;
  /** With the leading `/`, without the query. */
  readonly path: string;
  readonly query: URLSearchParams;
}

export interface Injection {
  readonly fault: Fault;
  /** Which requests it hits. */
  readonly on: (request: Request) => boolean;
  /** How many of them; all, if not given. */
  readonly times?: number;
  /** Runs when it has hit, before the client learns anything. */
  readonly then?: () => Promise<unknown>;
}

export interface FaultProxy {
  /** `http://127.0.0.1:PORT` */
  readonly endpoint: string;
  /** How many requests were hit. */
  readonly hits: () => number;
  stop(): Promise<void>;
}

/** A real HTTP server that passes requests on to `target`, but for those that the fault hits. */
export async function startFaultProxy(target: string, injection: Injection): Promise<FaultProxy> {
  let hits = 0;
  const server = createServer(async (request, response) => {
    response.on('error', () => {});
    try {
      const hit = injection.on(describe(request)) && hits < (injection.times ?? Number.POSITIVE_INFINITY);
      if (!hit) return await pass(target, request, response);
      hits += 1;
      const early = injection.times !== undefined || hits <= 3;
      await harm(injection, early, target, request, response);
    } catch {
      request.socket.resetAndDestroy(); // the client has gone
    }
  });
  await new Promise<void>((listening) => server.listen(0, '127.0.0.1', listening));
  return {
    endpoint: `http://127.0.0.1:${(server.address() as AddressInfo).port}`,
    hits: () => hits,
    stop: async () => {
      server.closeAllConnections();
      await new Promise((closed) => server.close(closed));
    },
  };
}

function describe(request: IncomingMessage): Request {
  const url = new URL(request.url ?? '/', 'http://proxy');
  return { method: request.method ?? '', path: url.pathname, query: url.searchParams };
}

async function harm(
  { fault, then = async () => {} }: Injection,
  early: boolean,
  target: string,
  request: IncomingMessage,
  response: ServerResponse,
): Promise<void> {
  const reset = () => request.socket.resetAndDestroy();
  switch (fault.kind) {
    case 'reset before':
      await then();
      return void reset();
    case 'reset in request':
      await halfOf(request);
      await then();
      return void reset();
    case 'stall':
      return void (await then());
    case 'answer':
      await buffer(request);
      await then();
      response.writeHead(fault.status, { 'content-type': 'application/xml', ...fault.headers });
      return void response.end(request.method === 'HEAD' ? undefined : (fault.body ?? errorXml(fault.code)));
    default: {
      const answer = await ask(target, request);
      await then();
      if (fault.kind === 'lost answer') return void reset();
      response.writeHead(answer.status, answer.headers);
      const half = answer.body.subarray(0, early ? Math.floor(answer.body.length / 2) : 0);
      response.write(half, () => {
        // Gives the client time to take the half in: a reset throws away what is still in its buffers.
        if (fault.kind === 'reset in response') setTimeout(reset, 50);
      });
    }
  }
}

function errorXml(code: string): string {
  const message = 'This is an injected fault.';
  return `<?xml version="1.0" encoding="UTF-8"?>\n<Error><Code>${code}</Code><Message>${message}</Message></Error>`;
}

/** Waits for half of the request's body, by its announced length. */
async function halfOf(request: IncomingMessage): Promise<void> {
  const length = Number(request.headers['content-length'] ?? 0);
  let seen = 0;
  for await (const chunk of request.iterator({ destroyOnReturn: false })) {
    seen += chunk.length;
    if (seen >= length / 2) return;
  }
}

async function pass(target: string, request: IncomingMessage, response: ServerResponse): Promise<void> {
  const upstream = await forward(target, request, request);
  response.writeHead(upstream.statusCode ?? 502, upstream.headers);
  upstream.on('error', () => request.socket.resetAndDestroy());
  upstream.pipe(response);
}

/** The server's whole answer. */
async function ask(target: string, request: IncomingMessage) {
  const upstream = await forward(target, request, await buffer(request));
  return { status: upstream.statusCode ?? 502, headers: upstream.headers, body: await buffer(upstream) };
}

/** Keeps all headers, `Host` too: they are signed. */
function forward(
  target: string,
  request: IncomingMessage,
  body: IncomingMessage | Buffer,
): Promise<IncomingMessage> {
  const { hostname, port } = new URL(target);
  const { method, url: path, headers } = request;
  return new Promise((answered, failed) => {
    const upstream = httpRequest({ hostname, port, method, path, headers, agent: false }, answered);
    upstream.on('error', failed);
    if (Buffer.isBuffer(body)) upstream.end(body);
    else body.on('error', failed).pipe(upstream);
  });
}
