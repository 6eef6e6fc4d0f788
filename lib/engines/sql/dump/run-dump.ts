import { dumpOfFrames } from '../../dump-of-frames.ts';
import type { DatabaseInfo, Dump, DumpSummary, EngineContext, TableCount } from '../../engine.ts';
import { type FrameQueue, frameQueue } from './frame-queue.ts';
import { type DumpProgress, dumpProgress, type ReadTask } from './progress.ts';
import { type Losable, type Watch, watchOver } from './watch.ts';

/**
 * Bytes of frames that may wait for the reader. It lets the connections go on while the structure, which comes first,
 * is still being written. A row larger than a frame comes on top, one at a time.
 */
const WAITING = 16 * 1024 * 1024;

/** What a server's dump is made of; how one runs is the same for all servers. */
export interface DumpSource {
  readonly info: DatabaseInfo;
  /** The connections that it stands on: it fails as soon as one is lost. */
  readonly sessions: readonly Losable[];
  /** All tables, or parts of them, that have rows. */
  readonly parts: readonly ReadTask[];
  /** The structure that comes first. Asked for at once; rows are read meanwhile. */
  preData(): Promise<Uint8Array>;
  /** Pushes everything but the structure, and ends the queue when nothing is missing. */
  produce(queue: FrameQueue, onDone: DumpProgress['onDone']): Promise<void>;
  /** The structure that comes last. @throws when what was read is not what the dump began with. */
  postData(tables: readonly TableCount[]): Promise<Uint8Array>;
  /** Asked when all frames were taken. @throws when a connection did not last until then. */
  finish(): Promise<void>;
  summary(tables: readonly TableCount[]): Promise<DumpSummary>;
  /** What to throw for what went wrong. */
  explain(error: unknown): unknown;
}

/**
 * A dump of what `open` opens; all that is in the stack is closed when the dump has ended, or is closed.
 * @throws what `open` throws; the signal's reason
 */
export async function openDump(
  context: EngineContext,
  open: (opened: AsyncDisposableStack) => Promise<DumpSource>,
): Promise<Dump> {
  context.signal.throwIfAborted();
  const opened = new AsyncDisposableStack();
  try {
    return runDump(await open(opened), opened, context);
  } catch (error) {
    await opened.disposeAsync();
    throw error;
  }
}

interface Running {
  readonly source: DumpSource;
  readonly queue: FrameQueue;
  readonly watch: Watch;
  readonly preData: Promise<Uint8Array>;
  readonly context: EngineContext;
  close(): Promise<void>;
}

function runDump(source: DumpSource, opened: AsyncDisposableStack, context: EngineContext): Dump {
  const queue = frameQueue(WAITING);
  const watch = watchOver(source.sessions, context.signal, queue.fail);
  const preData = source.preData();
  preData.catch(watch.fail);
  let closing: Promise<void> | undefined;
  const close = () => {
    watch.fail(new Error('The dump was closed.'));
    closing ??= opened.disposeAsync();
    return closing;
  };
  const frames = readFrames({ source, queue, watch, preData, context, close });
  return dumpOfFrames({ info: source.info, frames, close });
}

async function* readFrames({ source, queue, watch, preData, context, close }: Running): Dump['frames'] {
  const progress = dumpProgress(source.parts, context.report);
  const producing = source.produce(queue, progress.onDone).catch(watch.fail);
  try {
    yield { section: 'pre-data', rows: 0, bytes: await watch.over(preData) };
    for (let frame = await queue.next(); frame; frame = await queue.next()) {
      progress.onFrame(frame);
      context.signal.throwIfAborted();
      yield frame;
    }
    const tables = progress.end();
    yield { section: 'post-data', rows: 0, bytes: await watch.over(source.postData(tables)) };
    await watch.over(source.finish());
    return await source.summary(tables);
  } catch (error) {
    context.signal.throwIfAborted();
    throw source.explain(error);
  } finally {
    await close();
    await producing;
  }
}
