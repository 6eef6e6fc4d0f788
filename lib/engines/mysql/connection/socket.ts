import { Socket } from 'node:net';
import { nameHost } from './driver.ts';
import type { ConnectionSettings } from './url.ts';

const KEEP_ALIVE_MS = 60_000;

/** Bytes that are read at once, at most: many rows, and few that are cut. */
const READ = 256 * 1024;

/**
 * A socket that reads into one buffer, again and again: V8 starts a whole garbage collection for every 64 MiB of new
 * ones. Whoever listens to `data` gets copies; `sink` gets the buffer itself, which is filled anew after it has returned.
 * Under TLS, whose layer reads by itself, it is an ordinary socket.
 */
export interface ReadingSocket extends Socket {
  sink?: ((chunk: Buffer) => void) | undefined;
}

/** The socket under a connection. */
export function openSocket({ host, port, socketPath }: ConnectionSettings): ReadingSocket {
  const buffer = Buffer.allocUnsafeSlow(READ);
  const callback = (size: number) => {
    const chunk = buffer.subarray(0, size);
    if (socket.sink) socket.sink(chunk);
    else socket.emit('data', Buffer.from(chunk));
    return true;
  };
  const socket: ReadingSocket = new Socket({ onread: { buffer, callback } } as object);
  socket.connect(socketPath === undefined ? { port, host } : { path: socketPath });
  socket.setKeepAlive(true, KEEP_ALIVE_MS);
  socket.setNoDelay(true);
  return nameHost(socket, host);
}
