import type { Pool } from '../../sql/load/pool.ts';
import type { PgSession } from '../wire/connect.ts';
import { scheduleOf, type Task } from './schedule.ts';

/** What one session does. */
export interface Work extends Task {
  run(session: PgSession): Promise<void>;
}

/** Runs works over the sessions of a pool, until all are done. @throws what one of them threw */
export async function runTasks(pool: Pool<PgSession>, works: readonly Work[]): Promise<void> {
  const schedule = scheduleOf(works);
  while (schedule.left > 0) {
    const work = schedule.next();
    if (!work) await pool.ended();
    else {
      await pool.start(async (session) => {
        await work.run(session);
        schedule.done(work);
      });
    }
  }
}
