import type { LoadInput, RawFrame } from '../../engine.ts';
import { passingOn } from '../../sql/load/passed-on.ts';
import { untilAborted } from '../../until-aborted.ts';
import type { Statement } from '../script/items.ts';
import { readScript, type ScriptItem } from '../script/script.ts';

/** A dump whose beginning is read: the structure, up to the first rows. */
export interface Script extends AsyncDisposable {
  readonly head: readonly Statement[];
  /** The first bytes, for what its comments say of it. */
  readonly beginning: string;
  /** What follows, in its order; not to be read twice. */
  readonly rest: AsyncIterable<ScriptItem>;
  /** Bytes read so far. */
  readonly bytes: number;
  /** What was passed over so far, in full sentences. */
  readonly warnings: readonly string[];
  close(): Promise<void>;
}

/** Bytes of structure that are kept before the target is touched; a dump with more of it is read on later. */
const MOST = 64 * 1024 * 1024;
const BEGINNING = 4_096;

/** What brings data in, not structure; the settings of pg_dump's head are made by SELECT, too. */
const DATA = /^(?:INSERT|SELECT(?!\s+pg_catalog\.set_config))\b/i;

/**
 * Reads the structure that a dump begins with. `onBytes` is told of the bytes read so far, each time that all of them
 * are used.
 * @throws {CofreError} `RESTORE_REFUSED`, `BACKUP_DAMAGED`, and what the source of frames throws, wrapped by passingOn.
 */
export async function openScript(
  { frames }: LoadInput,
  signal: AbortSignal,
  onBytes: (bytes: number) => void,
): Promise<Script> {
  const warnings: string[] = [];
  let [bytes, beginning] = [0, ''];
  async function* chunks(): AsyncGenerator<Uint8Array> {
    for await (const frame of untilAborted<RawFrame>(passingOn(frames), signal)) {
      bytes += frame.bytes.length;
      const missing = BEGINNING - beginning.length;
      if (missing > 0) beginning += Buffer.from(frame.bytes.subarray(0, missing)).toString('latin1');
      yield frame.bytes;
      frame.release?.();
      onBytes(bytes);
    }
  }
  const items = readScript(chunks(), (warning) => void warnings.push(warning));
  const { head, next } = await readHead(items);
  const close = async () => void (await items.return(undefined));
  return {
    head,
    rest: following(next, items),
    warnings,
    get beginning() {
      return beginning;
    },
    get bytes() {
      return bytes;
    },
    close,
    [Symbol.asyncDispose]: close,
  };
}

async function readHead(
  items: AsyncGenerator<ScriptItem>,
): Promise<{ head: Statement[]; next: IteratorResult<ScriptItem> }> {
  const head: Statement[] = [];
  let size = 0;
  for (;;) {
    const next = await items.next();
    if (next.done || next.value.kind !== 'statement' || size > MOST) return { head, next };
    const { bytes } = next.value;
    if (DATA.test(bytes.toString('latin1', 0, 40))) return { head, next };
    size += bytes.length;
    head.push(next.value.keep());
  }
}

async function* following(
  next: IteratorResult<ScriptItem>,
  items: AsyncGenerator<ScriptItem>,
): AsyncGenerator<ScriptItem> {
  if (next.done) return;
  yield next.value;
  yield* items;
}
