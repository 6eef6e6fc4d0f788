import { type MysqlSession, openSession } from '../connection/connect.ts';
import type { ConnectionSettings } from '../connection/url.ts';
import { readDatabase } from '../schema/database.ts';
import { readObjects } from '../schema/objects.ts';
import { makeStep } from '../swap/differences.ts';
import { findForeignKeys } from './foreign-keys.ts';
import { findLive, givenColumns, type LiveTable } from './live.ts';
import type { Replacement } from './replace.ts';

export type Replaced = Pick<Replacement, 'tables' | 'keys' | 'triggers' | 'making'>;

/**
 * What is live and has to do with the rows that are to be replaced.
 * @param staged the schema with the tables of the dump
 * @throws {CofreError} `RESTORE_REFUSED` when rows of one of the tables cannot be replaced
 */
export async function findReplaced(
  settings: ConnectionSettings,
  staged: string,
  names: readonly string[],
  signal: AbortSignal,
): Promise<Replaced> {
  const options = { role: 'target', purpose: 'load', signal } as const;
  await using live = await openSession(settings, options);
  await using staging = await openSession({ ...settings, database: staged }, options);
  const tables: LiveTable[] = [];
  for (const name of names) tables.push(await findLive(live, name, await givenColumns(staging, name)));
  const own = tables.map(({ name }) => name);
  const triggers = await triggersOf(live, own);
  const objects = triggers.length > 0 ? await readObjects(live, await readDatabase(live), true) : [];
  const making = objects.filter(({ kind, name }) => kind === 'TRIGGER' && triggers.includes(name));
  return {
    tables,
    triggers,
    keys: await findForeignKeys(live, settings.database, own),
    making: making.map((it) => makeStep(settings.database, it, () => undefined)),
  };
}

async function triggersOf(session: MysqlSession, tables: readonly string[]): Promise<string[]> {
  const rows = await session.query<{ name: string }>(
    `SELECT TRIGGER_NAME AS name FROM information_schema.TRIGGERS
     WHERE TRIGGER_SCHEMA = DATABASE() AND EVENT_OBJECT_TABLE IN (?)`,
    [tables],
  );
  return rows.map(({ name }) => name);
}
