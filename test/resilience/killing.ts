import { setTimeout as sleep } from 'node:timers/promises';
import { type CliOptions, isGroupAlive, runCli, startCli } from '../support/cli-process.ts';
import type { Random } from '../support/seeded.ts';

export { MOMENTS } from '../support/moments.ts';

/** `group`: as the kernel or a container kills, all processes. `main`: our process alone, so its children must notice. */
export type KillMode = 'group' | 'main';

export interface Command {
  readonly args: readonly string[];
  readonly options: CliOptions;
}

/** Process groups of killed runs, some of whose members may live on for a moment. */
const killed: number[] = [];

/** How long the command takes here and now, ms. */
export async function calibrate({ args, options }: Command): Promise<number> {
  const { code, ms, stdout, stderr } = await runCli(args, options);
  if (code !== 0) throw new Error(`cofre ${args.join(' ')} ended with ${code}: ${stderr}${stdout}`);
  return ms;
}

/** When to kill: once this resolves. The signal fires when the run has ended, for whoever waits for an event. */
type Moment = (ended: AbortSignal) => Promise<unknown>;

/** Starts the command and kills it at a moment. False when it had ended by then. */
async function killAt({ args, options }: Command, moment: Moment, mode: KillMode): Promise<boolean> {
  const run = startCli(args, options);
  const over = new AbortController();
  const end = run.end.then(() => over.abort());
  await Promise.race([end, moment(over.signal)]);
  if (over.signal.aborted || run.child.exitCode !== null) return false;
  process.kill(mode === 'group' ? -run.pid : run.pid, 'SIGKILL');
  killed.push(run.pid);
  // It may have ended by itself between the look and the signal.
  return (await run.end).code === null;
}

/**
 * `count` fractions of a run's time, one at random in each of `count` equal parts, in random order: random moments that
 * still cover the whole run.
 */
export function moments(random: Random, count: number): number[] {
  const fractions = Array.from({ length: count }, (_, part) => (part + random.next()) / count);
  return fractions.toSorted(() => random.next() - 0.5);
}

/** How long a run takes: ever anew, because others use the machine too. */
export interface Pace {
  ms: number;
}

/** `decided`: right after the step that decides was seen to be done. Else a fraction of the run's time. */
export type When = number | 'decided';

export interface Victim {
  /** The command to run next: asked anew for each try, as a run that ended before its kill has done its work. */
  readonly next: () => Promise<Command>;
  /** Whether the command's decisive step is done, as seen from outside. */
  readonly isDecided: () => Promise<boolean>;
  readonly pace: Pace;
}

/** Kills a run at a fraction of ever shorter estimates, or after its decisive step, until it had not ended by then. */
export async function kill(victim: Victim, when: When, mode: KillMode): Promise<void> {
  for (let estimate = victim.pace.ms, tries = 0; tries < 60; estimate *= 0.95, tries += 1) {
    const moment: Moment =
      when === 'decided' ? (ended) => until(victim.isDecided, ended) : () => sleep(when * estimate);
    if (await killAt(await victim.next(), moment, mode)) return;
  }
  throw new Error(`the command always ends before it can be killed (${when})`);
}

async function until(condition: () => Promise<boolean>, ended: AbortSignal): Promise<void> {
  while (!ended.aborted && !(await condition())) await sleep(2);
}

/**
 * Runs `killOnce` at `count` moments, with alternating modes, and twice right after the decisive step, which is too
 * short a part of the run to be hit for sure. Returns how often each outcome was.
 */
export async function killAtMoments<Outcome extends string>(
  random: Random,
  count: number,
  outcomes: readonly [before: Outcome, after: Outcome],
  killOnce: (when: When, mode: KillMode) => Promise<Outcome>,
): Promise<Record<Outcome, number>> {
  const seen = Object.fromEntries(outcomes.map((it) => [it, 0])) as Record<Outcome, number>;
  const planned = [...moments(random, count), 'decided', 'decided'] as const;
  for (const [round, when] of planned.entries()) {
    seen[await killOnce(when, round % 2 === 0 ? 'group' : 'main')] += 1;
  }
  return seen;
}

/** Children of killed runs end by themselves, soon. Returns the groups that did not. */
export async function survivors(waitMs: number): Promise<number[]> {
  const deadline = Date.now() + waitMs;
  for (;;) {
    const alive = killed.filter(isGroupAlive);
    if (alive.length === 0 || Date.now() > deadline) return alive;
    await sleep(50);
  }
}
