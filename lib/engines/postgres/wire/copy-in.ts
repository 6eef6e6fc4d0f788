import type { PgSession } from './connect.ts';
import { socketOf } from './driver.ts';
import { exchange, header } from './exchange.ts';

/** A `COPY … FROM stdin` that is running. */
export interface CopyIn {
  /** Sends a part of the rows; they may be overwritten when this resolves. @throws what the server says */
  write(bytes: Uint8Array): Promise<void>;
  /** Ends the rows. Gives how many the server took, once it has. @throws what the server says */
  finish(): Promise<number>;
}

const COPY_DATA = 0x64;
const COPY_DONE = 0x63;

/**
 * Rows go straight to the socket, so that nothing keeps them beyond `write`. The server's
 * failure is heard at the next call; it ignores what was sent meanwhile.
 */
export async function copyIn({ client, lost }: PgSession, sql: Uint8Array): Promise<CopyIn> {
  const { tags, done, copying } = exchange(client, sql);
  await Promise.race([copying, lost]);
  const stream = socketOf(client);
  const failed = Promise.race([done.then(() => new Promise<never>(() => {})), lost]);
  failed.catch(() => {}); // Awaited by whoever writes next.
  return {
    write: async (bytes) => {
      const flushed = new Promise<void>((resolve) => {
        stream.cork();
        stream.write(header(COPY_DATA, bytes.length));
        stream.write(bytes, () => resolve());
        stream.uncork();
      });
      await Promise.race([flushed, failed]);
    },
    finish: async () => {
      stream.write(header(COPY_DONE, 0));
      await Promise.race([done, lost]);
      return Number(/^COPY (\d+)$/.exec(tags.at(-1) ?? '')?.[1]);
    },
  };
}
