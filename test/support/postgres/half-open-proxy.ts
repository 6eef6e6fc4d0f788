import { createServer, type Socket, connect as tcpConnect } from 'node:net';

export interface HalfOpenProxy {
  readonly port: number;
  close(): Promise<void>;
}

/** The Terminate message, by which a client says that it leaves (PostgreSQL manual, 55.7). */
const TERMINATE = '5800000004';
/** Length and code of a CancelRequest. */
const CANCEL = '0000001004d2162e';

/**
 * A network in which a client that is killed just falls silent, as when its host or the way to it is gone: the server
 * hears of an end only from clients that say so. What the killed one had begun stays open on the server.
 */
export async function halfOpenProxy(port: number): Promise<HalfOpenProxy> {
  const sockets = new Set<Socket>();
  const server = createServer({ allowHalfOpen: true }, (client) => {
    const upstream = tcpConnect({ port, host: '127.0.0.1', allowHalfOpen: true });
    let said = Buffer.alloc(0);
    let cancels = false;
    for (const socket of [client, upstream]) {
      sockets.add(socket);
      socket.on('error', () => {}).once('close', () => sockets.delete(socket));
    }
    client.on('data', (chunk) => {
      if (said.length === 0) cancels = chunk.toString('hex', 0, 8) === CANCEL;
      said = Buffer.from(Buffer.concat([said, chunk]).subarray(-5));
      if (!upstream.write(chunk)) client.pause();
    });
    upstream.on('drain', () => client.resume());
    upstream.pipe(client);
    upstream.once('close', () => client.destroy());
    const leave = () => {
      if (cancels || said.toString('hex') === TERMINATE) upstream.end();
      // Nobody takes what the server still sends, so it is thrown away, not left to fill its socket.
      upstream.unpipe(client);
      upstream.resume();
    };
    client.once('end', leave).once('close', leave);
  });
  await new Promise<void>((resolve) => void server.listen(0, '127.0.0.1', resolve));
  const address = server.address() as { port: number };
  return {
    port: address.port,
    close: async () => {
      for (const socket of sockets) socket.destroy();
      await new Promise((resolve) => server.close(resolve));
    },
  };
}
