import { createConnection, type Socket } from 'node:net';
import type { ConnectionSettings } from './url.ts';

const KEEP_ALIVE_MS = 60_000;

/**
 * The socket under a connection. The driver's TLS looks for the host's name in it, and takes `localhost` where it finds
 * none, as with an address: the certificate would be checked for the wrong one.
 */
export function openSocket({ host, port, socketPath }: ConnectionSettings): Socket {
  const socket = socketPath === undefined ? createConnection(port, host) : createConnection(socketPath);
  socket.setKeepAlive(true, KEEP_ALIVE_MS);
  socket.setNoDelay(true);
  return Object.assign(socket, { _host: host });
}
