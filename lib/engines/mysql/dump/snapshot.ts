import { CofreError } from '../../../errors.ts';
import type { MysqlSession } from '../connection/connect.ts';
import { type ConnectionSettings, nameOf } from '../connection/url.ts';
import { ELSEWHERE } from './engines.ts';
import { lockForReading, takeLock } from './locks.ts';
import { type Position, readPosition } from './position.ts';
import type { Sessions } from './sessions.ts';

/** Connections that all see the database as it was at one moment. */
export interface Snapshot {
  /** Free for questions; with MySQL's right to it, keeps structures from being changed. */
  readonly keeper: MysqlSession;
  /** Each in its transaction, before its savepoint `cofre`. */
  readonly readers: readonly MysqlSession[];
  /** Holds the tables that know no transactions still; `undefined` when there are none, or it may not. */
  readonly holder: MysqlSession | undefined;
  /** Tables that know no transactions: held still by `holder`, or else read as they are when their turn comes. */
  readonly still: readonly string[];
  /** Nobody can alter a table until the dump ends. */
  readonly structureHeld: boolean;
  readonly position: Position;
}

/** A table, as far as the snapshot cares. */
export interface Known {
  readonly name: string;
  readonly created: string;
  readonly transactional: boolean;
}

/** How often tables may come and go while we look. */
const TRIES = 3;

/**
 * Starts the readers' transactions while nobody can commit: under a global read lock, or where that is not granted (as
 * on RDS), under read locks on all tables; where neither is, on one connection, which needs none.
 * @throws {CofreError} `SOURCE_BUSY`
 */
export async function takeSnapshot(sessions: Sessions): Promise<Snapshot> {
  const { keeper, readers } = sessions;
  const structureHeld = await holdStructure(sessions);
  for (let tries = 1; ; tries += 1) {
    const before = await knownTables(keeper);
    const snapshot = await start(sessions, structureHeld, before);
    if (sameTables(before, await knownTables(keeper))) return snapshot;
    if (tries === TRIES) throw restless(keeper.settings);
    await Promise.all(readers.map((reader) => reader.run('ROLLBACK')));
    await snapshot.holder?.close();
  }
}

/**
 * Whoever alters a table now waits, and nobody waits behind them (manual, "LOCK INSTANCE FOR BACKUP"). Without it, a
 * change is found out, and fails the dump.
 */
async function holdStructure({ keeper, lockWaitMs }: Sessions): Promise<boolean> {
  if (keeper.server.flavor !== 'mysql') return false;
  return await takeLock(keeper, 'LOCK INSTANCE FOR BACKUP', Math.min(lockWaitMs, 2_000)).catch((error) => {
    if (error instanceof CofreError && error.code === 'SOURCE_BUSY') return false;
    throw error;
  });
}

async function start(
  { keeper, readers, open, lockWaitMs, logger }: Sessions,
  structureHeld: boolean,
  tables: readonly Known[],
): Promise<Snapshot> {
  const still = namesOf(tables, false);
  // Opened before anybody has to wait.
  const holder = still.length > 0 ? await open() : undefined;
  const hold = async () =>
    holder !== undefined && (await takeLock(holder, lockForReading(still), lockWaitMs));
  const begin = async (method: string, used: readonly MysqlSession[], held: boolean): Promise<Snapshot> => {
    await Promise.all(used.map((reader) => reader.run(BEGIN)));
    const position = await readPosition(keeper, used[0]!);
    await keeper.run('UNLOCK TABLES');
    await Promise.all(used.map((reader) => reader.run('SAVEPOINT cofre')));
    if (!held) await holder?.close();
    logger.info('Took a snapshot.', { lock: method, connections: used.length, structureHeld });
    return { keeper, readers: used, holder: held ? holder : undefined, still, structureHeld, position };
  };

  if (await takeLock(keeper, 'FLUSH TABLES WITH READ LOCK', lockWaitMs)) {
    return await begin('global', readers, await hold());
  }
  const held = await hold();
  const others = namesOf(tables, true);
  if (others.length === 0 || (await takeLock(keeper, lockForReading(others), lockWaitMs))) {
    return await begin('all tables', readers, held);
  }
  await Promise.all(readers.slice(1).map((reader) => reader.close()));
  return await begin('none', readers.slice(0, 1), held);
}

function namesOf(tables: readonly Known[], transactional: boolean): string[] {
  return tables.filter((table) => table.transactional === transactional).map(({ name }) => name);
}

const BEGIN = 'START TRANSACTION WITH CONSISTENT SNAPSHOT, READ ONLY';

/** Tables whose rows are elsewhere need no lock. */
const KNOWN = `
  SELECT t.TABLE_NAME AS name, COALESCE(CAST(t.CREATE_TIME AS CHAR), '') AS created, e.TRANSACTIONS = 'YES' AS transactional
  FROM information_schema.TABLES t LEFT JOIN information_schema.ENGINES e ON e.ENGINE = t.ENGINE
  WHERE t.TABLE_SCHEMA = DATABASE() AND t.TABLE_TYPE IN ('BASE TABLE', 'SYSTEM VERSIONED')
    AND COALESCE(t.ENGINE, '') NOT IN (${ELSEWHERE.map((name) => `'${name}'`).join(', ')})
  ORDER BY t.TABLE_NAME`;

async function knownTables(keeper: MysqlSession): Promise<Known[]> {
  const rows = await keeper.query<Omit<Known, 'transactional'> & { transactional: unknown }>(KNOWN);
  return rows.map((row) => ({ ...row, transactional: Boolean(row.transactional) }));
}

function sameTables(a: readonly Known[], b: readonly Known[]): boolean {
  return (
    a.length === b.length &&
    a.every(({ name, created }, n) => name === b[n]!.name && created === b[n]!.created)
  );
}

function restless(settings: ConnectionSettings): CofreError {
  return new CofreError(
    'SOURCE_BUSY',
    `Tables of ${nameOf(settings)} were made, altered or dropped each time the backup began.`,
    { hint: 'Try again when nobody alters tables, or give the user BACKUP_ADMIN (MySQL): then they wait.' },
  );
}
