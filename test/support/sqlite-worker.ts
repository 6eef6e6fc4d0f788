// The process behind sqlite-process.ts: one connection, told by messages what to do.
import { DatabaseSync } from 'node:sqlite';
import { setImmediate, setTimeout as sleep } from 'node:timers/promises';
import { type LoopName, type LoopOptions, loops, type Round } from './sqlite-loops.ts';
import type { LoopReport, WorkerRequest } from './sqlite-process.ts';

const [path, timeout] = process.argv.slice(2);
const database = new DatabaseSync(path!, { timeout: Number(timeout) });

let stopping = false;
let running: Promise<void> = Promise.resolve();
let report = { rounds: 0, busy: 0, errors: [] as string[], seen: new Set<string>() };

function begin(name: LoopName, options: LoopOptions): void {
  stopping = false;
  report = { rounds: 0, busy: 0, errors: [], seen: new Set() };
  const round = loops[name](database, options, report.seen);
  running = repeat(round, options.pauseMs ?? 0);
}

async function repeat(round: Round, pauseMs: number): Promise<void> {
  await setImmediate(); // The request is answered first: a round may wait long for a lock.
  while (!stopping) {
    once(round);
    // Lets messages in.
    await (pauseMs > 0 ? sleep(pauseMs) : setImmediate());
  }
}

function once(round: Round): void {
  try {
    round(report.rounds + 1);
    report.rounds += 1;
  } catch (error) {
    if (database.isTransaction) database.exec('ROLLBACK');
    const { message, errcode } = error as Error & { errcode?: number };
    const isBusy = [5, 6].includes((errcode ?? 0) % 256);
    if (isBusy) report.busy += 1;
    else if (report.errors.length < 10) report.errors.push(message);
  }
}

async function stop(): Promise<LoopReport> {
  stopping = true;
  await running;
  return { ...report, seen: [...report.seen] };
}

async function answer(request: WorkerRequest): Promise<unknown> {
  switch (request.command) {
    case 'run':
      return database.exec(request.sql);
    case 'all':
      return database.prepare(request.sql).all();
    case 'loop':
      return begin(request.name, request.options);
    case 'rounds':
      return report.rounds;
    default:
      return await stop();
  }
}

process.on('message', async (request: WorkerRequest) => {
  try {
    process.send?.({ ok: (await answer(request)) ?? null });
  } catch (error) {
    process.send?.({ failed: (error as Error).message });
  }
});
process.on('disconnect', () => {
  stopping = true;
  void running.then(() => {
    database.close();
    process.exit(0);
  });
});
