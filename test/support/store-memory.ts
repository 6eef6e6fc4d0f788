import { directoryStore } from '../../lib/store/directory.ts';
import { s3Store } from '../../lib/store/s3.ts';
import type { Store } from '../../lib/store/store.ts';

/**
 * A process that moves many bytes through a store and prints how much its memory grew:
 * `node store-memory.ts upload|read MiB place`, where the place is a folder or the endpoint of an S3 server.
 * For a read from a folder it first writes the object.
 */
const MiB = 2 ** 20;
const [, , mode, count, place = ''] = process.argv;
const total = Number(count) * MiB;

function open(): Store {
  if (!place.startsWith('http:')) return directoryStore(place);
  const credentials = { accessKeyId: 'a', secretAccessKey: 'b' };
  return s3Store({
    bucket: 'sink',
    clientConfig: { endpoint: place, forcePathStyle: true, region: 'us-east-1', credentials },
  });
}

/** One buffer for all chunks, so that what is measured is the store, not the garbage of its source. */
async function* source(bytes: number): AsyncGenerator<Uint8Array> {
  const chunk = Buffer.alloc(MiB);
  for (let left = bytes; left > 0; left -= MiB) yield chunk.fill(left).subarray(0, Math.min(left, MiB));
}

async function read(store: Store, bytes: number): Promise<void> {
  let seen = 0;
  for await (const chunk of store.read('big', { start: 0, end: bytes })) seen += chunk.length;
  if (seen !== bytes) throw new Error(`Read ${seen} bytes.`);
}

const store = open();
const move = mode === 'read' ? read : (to: Store, bytes: number) => to.upload('big', source(bytes));
if (mode === 'read' && !place.startsWith('http:')) await store.upload('big', source(total));
await move(store, MiB); // loads code and connects
const base = process.memoryUsage.rss();
let peak = base;
const watch = setInterval(() => (peak = Math.max(peak, process.memoryUsage.rss())), 10);
const started = performance.now();
await move(store, total);
clearInterval(watch);
const seconds = (performance.now() - started) / 1000;
process.stdout.write(`${JSON.stringify({ baseMiB: base / MiB, grownMiB: (peak - base) / MiB, seconds })}\n`);
