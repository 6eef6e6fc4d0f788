import { setTimeout as sleep } from 'node:timers/promises';
import type { RowDataPacket } from 'mysql2';
import { type Client, leave, lookAway, socketOf } from './driver.ts';
import { execute } from './execute.ts';
import { connectPlainly } from './log-in.ts';
import type { ConnectionSettings } from './url.ts';

/** How long a server may take to let go, ms. */
const CLOSE_MS = 5_000;

/**
 * Closes a connection. The server closes its side before it rolls back and lets go of its locks, so it is asked to do
 * that first; a statement that still runs is killed, over another connection.
 */
export async function endSession(client: Client, settings: ConnectionSettings, busy: boolean): Promise<void> {
  const socket = socketOf(client);
  if (socket.destroyed) return;
  const closed = new Promise<void>((resolve) => void socket.once('close', () => resolve()));
  // What the server says of its killing is not the driver's business.
  if (busy) {
    lookAway(client);
    socket.resume();
  }
  const work = busy ? kill(settings, client.threadId) : letGo(client);
  await Promise.race([work.catch(() => {}), closed, sleep(CLOSE_MS, undefined, { ref: false })]);
  if (busy) leave(client);
  else client.end();
  // What the server still sends is not wanted, but has to be read for its end to be seen.
  socket.resume();
  await Promise.race([closed, sleep(CLOSE_MS, undefined, { ref: false })]);
  socket.destroy();
}

async function letGo(client: Client): Promise<void> {
  for (const sql of ['ROLLBACK', 'UNLOCK TABLES']) await execute(client, Buffer.from(sql));
}

/** A user may always kill sessions of its own (manual, "KILL Statement"). */
async function kill(settings: ConnectionSettings, threadId: number): Promise<void> {
  const client = await connectPlainly(settings);
  try {
    await execute(client, Buffer.from(`KILL CONNECTION ${threadId}`)).catch(() => {});
    while (await isThere(client, threadId)) await sleep(20);
  } finally {
    leave(client);
  }
}

function isThere(client: Client, threadId: number): Promise<boolean> {
  return new Promise((resolve, reject) => {
    client.query<RowDataPacket[]>('SHOW PROCESSLIST', (error, rows) => {
      if (error) reject(error);
      else resolve(rows.some(({ Id }) => Id === threadId));
    });
  });
}
