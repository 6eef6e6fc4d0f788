import { setTimeout as sleep } from 'node:timers/promises';

const POLL_MS = 200;

/**
 * Asks until there is an answer. (`expect.poll` does not know which of several concurrent tests it is in.)
 * @throws Error which tells the last thing that was there instead
 */
export async function until<T>(
  what: string,
  ask: () => Promise<T>,
  isIt: (found: T) => boolean,
  timeoutMs: number,
): Promise<T> {
  const deadline = performance.now() + timeoutMs;
  for (;;) {
    const found = await ask();
    if (isIt(found)) return found;
    if (performance.now() > deadline)
      throw new Error(`No ${what} within ${timeoutMs} ms, but ${JSON.stringify(found)}`);
    await sleep(POLL_MS);
  }
}
