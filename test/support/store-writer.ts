import { createHash, randomBytes } from 'node:crypto';
import { setTimeout as sleep } from 'node:timers/promises';
import { directoryStore } from '../../lib/store/directory.ts';

/**
 * A process that writes and deletes objects for ever, to be killed: `node store-writer.ts folder`. Each object says in
 * its first line which tag it has, and ends with the SHA-256 of what is before. Prints a line once it is at work.
 */
const store = directoryStore(process.argv[2] ?? '');
const KEYS = ['db/a', 'db/b', 'deep/er/c'];

function newObject(tag: string | undefined): Buffer {
  const content = Buffer.concat([
    Buffer.from(`${tag ?? ''}\n`),
    randomBytes(Math.floor(Math.random() * 2_000_000)),
  ]);
  return Buffer.concat([content, createHash('sha256').update(content).digest()]);
}

async function* slowly(body: Buffer): AsyncGenerator<Uint8Array> {
  for (let at = 0; at < body.length; at += 200_000) {
    yield body.subarray(at, at + 200_000);
    await sleep(1);
  }
}

for (let round = 0; ; round += 1) {
  const key = KEYS[round % KEYS.length]!;
  const tag = Math.random() < 0.7 ? `tag-${Math.floor(Math.random() * 1e9)}` : undefined;
  const options = tag === undefined ? {} : { tag };
  if (Math.random() < 0.1) await store.delete(key);
  else if (Math.random() < 0.5) await store.put(key, newObject(tag), options);
  else await store.upload(key, slowly(newObject(tag)), options);
  if (round === 0) process.stdout.write('at work\n');
}
