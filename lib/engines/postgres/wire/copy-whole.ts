import type { PgSession } from './connect.ts';
import { copyIn } from './copy-in.ts';

/** Bytes of one message; the server keeps room for a whole one. */
const SLICE = 1024 * 1024;

/** Runs `COPY … FROM stdin` with these rows, in text format; returns how many the server took. */
export async function copyWhole(session: PgSession, sql: string, rows: Uint8Array): Promise<number> {
  const copy = await copyIn(session, Buffer.from(sql));
  for (let at = 0; at < rows.length; at += SLICE) await copy.write(rows.subarray(at, at + SLICE));
  return await copy.finish();
}
