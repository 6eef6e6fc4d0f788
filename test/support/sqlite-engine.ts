import { writeFile } from 'node:fs/promises';
import type { Dump } from '../../lib/engines/engine.ts';
import { sqliteEngine } from '../../lib/engines/sqlite/engine.ts';
import { contextOf, copyOf, type Taken, take } from '../contracts/engine/harness.ts';
import { urlOf } from './sqlite.ts';

/** An engine whose limits are short enough to be reached in a test. */
export const engine = sqliteEngine({ busyMs: 3_000, holdMs: 60_000 });

/** Dumps the database at `path` into a plain file. */
export async function save(path: string, to: string, pauseMs = 0): Promise<Taken> {
  const taken = await take(engine, urlOf(path), {}, pauseMs);
  await writeFile(
    to,
    taken.frames.map(({ bytes }) => bytes),
  );
  return taken;
}

/** Opens a snapshot of the database at `path`: whatever happens from now on is not in it. */
export function openDump(path: string): Promise<Dump> {
  return engine.dump(urlOf(path), contextOf());
}

/** Reads an open dump into a plain file; `meanwhile` runs after its first frame. */
export async function saveOpen(
  dump: Dump,
  to: string,
  meanwhile: () => Promise<unknown> = async () => {},
): Promise<void> {
  const parts: Uint8Array[] = [];
  for await (const frame of dump.frames) {
    parts.push(copyOf(frame).bytes);
    if (parts.length === 1) await meanwhile();
  }
  await writeFile(to, parts);
}
