import { renameSync } from 'node:fs';
import { readdir, readlink } from 'node:fs/promises';
import { setTimeout as sleep } from 'node:timers/promises';
import { expect, test } from 'vitest';
import type { Dump } from '../../../../lib/engines/engine.ts';
import { sqliteEngine } from '../../../../lib/engines/sqlite/engine.ts';
import { contextOf, failureOf, PROMPT_MS, refusalOf } from '../../../contracts/engine/harness.ts';
import { createDatabase, type Folder, filesBeside, temporaryFolder, urlOf } from '../../../support/sqlite.ts';
import { engine, openDump, saveOpen } from '../../../support/sqlite-engine.ts';
import { fingerprint } from '../../../support/sqlite-fingerprint.ts';
import { signalEngineChildren } from '../../../support/sqlite-lab.ts';
import { sqliteProcess } from '../../../support/sqlite-process.ts';
import { OTHER, SAMPLE } from '../../../support/sqlite-sample.ts';

const HOLD_MS = 2_000;
const impatient = sqliteEngine({ busyMs: 60_000, holdMs: HOLD_MS });

test('past the limit, a dump of a rollback-journal database lets waiting writers go, then fails (3 ways to stall)', async () => {
  const stalls: Record<string, (dump: Dump) => Promise<AsyncIterator<unknown>>> = {
    'the store is slow': async (dump) => {
      const frames = dump.frames[Symbol.asyncIterator]();
      await frames.next();
      return frames;
    },
    'nobody reads': async (dump) => dump.frames[Symbol.asyncIterator](),
    'the check is slow': async (dump) => {
      const frames = dump.frames[Symbol.asyncIterator]();
      await frames.next();
      await signalEngineChildren('SIGSTOP');
      return frames;
    },
  };
  for (const [title, stall] of Object.entries(stalls)) {
    using folder = temporaryFolder();
    const path = createDatabase(folder.file(), 'DELETE', SAMPLE);
    await using writer = await sqliteProcess(path, PROMPT_MS);
    const dump = await impatient.dump(urlOf(path), contextOf());
    const frames = await stall(dump);
    await writer.run('UPDATE accounts SET balance = balance + 1 WHERE id = 1');
    expect(await refusalOf(drain(frames)), title).toBe('SOURCE_BUSY');
    await dump.close();
  }
});

test('in WAL mode there is no limit, because nobody waits', async () => {
  using folder = temporaryFolder();
  const path = createDatabase(folder.file(), 'WAL', SAMPLE);
  await using writer = await sqliteProcess(path, 0);
  const dump = await impatient.dump(urlOf(path), contextOf());
  await saveOpen(dump, folder.file(), async () => {
    await writer.run('UPDATE accounts SET balance = balance + 1 WHERE id = 1');
    await sleep(HOLD_MS + 300);
  });
  expect(dump.summary().tables.length).toBeGreaterThan(0);
});

for (const mode of ['DELETE', 'WAL'] as const) {
  test(`an abort during a check that hangs is prompt and leaves the source alone (${mode})`, async () => {
    using folder = temporaryFolder();
    const path = createDatabase(folder.file(), mode, SAMPLE);
    const before = await filesBeside(path);
    const abort = new AbortController();
    const dump = await engine.dump(urlOf(path), contextOf({ signal: abort.signal }));
    const reason = new Error('stop');
    const reading = failureOf(saveOpen(dump, folder.file(), () => signalEngineChildren('SIGSTOP')));
    setTimeout(() => abort.abort(reason), 300);
    expect(await reading).toBe(reason);
    expect(await filesBeside(path)).toEqual(before);
  });

  test(`leaving a dump whose check hangs is prompt and leaves the source alone (${mode})`, async () => {
    using folder = temporaryFolder();
    const path = createDatabase(folder.file(), mode, SAMPLE);
    const before = await filesBeside(path);
    const dump = await openDump(path);
    for await (const _ of dump.frames) {
      await signalEngineChildren('SIGSTOP');
      break;
    }
    expect(await filesBeside(path)).toEqual(before);
  });

  test(`a process that dies after its check was over still fails the dump: its lock is gone (${mode})`, async () => {
    using folder = temporaryFolder();
    const path = createDatabase(folder.file(), mode, SAMPLE);
    const dump = await openDump(path);
    const meanwhile = async () => {
      await sleep(1_000);
      await signalEngineChildren('SIGKILL');
    };
    expect(await failureOf(saveOpen(dump, folder.file(), meanwhile))).toBeInstanceOf(Error);
    expect(() => dump.summary()).toThrow();
  });
}

test('a file that takes the name of the database while it is dumped is not mixed into the dump', async () => {
  using folder = temporaryFolder();
  const path = createDatabase(folder.file(), 'DELETE', SAMPLE);
  const before = fingerprint(path);
  const copy = folder.file();
  const dump = await openDump(path);
  replace(folder, path);
  await saveOpen(dump, copy);
  expect(fingerprint(copy)).toBe(before);
  expect(fingerprint(path)).not.toBe(before);
});

test('a file that takes the name of the database while its dump waits for the lock is SOURCE_BUSY', async () => {
  using folder = temporaryFolder();
  const path = createDatabase(folder.file(), 'DELETE', SAMPLE);
  const owner = await sqliteProcess(path);
  await owner.run('BEGIN EXCLUSIVE');
  const refusal = refusalOf(openDump(path));
  await openedByTwo(path);
  await sleep(200);
  replace(folder, path);
  await owner.kill();
  expect(await refusal).toBe('SOURCE_BUSY');
});

/** Resolves when the file is open in a second process: in the dump's, which waits for its lock then. */
async function openedByTwo(path: string): Promise<void> {
  while ((await holdersOf(path)) < 2) await sleep(20);
}

async function holdersOf(path: string): Promise<number> {
  const processes = (await readdir('/proc')).filter((name) => /^\d+$/.test(name));
  const open = await Promise.all(
    processes.map(async (pid) => {
      const numbers = await readdir(`/proc/${pid}/fd`).catch(() => []);
      const files = numbers.map((it) => readlink(`/proc/${pid}/fd/${it}`).catch(() => ''));
      return (await Promise.all(files)).includes(path);
    }),
  );
  return open.filter(Boolean).length;
}

function replace(folder: Folder, path: string): void {
  renameSync(createDatabase(folder.file(), 'DELETE', OTHER), path);
}

async function drain(frames: AsyncIterator<unknown>): Promise<void> {
  while (!(await frames.next()).done);
}
