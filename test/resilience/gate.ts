import { DatabaseSync } from 'node:sqlite';
import { setTimeout as sleep } from 'node:timers/promises';
import type { Cofre } from '../../lib/cofre.ts';

/** Keeps everybody else out of a database (not in WAL mode) until opened: whoever needs it waits, with its lease. */
export function shutGate(path: string): () => void {
  const database = new DatabaseSync(path, { timeout: 120_000 });
  database.exec('BEGIN EXCLUSIVE');
  return () => database.close();
}

/** Waits until somebody has the lease of the database, and tells the record. */
export async function leaseHeld(cofre: Cofre, database: string): Promise<{ pid: number; jobId: string }> {
  for (;;) {
    if (await cofre.store.head(`locks/${database}.json`)) {
      const { body } = await cofre.store.get(`locks/${database}.json`);
      const { holder } = JSON.parse(Buffer.from(body).toString());
      if (holder) return holder;
    }
    await sleep(20);
  }
}
