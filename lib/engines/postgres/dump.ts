import type { Dump, DumpSummary, EngineContext, RawFrame } from '../engine.ts';
import { type FrameQueue, frameQueue } from '../sql-dump/frame-queue.ts';
import { dumpProgress } from '../sql-dump/progress.ts';
import { type Watch, watchOver } from '../sql-dump/watch.ts';
import { explain, explaining } from './connection/failures.ts';
import { parseUrl } from './connection/url.ts';
import { produce } from './dump/produce.ts';
import { requireHeld } from './dump/snapshot.ts';
import { type DumpLimits, openSource, type Source } from './dump/source.ts';
import { countsOf, firstPart, lastPart, summarize } from './dump/summary.ts';

/**
 * Bytes of frames that may wait for the reader. It lets the connections go on while the structure, which comes first,
 * is still being written. A row larger than a frame comes on top, one at a time.
 */
const WAITING = 16 * 1024 * 1024;

/**
 * Structure by pg_dump, rows by COPY over several connections, all on one snapshot and under pg_dump's locks, which
 * are there when this returns. Memory: `WAITING`, some 12 MiB for each connection, the structure itself (once), and the
 * largest row as COPY writes it (`bytea` has two digits for each byte).
 * @throws {CofreError} `SOURCE_NOT_FOUND`, `SOURCE_BUSY`, `SOURCE_FAILED`, `USAGE`
 */
export async function dump(url: string, context: EngineContext, limits: DumpLimits): Promise<Dump> {
  const settings = parseUrl(url);
  context.signal.throwIfAborted();
  const opened = new AsyncDisposableStack();
  try {
    const source = await explaining('source', settings, context.signal, () =>
      openSource(settings, context, limits, opened),
    );
    return describe(source, opened, context);
  } catch (error) {
    await opened.disposeAsync();
    throw error;
  }
}

function describe(source: Source, opened: AsyncDisposableStack, context: EngineContext): Dump {
  const { facts, size, snapshot, locker } = source;
  const queue = frameQueue(WAITING);
  const sessions = [snapshot.keeper, ...snapshot.others, locker];
  const watch = watchOver(sessions, context.signal, queue.fail);
  source.ddl.catch(watch.fail);
  let closing: Promise<void> | undefined;
  const close = () => {
    watch.fail(new Error('The dump was closed.'));
    closing ??= opened.disposeAsync();
    return closing;
  };
  let summary: DumpSummary | undefined;
  const frames = readFrames(source, queue, watch, context, close, (it) => {
    summary = it;
  });
  return {
    info: { exists: true, version: facts.version, size, warnings: [] },
    frames,
    summary: () => summary!,
    close,
  };
}

/** All is read: the connections have nothing left to do. */
async function finish({ snapshot, locker }: Source): Promise<void> {
  await Promise.all([snapshot.keeper, locker, ...snapshot.others].map((session) => session.finish()));
}

async function* readFrames(
  source: Source,
  queue: FrameQueue,
  watch: Watch,
  context: EngineContext,
  close: () => Promise<void>,
  onEnd: (summary: DumpSummary) => void,
): AsyncGenerator<RawFrame> {
  const progress = dumpProgress(source.tasks.flat(), context.report);
  const producing = produce(source, queue, progress.onDone).catch(watch.fail);
  try {
    const ddl = await watch.over(source.ddl);
    yield { section: 'pre-data', rows: 0, bytes: firstPart(source, ddl) };
    for (let frame = await queue.next(); frame; frame = await queue.next()) {
      progress.onFrame(frame);
      context.signal.throwIfAborted();
      yield frame;
    }
    const tables = countsOf(progress.rows);
    progress.end(tables);
    yield { section: 'post-data', rows: 0, bytes: lastPart(source, ddl, tables) };
    await watch.over(requireHeld(source.snapshot, source.locker));
    await finish(source);
    onEnd(summarize(source, ddl, tables));
  } catch (error) {
    context.signal.throwIfAborted();
    throw explain(error, 'source', source.settings);
  } finally {
    await close();
    await producing;
  }
}
