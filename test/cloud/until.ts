import { setTimeout as sleep } from 'node:timers/promises';

const POLL_MS = 200;
/** What does not come within it will not come. */
const LIMIT_MS = 600_000;

/**
 * Asks until there is an answer. (`expect.poll` does not know which of several concurrent tests it is in.)
 * @throws Error which tells the last thing that was there instead
 */
export async function until<T>(what: string, ask: () => Promise<T>, isIt: (found: T) => boolean): Promise<T> {
  const deadline = performance.now() + LIMIT_MS;
  for (;;) {
    const found = await ask();
    if (isIt(found)) return found;
    if (performance.now() > deadline)
      throw new Error(`No ${what} within ${LIMIT_MS} ms, but ${JSON.stringify(found)}`);
    await sleep(POLL_MS);
  }
}
