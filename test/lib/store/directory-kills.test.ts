import { spawn } from 'node:child_process';
import { createHash } from 'node:crypto';
import { once } from 'node:events';
import { mkdtemp, readdir, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { setTimeout as sleep } from 'node:timers/promises';
import { expect, test } from 'vitest';
import { directoryStore } from '../../../lib/store/directory.ts';
import type { Store } from '../../../lib/store/store.ts';
import { collect, unfinished } from '../../contracts/store/harness.ts';
import { someOf } from '../../support/moments.ts';

const WRITER = join(import.meta.dirname, '../../support/store-writer.ts');
const KILLS = someOf(8, 25);

test(`a writer that is killed at ${KILLS} random moments leaves whole objects with their own tags, and no lock`, async () => {
  const root = await mkdtemp(join(tmpdir(), 'cofre-kills-'));
  try {
    const store = directoryStore(root);
    let left = 0;
    for (let kill = 0; kill < KILLS; kill += 1) {
      await killedWriter(root);
      for (const { key } of await collect(store.list(''))) await checkWhole(store, key);
      await store.put('lock/free', Buffer.from('yes'));
      left += (await temporaryFiles(root)).length;
      if (kill % 2 === 0) await unfinished(store); // else the next writer meets what this one left
    }
    expect(left).toBeGreaterThan(0); // or no kill came in the middle of a write
    await unfinished(store);
    expect(await temporaryFiles(root)).toEqual([]);
    for (const { key } of await collect(store.list(''))) await checkWhole(store, key);
  } finally {
    await rm(root, { recursive: true });
  }
});

async function killedWriter(root: string): Promise<void> {
  const writer = spawn(process.execPath, [WRITER, root], { stdio: ['ignore', 'pipe', 'inherit'] });
  await once(writer.stdout, 'data');
  await sleep(Math.random() * 100);
  writer.kill('SIGKILL');
  const [code, signal] = await once(writer, 'exit');
  expect([code, signal]).toEqual([null, 'SIGKILL']);
}

async function checkWhole(store: Store, key: string): Promise<void> {
  if (key === 'lock/free') return;
  const body = Buffer.from((await store.get(key)).body);
  const content = body.subarray(0, -32);
  expect(createHash('sha256').update(content).digest('hex')).toBe(body.subarray(-32).toString('hex'));
  const tag = content.subarray(0, content.indexOf('\n')).toString();
  expect((await store.getTag(key)) ?? '').toBe(tag);
}

async function temporaryFiles(root: string): Promise<string[]> {
  return (await readdir(root, { recursive: true })).filter((path) => path.includes('.cofre-tmp'));
}
