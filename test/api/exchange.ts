import { Agent, type IncomingHttpHeaders, type OutgoingHttpHeaders, request } from 'node:http';
import { buffer } from 'node:stream/consumers';

export interface Answer {
  readonly status: number;
  readonly headers: IncomingHttpHeaders;
  readonly bytes: Buffer;
}

export interface Sent {
  readonly method?: string;
  /** Sent as it is: nothing resolves `..` or encodes. */
  readonly path: string;
  readonly headers?: OutgoingHttpHeaders;
  readonly body?: string | Buffer;
  /** Address to connect to, whatever the Host header says. */
  readonly address?: string;
}

const agent = new Agent({ keepAlive: true, maxSockets: 4 });

/** One HTTP request without any of the help that `fetch` gives: no redirects, no unpacking, any header. */
export async function exchange(port: number, sent: Sent): Promise<Answer> {
  const { method = 'GET', path, headers = {}, body, address = '127.0.0.1' } = sent;
  const { promise, resolve, reject } = Promise.withResolvers<Answer>();
  const host = `127.0.0.1:${port}`;
  const length = body === undefined ? {} : { 'content-length': Buffer.byteLength(body) };
  const options = { agent, host: address, port, method, path, headers: { host, ...length, ...headers } };
  const outgoing = request(options, async (incoming) => {
    const { statusCode: status = 0, headers } = incoming;
    buffer(incoming).then((bytes) => resolve({ status, headers, bytes }), reject);
  });
  outgoing.on('error', reject).end(body);
  return await promise;
}
