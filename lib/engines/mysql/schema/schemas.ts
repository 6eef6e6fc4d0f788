import { CofreError } from '../../../errors.ts';
import { isServerError } from '../connection/failures.ts';
import { quoteIdent } from '../connection/identifiers.ts';
import type { MysqlSession } from '../connection/session.ts';
import { type ConnectionSettings, nameOf } from '../connection/url.ts';

/** A database, as far as its own settings go. */
export interface SchemaFacts {
  readonly characterSet: string;
  readonly collation: string;
}

const FACTS = `
  SELECT DEFAULT_CHARACTER_SET_NAME AS characterSet, DEFAULT_COLLATION_NAME AS collation
  FROM information_schema.SCHEMATA WHERE SCHEMA_NAME = ?`;

/** `undefined` for a database that does not exist. */
export async function readSchema(session: MysqlSession, name: string): Promise<SchemaFacts | undefined> {
  return (await session.query<SchemaFacts>(FACTS, [name]))[0];
}

/** ER_DBACCESS_DENIED, ER_ACCESS_DENIED, ER_SPECIFIC_ACCESS_DENIED */
const DENIED = [1044, 1045, 1227];

/**
 * Makes a schema beside the target, whose defaults it gets, if there is one: a dump that says nothing of them expects those.
 * @throws {CofreError} `RESTORE_REFUSED` when the user may not
 */
export async function createSchema(
  session: MysqlSession,
  name: string,
  like: SchemaFacts | undefined,
  settings: ConnectionSettings,
): Promise<void> {
  const defaults = like ? ` CHARACTER SET ${like.characterSet} COLLATE ${like.collation}` : '';
  try {
    await session.run(`CREATE DATABASE ${quoteIdent(name)}${defaults}`);
  } catch (cause) {
    if (!isServerError(cause) || !DENIED.includes(cause.errno)) throw cause;
    throw new CofreError(
      'RESTORE_REFUSED',
      `The user ${settings.user} may not make a database on the server of ${nameOf(settings)}, and a restore is made in one, beside the target, before it takes its place.`,
      {
        cause,
        hint:
          'Nothing was changed. Let an administrator run: GRANT ALL ON `cofre\\_%`.* TO the user; or restore with ' +
          '--mode in-place, which empties the target first: should that restore fail or be killed, the target is left incomplete.',
      },
    );
  }
}

/** Drops a schema and ends the sessions of dead makers that are on it; content with one that is gone. */
export async function dropSchema(session: MysqlSession, name: string, endSessions = false): Promise<void> {
  if (endSessions) await endSessionsOn(session, name);
  await session.run('SET SESSION foreign_key_checks = 0');
  await session.run(`DROP DATABASE IF EXISTS ${quoteIdent(name)}`);
}

async function endSessionsOn(session: MysqlSession, name: string): Promise<void> {
  const threads = await session.query<{ Id: number; db: string | null }>('SHOW PROCESSLIST');
  // Ours may be, too: it has finished there what a dead maker had begun.
  const others = threads.filter(({ Id, db }) => db === name && Number(Id) !== session.threadId);
  for (const { Id } of others) {
    // It may have ended by itself.
    await session.run(`KILL CONNECTION ${Id}`).catch(() => {});
  }
}
