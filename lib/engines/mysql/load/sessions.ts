import { openSession } from '../connection/connect.ts';
import { isServerError } from '../connection/failures.ts';
import type { ServerFacts } from '../connection/server-facts.ts';
import { type MysqlSessions, openTogether } from '../connection/sessions.ts';
import type { ConnectionSettings } from '../connection/url.ts';

/** Sessions that load, all in `opened`. */
export async function openLoaders(
  settings: ConnectionSettings,
  jobs: number,
  signal: AbortSignal,
  opened: AsyncDisposableStack,
): Promise<MysqlSessions> {
  return await openTogether(jobs, async () => {
    const session = opened.use(await openSession(settings, { role: 'target', purpose: 'load', signal }));
    await session.run(settingsFor(session.server));
    for (const setting of lenient(session.server))
      await session.run(`SET SESSION ${setting}`).catch(ifRefused);
    return session;
  });
}

/** As `mysql` has it for a file that sets nothing; and memory to build indexes in (manual, "Online DDL Memory Management"). */
function settingsFor({ flavor, number }: ServerFacts): string {
  const own = flavor === 'mysql' && number >= 80_027 ? ', innodb_ddl_buffer_size = 67108864' : '';
  return `SET SESSION sql_mode = @@global.sql_mode${own}`;
}

/**
 * What has made it at the source is to make it here, too: tables without a primary key, and rows that a strict engine
 * finds too long. Not every user may say so, and then the server decides.
 */
function* lenient({ flavor, number }: ServerFacts): Generator<string> {
  yield 'innodb_strict_mode = 0';
  if (flavor === 'mysql' && number >= 80_013) yield 'sql_require_primary_key = 0';
  if (flavor === 'mysql' && number >= 80_030) yield 'sql_generate_invisible_primary_key = 0';
}

function ifRefused(error: unknown): void {
  if (!isServerError(error)) throw error;
}
