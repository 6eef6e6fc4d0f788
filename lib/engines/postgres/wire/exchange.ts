import type { Duplex } from 'node:stream';
import type { Client } from 'pg';
import { submit } from './driver.ts';

/** One Query message and what comes of it (manual, 55.2.3). */
export interface Exchange {
  /** Tags of the commands that are complete: `COPY 5`, `CREATE TABLE`. */
  readonly tags: readonly string[];
  /** The server is ready again. @throws what the server says */
  readonly done: Promise<void>;
  /** The server waits for the rows of a COPY. @throws what the server says */
  readonly copying: Promise<void>;
}

/**
 * Sends SQL as it is, in whatever encoding: unlike the driver's own query, which takes text and answers with rows, of
 * which a dump's `SELECT` has none that matter.
 */
export function exchange(client: Client, sql: Uint8Array): Exchange {
  const done = Promise.withResolvers<void>();
  const copying = Promise.withResolvers<void>();
  const tags: string[] = [];
  const fail = (error: Error) => {
    done.reject(error);
    copying.reject(error);
  };
  // Nobody may be waiting for the one or the other when it fails.
  done.promise.catch(() => {});
  copying.promise.catch(() => {});
  const write = (stream: Duplex) => {
    stream.cork();
    stream.write(header(0x51, sql.length + 1));
    stream.write(sql);
    stream.write(ZERO);
    stream.uncork();
  };
  submit(client, write, {
    failed: fail,
    complete: (tag) => void tags.push(tag),
    copying: copying.resolve,
    ready: () => {
      done.resolve();
      copying.reject(new Error('The server expects no rows.'));
    },
  });
  return { tags, done: done.promise, copying: copying.promise };
}

const ZERO = Buffer.alloc(1);

/** Type and length of a message (manual, 55.7). */
export function header(type: number, contentLength: number): Buffer {
  const bytes = Buffer.alloc(5);
  bytes[0] = type;
  bytes.writeUInt32BE(contentLength + 4, 1);
  return bytes;
}
