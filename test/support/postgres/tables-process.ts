// A process that restores tables until it is done or killed. Arguments: URL, file of a backup (v8.serialize), `replace` or
// `beside`, tables. Tells its parent of every frame that it has read, and of the end.
import { readFileSync } from 'node:fs';
import { setTimeout as sleep } from 'node:timers/promises';
import { deserialize } from 'node:v8';
import { loadTables } from '../../../lib/engines/postgres/tables/load-tables.ts';
import { contextOf } from '../../contracts/engine/harness.ts';
import { fakeClock } from '../fake-clock.ts';
import { LOCK_MS, NOW, readerOf, type TablesBackup } from './tables-lab.ts';

const [url = '', file = '', mode = '', ...tables] = process.argv.slice(2);
const backup: TablesBackup = deserialize(readFileSync(file));
const read = readerOf(backup);
const input = {
  tables,
  known: backup.known,
  read: async function* (...asked: Parameters<typeof read>) {
    for await (const frame of read(...asked)) {
      process.send?.('frame');
      await sleep(1);
      yield frame;
    }
  },
};
const context = contextOf({ clock: fakeClock(NOW) });
await loadTables(url, input, context, { replace: mode === 'replace' }, { lockWaitMs: LOCK_MS });
process.disconnect();
