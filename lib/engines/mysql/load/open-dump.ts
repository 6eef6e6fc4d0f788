import type { EngineContext, LoadInput, LoadOptions, LoadResult } from '../../engine.ts';
import { type Counts, counts, resultOf } from '../../sql/load/counts.ts';
import { orLost } from '../../sql/load/follow.ts';
import { passedOn } from '../../sql/load/passed-on.ts';
import type { MysqlSession } from '../connection/connect.ts';
import type { ConnectionSettings } from '../connection/url.ts';
import { openFeed } from './feed.ts';
import { type FillOptions, fill } from './fill.ts';
import { flavorOf, requireNoMisfits } from './misfits.ts';
import { type Notes, notes } from './notes.ts';
import { readTarget } from './target.ts';

export interface LoadLimits {
  /** How long to wait for other sessions' locks, ms. */
  readonly lockWaitMs: number;
  /** Connections that load at the same time, where the options say nothing. */
  readonly jobs: number;
}

/** A load on its way. */
export interface Loading {
  readonly settings: ConnectionSettings;
  readonly input: LoadInput;
  readonly context: EngineContext;
  readonly limits: LoadLimits;
  readonly options: LoadOptions;
  /** On no database. */
  readonly session: MysqlSession;
}

/** A dump that fits the server, as far as its beginning tells. */
export interface OpenDump extends AsyncDisposable {
  readonly notes: Notes;
  /** Fires with the load's own signal, and with whatever fails. */
  readonly signal: AbortSignal;
  /** Brings all of it into the empty database at `into`, and checks it. */
  fill(into: ConnectionSettings, options?: FillOptions): Promise<void>;
  /** What was loaded. */
  result(): LoadResult;
}

/** @throws {CofreError} `RESTORE_REFUSED`, `BACKUP_DAMAGED` */
export async function openDump(loading: Loading, given: AbortSignal): Promise<OpenDump> {
  const { input, context, limits, options, session } = loading;
  const failing = new AbortController();
  const signal = AbortSignal.any([orLost(given, session.lost), failing.signal]);
  const [rows, noted] = [counts(), notes()];
  const feed = await openFeed(input, signal, (bytes) => report(context, input, rows, bytes));
  const close = () => feed.close();
  try {
    const target = await readTarget(session);
    const source = flavorOf(feed.beginning, input.expected?.details?.['flavor']);
    requireNoMisfits(feed.head, session.server, target, source);
    const filling = {
      feed,
      input,
      counts: rows,
      notes: noted,
      target,
      options,
      jobs: options.jobs ?? limits.jobs,
    };
    const fail = (error: unknown) => failing.abort(error);
    return {
      notes: noted,
      signal,
      fill: (into, how) => fill(into, filling, context, { signal, fail }, how),
      result: () =>
        resultOf(rows, [
          ...feed.warnings,
          ...noted.warnings,
          ...schedulerWarnings(noted.events, target.schedulerIsOn),
        ]),
      [Symbol.asyncDispose]: close,
    };
  } catch (error) {
    await close();
    throw error;
  }
}

/** From here on the target changes. @throws what the fence throws, marked by passedOn; the signal's reason */
export async function passFence(context: EngineContext): Promise<void> {
  context.report({ phase: 'install' });
  context.signal.throwIfAborted();
  await passedOn(() => context.fence());
  context.signal.throwIfAborted();
}

function report(context: EngineContext, { expected }: LoadInput, { rows }: Counts, bytes: number): void {
  context.report({ phase: 'load', rows, bytes, ...(expected && { totalBytes: expected.rawSize }) });
}

function schedulerWarnings(events: ReadonlyMap<string, string>, isOn: boolean): string[] {
  const enabled = [...events.values()].filter((status) => status === 'ENABLE').length;
  if (enabled === 0 || isOn) return [];
  return [
    `The event scheduler of the server is off (event_scheduler): ${enabled} enabled events of the backup are there, but do not run.`,
  ];
}
