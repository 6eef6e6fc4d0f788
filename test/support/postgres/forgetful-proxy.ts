import { createServer, connect as tcpConnect } from 'node:net';

export interface ForgetfulProxy extends AsyncDisposable {
  readonly port: number;
  readonly cuts: number;
}

/**
 * A network that fails at the worst moment: when a client sends `text`, the server hears it (`isHeard`) or not, and
 * the client hears nothing any more. Only once: later connections work.
 */
export async function forgetfulProxy(port: number, text: string, isHeard: boolean): Promise<ForgetfulProxy> {
  let cuts = 0;
  const server = createServer((client) => {
    const upstream = tcpConnect(port, '127.0.0.1');
    client.on('error', () => {}).once('close', () => upstream.end());
    upstream.on('error', () => {}).once('close', () => client.destroy());
    client.on('data', (chunk) => {
      if (cuts > 0 || !chunk.includes(text)) return void upstream.write(chunk);
      cuts += 1;
      upstream.unpipe(client);
      upstream.resume();
      if (isHeard) upstream.write(chunk);
      client.resetAndDestroy();
    });
    upstream.pipe(client);
  });
  await new Promise<void>((resolve) => void server.listen(0, '127.0.0.1', resolve));
  return {
    port: (server.address() as { port: number }).port,
    get cuts() {
      return cuts;
    },
    [Symbol.asyncDispose]: async () => void (await new Promise((resolve) => server.close(resolve))),
  };
}
