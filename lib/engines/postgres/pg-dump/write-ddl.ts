import { randomBytes } from 'node:crypto';
import { CofreError } from '../../../errors.ts';
import type { PgSession } from '../wire/connect.ts';
import { explain } from '../wire/failures.ts';
import { oneRow } from '../wire/one-row.ts';
import { nameOf } from '../wire/url.ts';
import { whoBlocks } from './blockers.ts';
import { readGreeting } from './greeting.ts';
import { type LockWatch, lockWatch } from './lock-watch.ts';
import { requireNothingNew } from './newer-catalogs.ts';
import { PgDumpFailure, type PgDumpThread, runPgDump, startPgDump } from './relay.ts';
import type { Reply } from './replies.ts';
import { ddlText } from './text.ts';
import { isNewerThanPgDump, requireSupported } from './versions.ts';

export interface DdlOptions {
  /** As pg_export_snapshot() named it. */
  readonly snapshot: string;
  /** Of the text; `SQL_ASCII` passes on whatever bytes a database without an encoding holds. */
  readonly encoding?: string;
  /** For psql's \restrict, letters and digits; without it there are no such lines. */
  readonly restrictKey: string | undefined;
  readonly signal: AbortSignal;
  /** How long one LOCK TABLE, which names many tables, may wait, ms. */
  readonly lockWaitMs: number;
  /** The one to run in; by default one that is started now. */
  readonly thread?: PgDumpThread;
  /** Called when all tables are locked (ACCESS SHARE): nobody can alter or drop them any more. */
  readonly onLocked: () => void;
}

export interface Ddl {
  readonly preData: Uint8Array;
  /** Does not end as a dump does: append `endOfDump(restrictKey)`. */
  readonly postData: Uint8Array;
  /** The server's warnings. */
  readonly warnings: string[];
}

/**
 * Writes the structure of a database with pg_dump, on the idle connection of `session`. The transaction that holds
 * pg_dump's locks goes on until the session is closed, and has pg_dump's settings: an empty `search_path`, read only.
 * After a failure the session can only be closed.
 *
 * @throws {CofreError} `SOURCE_BUSY` when a table stays locked, `SOURCE_INVALID` for a version that is not supported,
 *   what only newer servers than pg_dump have, and names that cannot be told from pg_dump's comments, `SOURCE_FAILED`;
 *   the signal's reason
 */
export async function writeDdl(session: PgSession, options: DdlOptions): Promise<Ddl> {
  const { signal, restrictKey } = options;
  await using thread = options.thread ?? startPgDump();
  const { version, num } = await requireSupported(session);
  const newer = isNewerThanPgDump(num);
  const greeting = await readGreeting(session.client, newer ? AS_PG_DUMP : {});
  const key = restrictKey ?? randomBytes(16).toString('hex');
  await using blockers = blockerWatch(session, options);
  const locks = lockWatch({ locked: options.onLocked, waiting: blockers.waiting });
  const warnings = new Set<string>();
  const reply = (it: Reply) => {
    blockers.done();
    for (const { message } of it.notices) warnings.add(`The server says: ${message}.`);
    locks.reply(it);
  };
  try {
    const input = { args: argumentsOf(options), key, greeting };
    const written = await runPgDump(thread, session, input, { query: locks.query, reply }, signal);
    if (newer) await requireNothingNew(session);
    return {
      ...ddlText(written, { key, keep: restrictKey !== undefined, version, serverVersionNum: num }),
      warnings: [...warnings, ...(await missingSubscriptions(session))],
    };
  } catch (error) {
    signal.throwIfAborted();
    throw error instanceof PgDumpFailure ? await explained(error, session, options, locks, blockers) : error;
  }
}

/** pg_dump refuses servers that are newer than itself. */
const AS_PG_DUMP = { server_version: '18.0' };

function argumentsOf({ snapshot, encoding = 'UTF8', lockWaitMs }: DdlOptions): string[] {
  return [
    '--section=pre-data',
    '--section=post-data',
    `--snapshot=${snapshot}`,
    `--encoding=${encoding}`,
    `--lock-wait-timeout=${Math.max(1, Math.ceil(lockWaitMs))}`,
    '--no-password',
  ];
}

/** pg_dump leaves them out for anybody but a superuser, and says so on its stderr, which the wrapper drops. */
async function missingSubscriptions({ client, settings }: PgSession): Promise<string[]> {
  const { count } = await oneRow<{ count: number }>(
    client,
    `SELECT count(*)::int4 AS count FROM pg_catalog.pg_subscription s
     JOIN pg_catalog.pg_database d ON d.oid = s.subdbid
     WHERE d.datname = pg_catalog.current_database() AND pg_catalog.current_setting('is_superuser') = 'off'`,
  );
  if (count === 0) return [];
  return [`Only a superuser can read subscriptions: ${count} of ${nameOf(settings)} are not in this backup.`];
}

interface BlockerWatch extends AsyncDisposable {
  waiting(): void;
  done(): void;
  found(): Promise<string | undefined>;
}

/** Looks who is in the way, once, when half of the time for a lock is over. */
function blockerWatch(session: PgSession, { lockWaitMs, signal }: DdlOptions): BlockerWatch {
  const stop = new AbortController();
  let timer: NodeJS.Timeout | undefined;
  let looking: Promise<string | undefined> = Promise.resolve(undefined);
  const look = () => {
    looking = whoBlocks(session, AbortSignal.any([signal, stop.signal]));
  };
  const done = () => clearTimeout(timer);
  return {
    waiting() {
      done();
      timer = setTimeout(look, lockWaitMs / 2);
    },
    done,
    found: () => looking,
    async [Symbol.asyncDispose]() {
      done();
      stop.abort();
      await looking;
    },
  };
}

async function explained(
  failure: PgDumpFailure,
  session: PgSession,
  { lockWaitMs }: DdlOptions,
  { refused }: LockWatch,
  blockers: BlockerWatch,
): Promise<unknown> {
  const { settings } = session;
  if (refused) {
    const who = await blockers.found();
    return new CofreError(
      'SOURCE_BUSY',
      `A table of ${nameOf(settings)} stayed locked for ${lockWaitMs / 1_000} s${who ? `: ${who}` : ''}.`,
      {
        cause: failure.cause,
        hint: 'Wait for that transaction to end, or end it (pg_terminate_backend), then try again. How long to wait is `lockSeconds` in the configuration.',
      },
    );
  }
  if (failure.cause) return explain(failure.cause, 'source', settings);
  return new CofreError('SOURCE_FAILED', `pg_dump failed on ${nameOf(settings)}: ${reasonOf(failure)}`, {
    hint: 'Nothing was changed. The message is from pg_dump, of which Cofre holds version 18.',
  });
}

/** Without the wrapper's words; at most some lines. */
function reasonOf({ message }: Error): string {
  return message.replace(/^pg_dump failed with exit code[\s\S]*?Error message: /, '').slice(0, 1_000);
}
