import type { Client } from 'pg';
import { BulkSocket, READ } from './bulk-socket.ts';
import { divert, socketOf } from './driver.ts';

/** The socket of a connection whose driver looks away: messages go and come as bytes (manual, chapter 55). */
export interface RawSocket {
  /** Bytes that one read brings at most. */
  readonly readSize: number;
  /** What `onData` gets is overwritten when it returns; otherwise it is the receiver's own. */
  readonly reused: boolean;
  write(bytes: Uint8Array): void;
  /** Stops reading, so that the server has to wait; `resume` goes on. */
  pause(): void;
  resume(): void;
  /** Lets the driver read again; what it should know of must have been read to its ReadyForQuery. */
  giveBack(): void;
}

/** Largest chunk that Node reads at once by itself. */
const NODE_READ = 64 * 1024;

/** Takes the socket of an idle connection over: everything that comes goes to `onData`. */
export function takeSocket(client: Client, onData: (chunk: Buffer) => void): RawSocket {
  const socket = socketOf(client);
  if (socket instanceof BulkSocket) return takeBulk(socket, onData);
  return {
    readSize: NODE_READ,
    reused: false,
    write: (bytes) => void socket.write(bytes),
    pause: () => void socket.pause(),
    resume: () => void socket.resume(),
    giveBack: divert(socket, onData),
  };
}

function takeBulk(socket: BulkSocket, onData: (chunk: Buffer) => void): RawSocket {
  socket.consumer = onData;
  return {
    readSize: READ,
    reused: true,
    write: (bytes) => void socket.write(bytes),
    pause: () => void socket.pause(),
    resume: () => void socket.resume(),
    giveBack: () => {
      socket.consumer = undefined;
    },
  };
}
