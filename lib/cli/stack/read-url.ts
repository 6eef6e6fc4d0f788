import { systemClock } from '../../clock.ts';
import { CofreError } from '../../errors.ts';

/** Tries in a row that bring nothing before it is given up. */
const TRIES = 4;
const PAUSE_MS = 500;

/**
 * Reads `size` bytes from presigned URLs. A connection that drops is taken up again where it was, with a fresh URL: one
 * lives for minutes, a download may take hours.
 * @throws {CofreError} `STORE_UNAVAILABLE` when it drops again and again, `STORE_NOT_FOUND` when the object is gone
 */
export async function* readUrl(
  mint: () => Promise<string>,
  size: number,
  signal: AbortSignal,
): AsyncGenerator<Uint8Array> {
  let at = 0;
  for (let failed = 0; at < size; ) {
    try {
      for await (const chunk of await open(await mint(), at, signal)) {
        at += chunk.length;
        failed = 0;
        yield chunk;
      }
      if (at < size) throw new Error('it ended early');
    } catch (error) {
      failed += 1;
      if (signal.aborted || error instanceof CofreError || failed >= TRIES) throw given(error, signal);
      await systemClock.sleep(PAUSE_MS * failed, signal);
    }
  }
}

async function open(url: string, at: number, signal: AbortSignal): Promise<AsyncIterable<Uint8Array>> {
  const answer = await fetch(url, { signal, headers: at > 0 ? { range: `bytes=${at}-` } : {} });
  if (answer.status === (at > 0 ? 206 : 200) && answer.body) return answer.body;
  await answer.body?.cancel();
  if (answer.status === 404) {
    throw new CofreError('STORE_NOT_FOUND', 'The backup is no longer there.', {
      hint: 'List the backups again.',
    });
  }
  throw new Error(`HTTP ${answer.status}`);
}

function given(error: unknown, signal: AbortSignal): unknown {
  if (signal.aborted) return signal.reason;
  if (error instanceof CofreError) return error;
  const why = error instanceof Error ? error.message : String(error);
  return new CofreError('STORE_UNAVAILABLE', `The download broke off: ${why}`, {
    cause: error,
    hint: 'Try again in a while.',
  });
}
