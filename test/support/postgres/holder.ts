import { setTimeout as sleep } from 'node:timers/promises';
import { openSession } from '../../../lib/engines/postgres/wire/connect.ts';
import { parseUrl } from '../../../lib/engines/postgres/wire/url.ts';

/** Another session, which can be in the way. */
export interface Holder extends AsyncDisposable {
  /** Runs statements; what it begins stays open. */
  run(sql: string): Promise<void>;
  /** Resolves when what it runs waits for a lock. */
  untilWaiting(): Promise<void>;
  close(): Promise<void>;
}

export async function holder(url: string): Promise<Holder> {
  const open = () =>
    openSession(parseUrl(url), { role: 'target', purpose: 'test', signal: new AbortController().signal });
  const [session, watcher] = [await open(), await open()];
  await session.client.query('SET search_path = public');
  const close = async () => {
    await session.close();
    await watcher.close();
  };
  const waits = async () => {
    const { rows } = await watcher.client.query(
      "SELECT wait_event_type = 'Lock' AS waits FROM pg_stat_activity WHERE pid = $1",
      [session.backend],
    );
    return rows[0].waits === true;
  };
  return {
    run: async (sql) => void (await session.client.query(sql)),
    untilWaiting: async () => {
      while (!(await waits())) await sleep(10);
    },
    close,
    [Symbol.asyncDispose]: close,
  };
}
