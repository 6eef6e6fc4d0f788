// The thread in which pg_dump runs. It thinks it speaks to a server; what it sends goes to the main thread, and it is
// held (pg_dump knows no promises) until the answer is there.
import { once } from 'node:events';
import { setFlagsFromString } from 'node:v8';
import { parentPort, receiveMessageOnPort, workerData } from 'node:worker_threads';
import { pgDump } from '@electric-sql/pglite-tools/pg_dump';
import { known } from '../../../../known.ts';
import type { WorkerData, WorkerInput, WorkerMessage } from '../protocol.ts';
import { frontend } from './frontend.ts';
import { takeDump } from './take-dump.ts';

const port = known(parentPort, 'The thread that started this one');
port.ref(); // Also while nobody listens to it.
const answered = new Int32Array((workerData as WorkerData).flag);

// pg_dump runs for a fraction of a second: to optimise its code takes more processor time than that saves.
setFlagsFromString('--liftoff-only');

function post(message: WorkerMessage, bytes?: Uint8Array<ArrayBuffer>): void {
  port.postMessage(message, bytes ? [bytes.buffer] : []);
}

function ask(query: Uint8Array<ArrayBuffer>): Uint8Array {
  post({ query }, query);
  // What wakes us may be late, and mean the answer before: only the flag says that this one is there.
  while (Atomics.exchange(answered, 0, 0) === 0) Atomics.wait(answered, 0, 0);
  return known(receiveMessageOnPort(port), 'The answer to a query of pg_dump').message;
}

/** As much of PGlite as the wrapper around pg_dump uses; it is not there, so there is no state to put back either. */
function connection(greeting: Uint8Array) {
  const answer = frontend(greeting, ask);
  return {
    query: async () => ({ rows: [{ search_path: 'nothing' }] }),
    exec: async () => {},
    execProtocolRawStream(bytes: Uint8Array, { onRawData }: { onRawData: (bytes: Uint8Array) => void }) {
      for (const reply of answer(bytes)) onRawData(reply);
    },
  };
}

const [{ args, key, greeting }] = (await once(port, 'message')) as [WorkerInput];
try {
  const dump = takeDump(key);
  await pgDump({ pg: connection(greeting) as never, args: [...args, `--restrict-key=${key}`] });
  const written = dump();
  if (!written) throw new Error('It wrote nothing that begins as a dump does.');
  const bytes = new Uint8Array(written);
  post({ written: bytes }, bytes);
} catch (error) {
  post({ failed: String((error as Error).message ?? error) });
}
