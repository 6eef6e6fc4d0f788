import { setTimeout as sleep } from 'node:timers/promises';
import { systemClock } from '../../../lib/clock.ts';
import type {
  DatabaseInfo,
  DumpSummary,
  Engine,
  EngineContext,
  LoadInput,
  RawFrame,
} from '../../../lib/engines/engine.ts';
import { CofreError } from '../../../lib/errors.ts';
import { silentLogger } from '../../../lib/logger.ts';

export function contextOf(parts: Partial<EngineContext> = {}): EngineContext {
  return {
    signal: new AbortController().signal,
    logger: silentLogger,
    clock: systemClock,
    report: () => {},
    fence: async () => {},
    ...parts,
  };
}

/** A dump that ended normally, kept whole. */
export interface Taken {
  readonly info: DatabaseInfo;
  readonly summary: DumpSummary;
  readonly frames: readonly RawFrame[];
  readonly rawSize: number;
}

/** Dumps the database at `url`; rests `pauseMs` after each frame, as a slow store would make it do. */
export async function take(
  engine: Engine,
  url: string,
  context: Partial<EngineContext> = {},
  pauseMs = 0,
): Promise<Taken> {
  const dump = await engine.dump(url, contextOf(context));
  const frames: RawFrame[] = [];
  try {
    for await (const frame of dump.frames) {
      frames.push(copyOf(frame));
      frame.release?.();
      if (pauseMs > 0) await sleep(pauseMs);
    }
  } finally {
    await dump.close();
  }
  return { info: dump.info, summary: dump.summary(), frames, rawSize: sizeOf(frames) };
}

/** A frame's bytes belong to the engine again once it is released. */
export function copyOf({ release: _, bytes, ...frame }: RawFrame): RawFrame {
  // Not slice(): of a Buffer, that is the same memory.
  return { ...frame, bytes: Uint8Array.from(bytes) };
}

export function sizeOf(frames: readonly RawFrame[]): number {
  return frames.reduce((sum, { bytes }) => sum + bytes.length, 0);
}

/** The input of a load as a restore makes it of a backup and its manifest. */
export function inputOf(
  { frames, summary, rawSize }: Taken,
  onEnd: () => void | Promise<void> = () => {},
): LoadInput {
  return { frames: replay(frames, onEnd), expected: { rawSize, tables: summary.tables } };
}

export async function* replay(
  frames: readonly RawFrame[],
  onEnd: () => void | Promise<void> = () => {},
): AsyncGenerator<RawFrame> {
  yield* frames;
  await onEnd();
}

/** How long a stopping method may take, ms: far longer than it needs on any machine, as long as others work there, too. */
export const PROMPT_MS = 120_000;

/** What `promise` rejects with. @throws when it resolves, or does not settle within `PROMPT_MS` and `extraMs`. */
export async function failureOf(promise: Promise<unknown>, extraMs = 0): Promise<unknown> {
  const late = Symbol('late');
  const timer = new AbortController();
  const outcome = promise.then(
    () => {
      throw new Error('expected a failure, but it succeeded');
    },
    (error: unknown) => error,
  );
  const result = await Promise.race([
    outcome,
    sleep(PROMPT_MS + extraMs, late, { signal: timer.signal }).catch(() => late),
  ]);
  timer.abort();
  if (result === late) throw new Error('did not end in time');
  return result;
}

/** Code of the `CofreError` that `promise` rejects with, and whether it comes with advice. */
export async function refusalOf(promise: Promise<unknown>, extraMs = 0): Promise<string> {
  const error = await failureOf(promise, extraMs);
  if (!(error instanceof CofreError)) return `not a CofreError: ${(error as Error)?.stack}`;
  return error.hint ? error.code : `${error.code} without a hint: ${error.message}`;
}
