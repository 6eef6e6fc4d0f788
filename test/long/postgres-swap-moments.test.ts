import { fork } from 'node:child_process';
import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { setTimeout as sleep } from 'node:timers/promises';
import { fileURLToPath } from 'node:url';
import { serialize } from 'node:v8';
import { Client } from 'pg';
import { afterAll, beforeAll, expect, test } from 'vitest';
import type { EngineContext } from '../../lib/engines/engine.ts';
import { sweep } from '../../lib/engines/postgres/sweep.ts';
import { contextOf } from '../contracts/engine/harness.ts';
import { cuttingProxy } from '../support/cutting-proxy.ts';
import { OTHER, SAMPLE } from '../support/postgres/contract-sample.ts';
import { databaseOf, type Frames, inputOf, type SwapLab, swapLab } from '../support/postgres/swap-lab.ts';

const MOMENTS = 25;

let lab: SwapLab;
let backups: { old: Frames; new: Frames };
let prints: { old: string; new: string };
beforeAll(async () => {
  lab = await swapLab(18);
  const [old, fresh] = [await lab.make(OTHER), await lab.make(SAMPLE)];
  backups = { old: await lab.take(old), new: await lab.take(fresh) };
  prints = { old: await lab.copyOf(old), new: await lab.copyOf(fresh) };
});
afterAll(() => lab.server.stop());

/** Tries a swap at so many moments; whatever comes of each, the target is old or new, and a sweep leaves nothing. */
async function atMoments(
  longest: number,
  attempt: (url: string, ms: number) => Promise<'stopped' | 'done' | 'either'>,
): Promise<{ old: number; new: number }> {
  const found = { old: 0, new: 0 };
  const url = await lab.make(OTHER);
  for (let n = 0; n < MOMENTS; n++) {
    const outcome = await attempt(url, (longest * n) / (MOMENTS - 1));
    const print = await lab.fingerprint(url);
    const state = print === prints.old ? 'old' : print === prints.new ? 'new' : 'neither';
    expect(state, `moment ${n}, ${outcome}`).toBe(
      outcome === 'either' ? (state === 'new' ? 'new' : 'old') : outcome === 'done' ? 'new' : 'old',
    );
    await sweep(url);
    await expect.poll(() => lab.leftovers()).toEqual([]);
    found[state as 'old' | 'new'] += 1;
    if (state === 'new') await lab.swap(url, inputOf(backups.old));
  }
  return found;
}

async function durationOf(context: Partial<EngineContext> = {}): Promise<number> {
  const url = await lab.make(OTHER);
  const began = performance.now();
  await lab.swap(url, inputOf(backups.new), {}, context);
  return performance.now() - began;
}

test('stopped at 25 moments: old when it throws, new when it returns, and nothing is left', async () => {
  const found = await atMoments((await durationOf()) * 1.1, async (url, ms) => {
    const controller = new AbortController();
    const reason = new Error('stop');
    const timer = setTimeout(() => controller.abort(reason), ms);
    try {
      await lab.swap(url, inputOf(backups.new), {}, { signal: controller.signal });
      return 'done';
    } catch (error) {
      expect(error).toBe(reason);
      expect(await lab.leftovers()).toEqual([]);
      return 'stopped';
    } finally {
      clearTimeout(timer);
    }
  });
  expect(found.old).toBeGreaterThan(10);
});

test('all its connections cut at 25 moments: old when it throws, new when it returns', async () => {
  await using proxy = await cuttingProxy(lab.server.port);
  const found = await atMoments((await durationOf()) * 1.1, async (url, ms) => {
    const through = Object.assign(new URL(url), { port: String(proxy.port) }).href;
    const timer = setTimeout(() => proxy.cut(), ms);
    try {
      await lab.swap(through, inputOf(backups.new));
      return 'done';
    } catch (error) {
      expect(error).toMatchObject({ name: 'CofreError', hint: expect.any(String) });
      return 'stopped';
    } finally {
      clearTimeout(timer);
    }
  });
  expect(found.old).toBeGreaterThan(10);
});

