import { setTimeout as sleep } from 'node:timers/promises';
import { expect, test } from 'vitest';
import type { EngineContext, EngineProgress, RawFrame } from '../../../lib/engines/engine.ts';
import { someOf } from '../../support/moments.ts';
import { contextOf, failureOf, inputOf, replay, type Taken, take } from './harness.ts';
import type { EngineLab, Given } from './lab.ts';
import { sampleOf } from './load.ts';

const DUMPS = someOf(4, 12);
const LOADS = someOf(5, 20);

export function abortTests(given: Given): void {
  test('a signal that has fired before stops every method with its reason, without a trace (4 methods)', async () => {
    const lab = given();
    const { url, taken } = await sampleOf(lab);
    const target = await lab.createOther();
    const traces = [await lab.traces(url), await lab.traces(target)];
    const reason = new Error('stop');
    const context = contextOf({ signal: AbortSignal.abort(reason) });
    expect(await failureOf(lab.engine.inspect(url, context))).toBe(reason);
    expect(await failureOf(lab.engine.dump(url, context))).toBe(reason);
    expect(await failureOf(lab.engine.load(target, inputOf(taken), context))).toBe(reason);
    expect(await failureOf(lab.engine.verify(inputOf(taken), context))).toBe(reason);
    expect([await lab.traces(url), await lab.traces(target)]).toEqual(traces);
  });

  test('a dump stops with the reason at each kind of progress it reports, source untouched', async () => {
    const lab = given();
    const url = await lab.createSample();
    const traces = await lab.traces(url);
    for (const phase of await phasesOf((report) => take(lab.engine, url, { report }))) {
      const { context, reason } = abortingAt(phase);
      expect(await failureOf(take(lab.engine, url, context)), phase).toBe(reason);
      expect(await lab.traces(url)).toEqual(traces);
    }
    await take(lab.engine, url);
  });

  test(`a dump stops at ${DUMPS} random moments, source untouched`, async () => {
    const lab = given();
    const url = await lab.createSample();
    const traces = await lab.traces(url);
    const duration = await timeOf(() => take(lab.engine, url, {}, 5));
    for (let n = 0; n < DUMPS; n++) {
      const { signal, reason } = abortingAfter((duration * Math.random() * n) / (DUMPS - 1));
      const outcome = await take(lab.engine, url, { signal }, 5).catch((error: unknown) => error);
      if (outcome instanceof Error) expect(outcome).toBe(reason);
      expect(await lab.traces(url)).toEqual(traces);
    }
  });

  test('a load stops with the reason at each kind of progress it reports: the target is old', async () => {
    const lab = given();
    const { taken } = await sampleOf(lab);
    const loadInto = (target: string, context: Partial<EngineContext>) =>
      lab.engine.load(target, inputOf(taken), contextOf(context));
    const phases = await phasesOf(async (report) => loadInto(await lab.createOther(), { report }));
    for (const phase of phases) {
      const target = await lab.createOther();
      const before = [await lab.fingerprint(target), await lab.traces(target)];
      const { context, reason } = abortingAt(phase);
      expect(await failureOf(loadInto(target, context)), phase).toBe(reason);
      expect([await lab.fingerprint(target), await lab.traces(target)], phase).toEqual(before);
    }
  });

  test(`a load stops at ${LOADS} moments: the target is old when it throws, new when it returns`, async () => {
    const lab = given();
    const { url, taken } = await sampleOf(lab);
    const [fresh, target] = [await lab.fingerprint(url), await lab.createOther()];
    const old = { fingerprint: await lab.fingerprint(target), taken: await take(lab.engine, target) };
    const duration = await timeOf(async () => lab.engine.load(lab.reserve(), inputOf(taken), contextOf()));
    let stopped = 0;
    for (let n = 0; n < LOADS; n++) {
      const traces = await lab.traces(target);
      const outcome = await loadStopped(lab, target, taken, (duration * 1.5 * n) / (LOADS - 1));
      stopped += outcome === 'stopped' ? 1 : 0;
      expect(await lab.fingerprint(target)).toBe(outcome === 'stopped' ? old.fingerprint : fresh);
      if (outcome === 'stopped') expect(await lab.traces(target)).toEqual(traces);
      else await lab.engine.load(target, inputOf(old.taken), contextOf());
    }
    expect(stopped).toBeGreaterThan(0);
  });

  test('load and verify stop while the source of frames is silent', async () => {
    const lab = given();
    const { taken } = await sampleOf(lab);
    const target = await lab.createOther();
    const before = await lab.traces(target);
    const calls = [
      (context: EngineContext) => lab.engine.load(target, silentAfter(taken), context),
      (context: EngineContext) => lab.engine.verify(silentAfter(taken), context),
    ];
    for (const call of calls) {
      const { signal, reason } = abortingAfter(200);
      expect(await failureOf(call(contextOf({ signal })))).toBe(reason);
    }
    expect(await lab.traces(target)).toEqual(before);
    expect([await lab.leftovers(target), await lab.leftoversOfVerify()]).toEqual([[], []]);
  });
}

async function loadStopped(
  lab: EngineLab,
  target: string,
  taken: Taken,
  ms: number,
): Promise<'stopped' | 'done'> {
  const { signal, reason } = abortingAfter(ms);
  try {
    await lab.engine.load(target, inputOf(taken), contextOf({ signal }));
    return 'done';
  } catch (error) {
    expect(error).toBe(reason);
    return 'stopped';
  }
}

/** The kinds of progress that `work` reports, each once. */
async function phasesOf(work: (report: EngineContext['report']) => Promise<unknown>): Promise<string[]> {
  const phases = new Set<string>();
  await work(({ phase }) => phases.add(phase));
  expect(phases.size).toBeGreaterThan(0);
  return [...phases];
}

/** Aborts at the first report of a phase. */
function abortingAt(phase: string) {
  const controller = new AbortController();
  const reason = new Error(`stopped at ${phase}`);
  const report = (progress: EngineProgress) => progress.phase === phase && controller.abort(reason);
  return { context: { signal: controller.signal, report }, reason };
}

function abortingAfter(ms: number) {
  const controller = new AbortController();
  const reason = new Error(`stopped after ${ms} ms`);
  void sleep(ms).then(() => controller.abort(reason));
  return { signal: controller.signal, reason };
}

async function timeOf(work: () => Promise<unknown>): Promise<number> {
  const began = Date.now();
  await work();
  return Date.now() - began;
}

function silentAfter({ frames }: Taken) {
  async function* silent(): AsyncGenerator<RawFrame> {
    yield* replay(frames.slice(0, 1));
    await new Promise(() => {}); // for ever
  }
  return { frames: silent() };
}
