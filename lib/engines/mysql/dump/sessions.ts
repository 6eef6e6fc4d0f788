import type { Logger } from '../../../logger.ts';
import type { EngineContext } from '../../engine.ts';
import { type MysqlSession, openSession } from '../connection/connect.ts';
import { type MysqlSessions, openTogether } from '../connection/sessions.ts';
import type { ConnectionSettings } from '../connection/url.ts';
import { waitAtMost } from './locks.ts';

/** Limits of a dump. */
export interface DumpLimits {
  /** How long to wait for locks, ms. */
  readonly lockWaitMs: number;
  /** Connections that read rows at the same time. */
  readonly jobs: number;
}

/** The connections of a dump, all of them in the stack that they were opened into. */
export interface Sessions {
  /** Asks questions, and holds locks. */
  readonly keeper: MysqlSession;
  readonly readers: MysqlSessions;
  /** Opens another one. */
  readonly open: () => Promise<MysqlSession>;
  readonly lockWaitMs: number;
  readonly logger: Logger;
}

export async function openSessions(
  settings: ConnectionSettings,
  { signal, logger }: EngineContext,
  { jobs, lockWaitMs }: DumpLimits,
  opened: AsyncDisposableStack,
): Promise<Sessions> {
  const seconds = Math.max(1, Math.ceil(lockWaitMs / 1_000));
  const open = async () => {
    const session = opened.use(await openSession(settings, { role: 'source', purpose: 'dump', signal }));
    // Also a table that is being altered just now has a lock.
    await waitAtMost([session], seconds);
    return session;
  };
  const keeper = await open();
  const readers = await openTogether(jobs, open);
  return { keeper, readers, open, lockWaitMs, logger };
}
