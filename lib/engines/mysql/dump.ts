import { CofreError } from '../../errors.ts';
import type { Dump, DumpSummary, EngineContext, RawFrame } from '../engine.ts';
import { type FrameQueue, frameQueue } from '../sql-dump/frame-queue.ts';
import { dumpProgress } from '../sql-dump/progress.ts';
import { type Watch, watchOver } from '../sql-dump/watch.ts';
import { explain, explaining, isServerError } from './connection/failures.ts';
import { nameOf, parseUrl } from './connection/url.ts';
import { produce } from './dump/produce.ts';
import type { DumpLimits } from './dump/sessions.ts';
import { openSource, type Source } from './dump/source.ts';
import { requireSameStructure } from './dump/structure.ts';
import { countsOf, summarize } from './dump/summary.ts';

/** Bytes of frames that may wait for the reader. A row larger than a frame comes on top, one at a time. */
const WAITING = 16 * 1024 * 1024;

/**
 * Structure by SHOW CREATE, rows by SELECT over several connections, all on one snapshot, which is there when this
 * returns. Memory: `WAITING`, some 12 MiB for each connection, the structure itself, and the largest row twice.
 * @throws {CofreError} `SOURCE_NOT_FOUND`, `SOURCE_BUSY`, `SOURCE_INVALID`, `SOURCE_FAILED`, `USAGE`
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
  const { keeper, readers, holder } = source.snapshot;
  const queue = frameQueue(WAITING);
  const watch = watchOver([keeper, ...readers, ...(holder ? [holder] : [])], context.signal, queue.fail);
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
  const size = source.tables.reduce((sum, { bytes }) => sum + bytes, 0);
  return {
    info: { exists: true, version: keeper.server.version, size, warnings: [] },
    frames,
    summary: () => summary!,
    close,
  };
}

async function* readFrames(
  source: Source,
  queue: FrameQueue,
  watch: Watch,
  context: EngineContext,
  close: () => Promise<void>,
  onEnd: (summary: DumpSummary) => void,
): AsyncGenerator<RawFrame> {
  const { ddl, tables: all, snapshot } = source;
  const parts = all.map(({ name, bytes }) => ({ table: name, size: bytes }));
  const progress = dumpProgress(parts, context.report);
  const producing = produce(source, queue, progress.onDone).catch(watch.fail);
  try {
    yield { section: 'pre-data', rows: 0, bytes: ddl.preData };
    for (let frame = await queue.next(); frame; frame = await queue.next()) {
      progress.onFrame(frame);
      context.signal.throwIfAborted();
      yield frame;
    }
    const tables = countsOf(progress.rows);
    progress.end(tables);
    const sessions = [snapshot.keeper, ...snapshot.readers];
    if (!snapshot.structureHeld) await watch.over(requireSameStructure(sessions, source.structure));
    const rows = tables.reduce((sum, table) => sum + table.rows, 0);
    yield {
      section: 'post-data',
      rows: 0,
      bytes: Buffer.concat([ddl.postData, ddl.end(tables.length, rows)]),
    };
    await watch.over(requireAlive(source));
    onEnd(summarize(source, tables));
  } catch (error) {
    context.signal.throwIfAborted();
    throw explain(ifAltered(error, source), 'source', source.settings);
  } finally {
    await close();
    await producing;
  }
}

/** Each connection still answers, however long the last frames took to be stored. */
async function requireAlive({ snapshot }: Source): Promise<void> {
  await Promise.all([snapshot.keeper, ...snapshot.readers].map((session) => session.run('DO 0')));
}

/** ER_BAD_FIELD_ERROR, ER_NO_SUCH_TABLE, ER_KEY_DOES_NOT_EXITS, ER_UNKNOWN_PARTITION */
const NOT_AS_BEFORE = [1054, 1146, 1176, 1735];

/** We asked for what was there a moment ago. */
function ifAltered(error: unknown, { settings }: Source): unknown {
  if (!isServerError(error) || !NOT_AS_BEFORE.includes(error.errno)) return error;
  return new CofreError(
    'SOURCE_BUSY',
    `${nameOf(settings)} was altered while the backup ran: ${error.message.replace(/\.$/, '')}.`,
    { cause: error, hint: 'Try again when nobody alters tables.' },
  );
}
