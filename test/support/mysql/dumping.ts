import type { DumpSummary, EngineContext, RawFrame } from '../../../lib/engines/engine.ts';
import type { DumpLimits } from '../../../lib/engines/mysql/dump/sessions.ts';
import { dump } from '../../../lib/engines/mysql/dump.ts';
import { contextOf, copyOf } from '../../contracts/engine/harness.ts';

export interface Dumped {
  readonly frames: readonly RawFrame[];
  /** All of it, one after another. */
  readonly text: Buffer;
  readonly summary: DumpSummary;
}

export interface DumpOptions extends Partial<DumpLimits> {
  readonly context?: Partial<EngineContext>;
  /** Awaited when the snapshot is taken, before the first frame is asked for. */
  readonly onOpen?: () => unknown;
  /** Awaited at each frame, before the next one is asked for. */
  readonly onFrame?: (frame: RawFrame, count: number) => unknown;
}

/** A whole dump, kept in memory. */
export async function dumped(url: string, options: DumpOptions = {}): Promise<Dumped> {
  const { context = {}, onOpen = () => {}, onFrame = () => {}, jobs = 2, lockWaitMs = 10_000 } = options;
  const opened = await dump(url, contextOf(context), { jobs, lockWaitMs });
  const frames: RawFrame[] = [];
  try {
    await onOpen();
    for await (const frame of opened.frames) {
      frames.push(copyOf(frame));
      frame.release?.();
      await onFrame(frame, frames.length);
    }
  } finally {
    await opened.close();
  }
  return { frames, text: Buffer.concat(frames.map(({ bytes }) => bytes)), summary: opened.summary() };
}

/** The database in a URL. */
export function databaseOf(url: string): string {
  return decodeURIComponent(new URL(url).pathname.slice(1));
}
