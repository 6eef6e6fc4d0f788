import type { LoadInput, RawFrame } from '../../engine.ts';
import { passingOn } from '../../sql/load/passed-on.ts';
import { untilAborted } from '../../until-aborted.ts';
import { type Insert, insertOf } from '../script/insert.ts';
import type { Statement } from '../script/items.ts';
import { type ScriptReader, scriptReader } from '../script/script.ts';
import { type Batch, batchOfFrame, isOfRows } from './batch.ts';
import { gathering } from './gather.ts';

/** What is to be run next: a statement, which is good until the next is asked for, or rows. */
export type Work = Statement | Batch;

/** A dump whose beginning is read: the structure, up to the first rows. */
export interface Feed extends AsyncDisposable {
  readonly head: readonly Statement[];
  /** The first bytes, for what its comments say of it. */
  readonly beginning: string;
  /** All of it, in its order; not to be read twice. */
  readonly works: AsyncIterable<Work>;
  /** Bytes read so far. */
  readonly bytes: number;
  /** What was passed over so far, in full sentences. */
  readonly warnings: readonly string[];
  readonly requireCounts: ScriptReader['requireCounts'];
  close(): Promise<void>;
}

/** Bytes of structure that are kept before anything is made; a dump with more of it is read on later. */
const MOST = 64 * 1024 * 1024;
const BEGINNING = 4_096;

/**
 * Reads the structure that a dump begins with. `onBytes` is told of the bytes read so far, each time that all of them
 * are used.
 * @throws {CofreError} `RESTORE_REFUSED`, `BACKUP_DAMAGED`, and what the source of frames throws, wrapped by passingOn.
 */
export async function openFeed(
  { frames }: LoadInput,
  signal: AbortSignal,
  onBytes: (bytes: number) => void,
): Promise<Feed> {
  const warnings: string[] = [];
  let [bytes, beginning] = [0, ''];
  const reader = scriptReader((warning) => void warnings.push(warning));
  async function* counted(): AsyncGenerator<RawFrame> {
    for await (const frame of untilAborted<RawFrame>(passingOn(frames), signal)) {
      const { length } = frame.bytes;
      const missing = BEGINNING - beginning.length;
      if (missing > 0) beginning += Buffer.from(frame.bytes.subarray(0, missing)).toString('latin1');
      bytes += length;
      yield frame;
      onBytes(bytes);
    }
  }
  const all = worksOf(counted(), reader);
  const { head, next } = await readHead(all);
  const close = async () => void (await all.return(undefined));
  return {
    head,
    works: following(head, next, all),
    warnings,
    get beginning() {
      return beginning;
    },
    get bytes() {
      return bytes;
    },
    requireCounts: reader.requireCounts,
    close,
    [Symbol.asyncDispose]: close,
  };
}

async function* worksOf(frames: AsyncIterable<RawFrame>, reader: ScriptReader): AsyncGenerator<Work> {
  const plain = plainWorks();
  for await (const frame of frames) {
    if (isOfRows(frame)) {
      yield* plain.take(reader.rest());
      yield* plain.end();
      yield batchOfFrame(frame);
    } else {
      yield* plain.take(reader.push(frame.bytes));
      frame.release?.();
    }
  }
  yield* plain.take(reader.end());
  yield* plain.end();
}

/** Statements as they come, INSERTs gathered. */
function plainWorks() {
  const gathered = gathering();
  let last: { readonly begin: Buffer; readonly insert: Insert } | undefined;

  /** Most INSERTs begin like the one before: no need to read them again. */
  function insertIn(statement: Statement): Insert | undefined {
    const { bytes } = statement;
    if (last?.begin.equals(bytes.subarray(0, last.begin.length))) return last.insert;
    const insert = insertOf(statement);
    if (insert) last = { begin: Buffer.from(bytes.subarray(0, insert.at)), insert };
    return insert;
  }

  function* end(): Generator<Work> {
    const rest = gathered.rest();
    if (rest) yield rest;
  }

  return {
    *take(statements: Iterable<Statement>): Generator<Work> {
      for (const statement of statements) {
        const insert = insertIn(statement);
        const ready = insert ? gathered.take(statement, insert) : gathered.rest();
        if (ready) yield ready;
        if (!insert) yield statement;
      }
    },
    end,
  };
}

async function readHead(
  works: AsyncGenerator<Work>,
): Promise<{ head: Statement[]; next: IteratorResult<Work> }> {
  const head: Statement[] = [];
  let size = 0;
  for (;;) {
    const next = await works.next();
    if (next.done || next.value.kind !== 'statement' || size > MOST) return { head, next };
    size += next.value.bytes.length;
    // Its bytes belong to the splitter.
    head.push(next.value.keep());
  }
}

async function* following(
  head: readonly Statement[],
  next: IteratorResult<Work>,
  works: AsyncGenerator<Work>,
): AsyncGenerator<Work> {
  yield* head;
  if (next.done) return;
  yield next.value;
  yield* works;
}
