import type { Client } from 'pg';

/** The socket of a connection whose driver looks away: messages go and come as bytes (manual, chapter 55). */
export interface RawSocket {
  write(bytes: Uint8Array): void;
  /** Stops reading, so that the server has to wait; `resume` goes on. */
  pause(): void;
  resume(): void;
  /** Lets the driver read again; what it should know of must have been read to its ReadyForQuery. */
  giveBack(): void;
}

/** Takes the socket of an idle connection over: everything that comes goes to `onData`. */
export function takeSocket(client: Client, onData: (chunk: Buffer) => void): RawSocket {
  const { stream } = client.connection;
  const drivers = stream.listeners('data') as ((chunk: Buffer) => void)[];
  stream.removeAllListeners('data');
  stream.on('data', onData);
  return {
    write: (bytes) => void stream.write(bytes),
    pause: () => void stream.pause(),
    resume: () => void stream.resume(),
    giveBack: () => {
      stream.off('data', onData);
      for (const listener of drivers) stream.on('data', listener);
    },
  };
}
