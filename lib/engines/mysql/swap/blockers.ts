import { setTimeout as sleep } from 'node:timers/promises';
import { type MysqlSession, openSession } from '../connection/connect.ts';
import type { ConnectionSettings } from '../connection/url.ts';

/** A session that holds a lock we wait for. */
export interface Blocker {
  readonly id: number;
  readonly user: string;
  readonly host: string;
  /** `Sleep`, `Query`, … */
  readonly command: string;
  /** Seconds in that state. */
  readonly seconds: number;
}

export interface Blockers {
  /** Those seen last. */
  readonly sessions: readonly Blocker[];
  /** The server tells for sure who is in the way; else these are who is on the database. */
  readonly isSure: boolean;
  /** Why one could not be ended. */
  readonly refusal: string | undefined;
}

export interface BlockerWatch {
  seen(): Blockers;
  stop(): Promise<void>;
}

export interface WatchOptions {
  readonly settings: ConnectionSettings;
  /** Of the sessions that wait, as the processlist has them. */
  readonly waiting: readonly number[];
  readonly database: string;
  /** End those who are in the way. */
  readonly terminate: boolean;
  readonly signal: AbortSignal;
}

/** A wait shorter than the first is no wait; then how often to look, ms. */
const FIRST_MS = 200;
const EVERY_MS = 400;

/** Looks from another connection whom a session waits for; and ends them when told to. */
export function watchBlockers(options: WatchOptions): BlockerWatch {
  const stopped = new AbortController();
  let found: Blockers = { sessions: [], isSure: false, refusal: undefined };

  async function look(observer: MysqlSession): Promise<void> {
    const { sessions, isSure } = await findBlockers(observer, options);
    if (sessions.length > 0) found = { ...found, sessions, isSure };
    if (!options.terminate) return;
    for (const { id } of sessions) found = { ...found, refusal: (await end(observer, id)) ?? found.refusal };
  }

  async function watch(): Promise<void> {
    await sleep(FIRST_MS, undefined, { signal: stopped.signal });
    const settings = { ...options.settings, database: '' };
    await using observer = await openSession(settings, {
      role: 'target',
      purpose: 'load',
      signal: options.signal,
    });
    for (;;) {
      await look(observer);
      await sleep(EVERY_MS, undefined, { signal: stopped.signal });
    }
  }

  // It only tells more of a failure: without a second connection, that is told without names.
  const watching = watch().catch(() => {});
  return {
    seen: () => found,
    stop: async () => {
      stopped.abort();
      await watching;
    },
  };
}

/** Needs `performance_schema`, where MySQL keeps it up to date by default (manual, "The metadata_locks Table"). */
const MYSQL = `
  SELECT DISTINCT t.PROCESSLIST_ID AS id
  FROM performance_schema.metadata_locks w JOIN performance_schema.threads o ON o.THREAD_ID = w.OWNER_THREAD_ID
    JOIN performance_schema.metadata_locks g ON g.OBJECT_TYPE = w.OBJECT_TYPE AND g.OBJECT_SCHEMA <=> w.OBJECT_SCHEMA
      AND g.OBJECT_NAME <=> w.OBJECT_NAME AND g.LOCK_STATUS = 'GRANTED' AND g.OWNER_THREAD_ID <> w.OWNER_THREAD_ID
    JOIN performance_schema.threads t ON t.THREAD_ID = g.OWNER_THREAD_ID
  WHERE w.LOCK_STATUS = 'PENDING' AND o.PROCESSLIST_ID IN (?)`;

/** Needs the plugin `metadata_lock_info` (knowledge base, "Metadata Lock Info Plugin"). */
const MARIADB =
  'SELECT DISTINCT THREAD_ID AS id FROM information_schema.METADATA_LOCK_INFO WHERE TABLE_SCHEMA = ?';

async function findBlockers(
  observer: MysqlSession,
  { waiting, database }: WatchOptions,
): Promise<Pick<Blockers, 'sessions' | 'isSure'>> {
  const [sql, value] = observer.server.flavor === 'mysql' ? [MYSQL, waiting] : [MARIADB, database];
  const rows = await observer.query<{ id: unknown }>(sql, [value]).catch(() => []);
  const sure = new Set(rows.map(({ id }) => Number(id)));
  const threads = await observer.query<Thread>('SHOW PROCESSLIST');
  const others = threads.filter(({ Id }) => Id !== observer.threadId && !waiting.includes(Number(Id)));
  const chosen =
    sure.size > 0
      ? others.filter(({ Id }) => sure.has(Number(Id)))
      : others.filter(({ db }) => db === database);
  return { sessions: chosen.map(blockerOf), isSure: sure.size > 0 };
}

interface Thread {
  readonly Id: number;
  readonly User: string;
  readonly Host: string;
  readonly db: string | null;
  readonly Command: string;
  readonly Time: number;
}

function blockerOf({ Id, User, Host, Command, Time }: Thread): Blocker {
  return { id: Number(Id), user: User, host: Host, command: Command, seconds: Number(Time) };
}

async function end(observer: MysqlSession, id: number): Promise<string | undefined> {
  try {
    await observer.run(`KILL CONNECTION ${id}`);
    return undefined;
  } catch (error) {
    return (error as Error).message;
  }
}

export function describe({ id, user, host, command, seconds }: Blocker): string {
  return `session ${id} (${user} from ${host || 'here'}, ${command} for ${seconds} s)`;
}
