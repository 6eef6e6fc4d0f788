import { type ChildProcess, spawn } from 'node:child_process';
import { mkdtemp, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { setTimeout as sleep } from 'node:timers/promises';
import { fileURLToPath } from 'node:url';
import { serialize } from 'node:v8';
import { expect, test } from 'vitest';
import { someOf } from '../../support/moments.ts';
import { contextOf, inputOf, type Taken, take } from './harness.ts';
import type { EngineLab, Given } from './lab.ts';
import { sampleOf } from './load.ts';

const KILLS = someOf(3, 12);

export function killedTests(given: Given): void {
  test(`a load killed at ${KILLS} moments leaves the old or the new, nothing after a sweep, and the way free`, async () => {
    const lab = given();
    const { url, taken } = await sampleOf(lab);
    const target = await lab.createOther();
    const fresh = await lab.fingerprint(url);
    const old = { fingerprint: await lab.fingerprint(target), taken: await take(lab.engine, target) };
    const duration = await durationOf(lab.reserve(), taken);
    const found = { old: 0, new: 0 };
    for (let n = 0; n < KILLS; n++) {
      await killedAfter(target, taken, (duration * 1.1 * n) / (KILLS - 1), n % 2 === 0);
      const now = await lab.fingerprint(target);
      expect([old.fingerprint, fresh]).toContain(now);
      await expectSwept(lab, target);
      found[now === fresh ? 'new' : 'old'] += 1;
      if (now === fresh) {
        await lab.engine.load(target, inputOf(old.taken), contextOf());
        expect(await lab.fingerprint(target)).toBe(old.fingerprint);
      }
    }
    expect(found.old).toBeGreaterThan(0);
    await lab.engine.load(target, inputOf(taken), contextOf());
    expect(await lab.fingerprint(target)).toBe(fresh);
  });

  test('sweep clears what a killed load left, says so, spares a living one, and is content with nothing', async () => {
    const lab = given();
    const { taken } = await sampleOf(lab);
    const target = await lab.createOther();
    const traces = await lab.traces(target);
    expect(await lab.engine.sweep(target)).toBe(0);
    expect(await lab.engine.sweep(lab.reserve())).toBe(0);
    await using loading = await startLoad(target, taken, 'endless');
    await loading.told('waiting');
    expect((await lab.leftovers(target)).length).toBeGreaterThan(0);
    expect(await lab.engine.sweep(target)).toBe(0);
    expect((await lab.leftovers(target)).length).toBeGreaterThan(0);
    await loading.kill();
    expect(await lab.engine.sweep(target)).toBeGreaterThan(0);
    expect(await lab.leftovers(target)).toEqual([]);
    expect(await lab.traces(target)).toEqual(traces);
  });

  test('a load clears what a killed one left, by itself', async () => {
    const lab = given();
    const { url, taken } = await sampleOf(lab);
    const target = await lab.createOther();
    await using loading = await startLoad(target, taken, 'endless');
    await loading.told('waiting');
    await loading.kill();
    expect((await lab.leftovers(target)).length).toBeGreaterThan(0);
    await lab.engine.load(target, inputOf(taken), contextOf());
    expect(await lab.leftovers(target)).toEqual([]);
    expect(await lab.fingerprint(target)).toBe(await lab.fingerprint(url));
  });
}

interface Loading extends AsyncDisposable {
  told(what: string): Promise<void>;
  /** Kills the process alone, or with the children that it may have. */
  kill(withChildren?: boolean): Promise<void>;
}

/** A child of the killed process may go on for a moment, and it counts as alive: a later sweep takes what it left. */
async function expectSwept(lab: EngineLab, target: string): Promise<void> {
  const afterSweep = async () => {
    await lab.engine.sweep(target);
    return await lab.leftovers(target);
  };
  await expect.poll(afterSweep).toEqual([]);
}

async function durationOf(target: string, taken: Taken): Promise<number> {
  await using loading = await startLoad(target, taken, 'whole');
  await loading.told('begun');
  const began = Date.now();
  await loading.told('loaded');
  return Date.now() - began;
}

async function killedAfter(target: string, taken: Taken, ms: number, withChildren: boolean): Promise<void> {
  await using loading = await startLoad(target, taken, 'whole');
  await loading.told('begun');
  await sleep(ms);
  await loading.kill(withChildren);
}

async function startLoad(url: string, { frames }: Taken, mode: 'whole' | 'endless'): Promise<Loading> {
  const folder = await mkdtemp(join(tmpdir(), 'cofre-load-'));
  const file = join(folder, 'frames');
  await writeFile(file, serialize(frames));
  const script = fileURLToPath(new URL('./load-process.ts', import.meta.url));
  // Detached: a process group of its own, which a signal can reach as a whole.
  const child = spawn(process.execPath, [script, url, file, mode], {
    detached: true,
    stdio: ['ignore', 'ignore', 'inherit', 'ipc'],
  });
  const kill = killer(child);
  return {
    told: listener(child),
    kill,
    [Symbol.asyncDispose]: async () => {
      await kill(true);
      await rm(folder, { recursive: true });
    },
  };
}

function listener(child: ChildProcess): Loading['told'] {
  const said = new Set<string>();
  child.on('message', (what: string) => said.add(what));
  return async (what) => {
    while (!said.has(what)) {
      if (child.exitCode !== null) throw new Error(`The loading process ended with ${child.exitCode}.`);
      await sleep(2);
    }
  };
}

function killer(child: ChildProcess): Loading['kill'] {
  const exited = new Promise((resolve) => child.once('exit', resolve));
  return async (withChildren = false) => {
    if (child.exitCode === null && child.signalCode === null) {
      process.kill(withChildren ? -child.pid! : child.pid!, 'SIGKILL');
    }
    await exited;
  };
}
