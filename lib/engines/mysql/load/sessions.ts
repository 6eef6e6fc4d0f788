import { type MysqlSession, openSession } from '../connection/connect.ts';
import type { ServerFacts } from '../connection/server-facts.ts';
import type { ConnectionSettings } from '../connection/url.ts';

/** Sessions that load, all in `opened`. */
export async function openLoaders(
  settings: ConnectionSettings,
  jobs: number,
  signal: AbortSignal,
  opened: AsyncDisposableStack,
): Promise<MysqlSession[]> {
  const open = async () => {
    const session = opened.use(await openSession(settings, { role: 'target', purpose: 'load', signal }));
    await session.run(settingsFor(session.server));
    return session;
  };
  const opening = Array.from({ length: jobs }, open);
  // What one opens late must still find the stack open.
  await Promise.allSettled(opening);
  return await Promise.all(opening);
}

/** As `mysql` has it for a file that sets nothing; and memory to build indexes in (manual, "Online DDL Memory Management"). */
function settingsFor({ flavor, number }: ServerFacts): string {
  const own = flavor === 'mysql' && number >= 80_027 ? ', innodb_ddl_buffer_size = 67108864' : '';
  return `SET SESSION sql_mode = @@global.sql_mode${own}`;
}