test('cut while the commit is on its way, 10 times: old when it throws, new when it returns', async () => {
  await using proxy = await cuttingProxy(lab.server.port);
  for (let n = 0; n < 10; n++) {
    const url = await lab.make(OTHER);
    const through = Object.assign(new URL(url), { port: String(proxy.port) }).href;
    const fence = async () => void sleep(n / 4).then(() => proxy.cut());
    const outcome = await lab.swap(through, inputOf(backups.new), {}, { fence }).then(
      () => 'new' as const,
      () => 'old' as const,
    );
    expect(await lab.fingerprint(url)).toBe(prints[outcome]);
    expect(await lab.leftovers()).toEqual([]);
  }
});

test('killed at 25 moments: old or new, and the next sweep clears what is left', async () => {
  const folder = mkdtempSync(join(tmpdir(), 'cofre-swap-'));
  const file = join(folder, 'frames');
  writeFileSync(file, serialize(backups.new.frames));
  const longest = (await durationOf()) * 1.5;
  const found = await atMoments(longest, async (url, ms) => {
    const script = fileURLToPath(new URL('../support/postgres/swap-process.ts', import.meta.url));
    const child = fork(script, [url, file]);
    const exited = new Promise((resolve) => void child.once('exit', resolve));
    await new Promise((resolve) => void child.once('message', resolve));
    await sleep(ms);
    child.kill('SIGKILL');
    await exited;
    return 'either';
  });
  rmSync(folder, { recursive: true });
  expect(found.old).toBeGreaterThan(5);
});

test('clients that come and go all the time see the old or the new, whole, and never that nothing is there', async () => {
  const url = await lab.make(
    'CREATE TABLE version AS SELECT 0 AS n; CREATE TABLE rows AS SELECT 0 AS n',
    'busy',
  );
  const stopped = new AbortController();
  const seen = { answers: 0, refusals: 0, wrong: [] as string[] };
  const clients = Array.from({ length: 4 }, () => visit(url, stopped.signal, seen));
  for (let n = 1; n <= 5; n++) {
    const script = `CREATE TABLE version AS SELECT ${n} AS n; CREATE TABLE rows AS SELECT ${n} AS n FROM generate_series(1, 2000)`;
    const source = await lab.make(script);
    await lab.swap(
      url,
      inputOf(await lab.take(source)),
      { terminateConnections: true },
      { clock: contextOf().clock },
    );
    expect(await lab.sql('SELECT n FROM version', 'busy')).toBe(String(n));
  }
  stopped.abort();
  await Promise.all(clients);
  expect(seen.wrong).toEqual([]);
  expect(seen.answers).toBeGreaterThan(20);
});

/** A client that is cut off, or comes in the very moment of the renames, is told so and comes again. */
const MOMENTARY = /terminat|ECONNRESET|just been dropped or renamed|Connection ended/i;

async function visit(
  url: string,
  signal: AbortSignal,
  seen: { answers: number; refusals: number; wrong: string[] },
): Promise<void> {
  while (!signal.aborted) {
    const client = new Client({ connectionString: url });
    client.on('error', () => {});
    try {
      await client.connect();
      const { rows } = await client.query(
        'SELECT v.n AS version, (SELECT count(*)::int FROM rows WHERE rows.n = v.n) AS rows FROM version v',
      );
      const whole = rows.length === 1 && rows[0].rows === (rows[0].version === 0 ? 1 : 2_000);
      if (whole) seen.answers += 1;
      else seen.wrong.push(JSON.stringify(rows));
    } catch (error) {
      const { message, detail, code } = error as { message: string; detail?: string; code?: string };
      seen.refusals += 1;
      if (!MOMENTARY.test(`${message} ${detail ?? ''} ${code ?? ''}`))
        seen.wrong.push(`${message} ${databaseOf(url)}`);
    }
    await client.end().catch(() => {});
  }
}
