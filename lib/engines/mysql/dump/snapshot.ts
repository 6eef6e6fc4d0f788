import { isDeepStrictEqual } from 'node:util';
import { CofreError } from '../../../errors.ts';
import type { MysqlSession } from '../connection/connect.ts';
import type { MysqlSessions } from '../connection/sessions.ts';
import { type ConnectionSettings, nameOf } from '../connection/url.ts';
import { ELSEWHERE } from '../schema/engines.ts';
import { isCalledScratch } from '../schema/scratch-names.ts';
import { isDenied, type LockWay, lockForReading, seesLongQuery, takeOneOf } from './locks.ts';
import { type Position, readPosition } from './position.ts';
import type { Sessions } from './sessions.ts';
import { type TableTime, tableTimes } from './structure.ts';

/** Connections that all see the database as it was at one moment. */
export interface Snapshot {
  /** Free for questions; with MySQL's right to it, keeps structures from being changed. */
  readonly keeper: MysqlSession;
  /** Each in its transaction, before its savepoint `cofre`. */
  readonly readers: MysqlSessions;
  /** Holds the tables that know no transactions still; `undefined` when there are none, or it may not. */
  readonly holder: MysqlSession | undefined;
  /** Tables that know no transactions: held still by `holder`, or else read as they are when their turn comes. */
  readonly still: readonly string[];
  /** Nobody can alter a table until the dump ends. */
  readonly structureHeld: boolean;
  readonly position: Position;
  /** The tables that there are, and when they were made; see `tableTimesSql`. */
  readonly times: readonly TableTime[];
}

/** How often tables may come and go while we look. */
const TRIES = 3;

/**
 * Starts the readers' transactions while nobody can write: under a read lock on the whole server, which is not granted
 * on RDS for one, or under read locks on all tables; where neither can be had, on one connection, which needs none.
 * @throws {CofreError} `SOURCE_BUSY`
 */
export async function takeSnapshot(sessions: Sessions): Promise<Snapshot> {
  const { keeper, readers, logger } = sessions;
  for (let tries = 1; ; tries += 1) {
    const times = await tableTimes(keeper);
    const { lock, ...started } = await start(sessions);
    const structureHeld = await holdStructure(sessions);
    if (isDeepStrictEqual(await tableTimes(keeper), times)) {
      logger.info('Took a snapshot.', { lock, connections: started.readers.length, structureHeld });
      return { ...started, structureHeld, times };
    }
    if (tries === TRIES) throw restless(keeper.settings);
    await Promise.all(readers.map((reader) => reader.run('ROLLBACK')));
    await started.holder?.close();
  }
}

/**
 * Whoever alters a table now waits, and nobody waits behind them (manual, "LOCK INSTANCE FOR BACKUP"). Without it, a
 * change is found out, and fails the dump. UNLOCK TABLES would let go of it when there were LOCK TABLES (seen in 9.7).
 */
async function holdStructure({ keeper, lockWaitMs }: Sessions): Promise<boolean> {
  if (keeper.server.flavor !== 'mysql' || isCalledScratch(keeper.settings.database)) return false;
  const way = {
    name: 'structure',
    take: async () => {
      await keeper.run('LOCK INSTANCE FOR BACKUP');
      return true;
    },
    letGo: async () => {},
  };
  try {
    return (await takeOneOf([way], [keeper], Math.min(lockWaitMs, 2_000))) !== undefined;
  } catch (error) {
    if (error instanceof CofreError && error.code === 'SOURCE_BUSY') return false;
    throw error;
  }
}

type Started = Omit<Snapshot, 'times' | 'structureHeld'> & { readonly lock: string };

async function start(sessions: Sessions): Promise<Started> {
  const { keeper, readers, lockWaitMs } = sessions;
  const { still, others } = await lockable(keeper);
  // Opened before anybody has to wait.
  const holder = still.length > 0 ? await sessions.open() : undefined;
  const waiting: MysqlSessions = holder ? [keeper, holder] : [keeper];
  const ways = waysToLock(keeper, holder, still, others);
  const way = await takeOneOf(ways, waiting, lockWaitMs);
  const used: MysqlSessions = way ? readers : [readers[0]];
  await Promise.all(used.map((reader) => reader.run(BEGIN)));
  const position = await readPosition(keeper, used[0]);
  await keeper.run('UNLOCK TABLES');
  await Promise.all(used.map((reader) => reader.run('SAVEPOINT cofre')));
  const held = way && !holder?.closed ? holder : undefined;
  const idle = [...readers.slice(used.length), ...(holder && !held ? [holder] : [])];
  await Promise.all(idle.map((session) => session.close()));
  return { keeper, readers: used, holder: held, still, position, lock: way?.name ?? 'none' };
}

/**
 * Measured: MariaDB's FLUSH TABLES WITH READ LOCK waits for neither long queries nor open transactions. MySQL's waits
 * for every query that runs, and as long as that takes, nobody can use its tables any more, so it is not tried while a
 * long one is seen. LOCK TABLES waits for transactions that have written; one that meanwhile wants another of the tables
 * is ended by the server, as a deadlock. So it comes second.
 */
function waysToLock(
  keeper: MysqlSession,
  holder: MysqlSession | undefined,
  still: readonly string[],
  others: readonly string[],
): LockWay[] {
  const hold = async () => {
    if (holder) await lockForReading(holder, still);
  };
  /** One may be granted without the other: then these tables are read as they are. */
  const holdIfGranted = async () => {
    try {
      await hold();
    } catch (error) {
      if (!isDenied(error)) throw error;
      await holder?.close();
    }
  };
  const letGo = async () => {
    // MySQL's statement keeps the lock also when it fails because of a table.
    await keeper.run('UNLOCK TABLES');
    if (!holder?.closed) await holder?.run('UNLOCK TABLES');
  };
  const global = async () => {
    if (keeper.server.flavor === 'mysql' && (await seesLongQuery(keeper))) return false;
    await keeper.run('FLUSH TABLES WITH READ LOCK');
    await holdIfGranted();
    return true;
  };
  const tables = async () => {
    await hold();
    await lockForReading(keeper, others);
    return true;
  };
  const ofTables = { name: 'all tables', take: tables, letGo };
  // What a restore test has made, nobody else uses: no reason to make the whole server wait.
  return isCalledScratch(keeper.settings.database)
    ? [ofTables]
    : [{ name: 'global', take: global, letGo }, ofTables];
}

const BEGIN = 'START TRANSACTION WITH CONSISTENT SNAPSHOT, READ ONLY';

/** Tables whose rows are elsewhere need no lock. */
const ENGINES = `
  SELECT t.TABLE_NAME AS name, COALESCE(e.TRANSACTIONS, 'NO') = 'YES' AS transactional
  FROM information_schema.TABLES t LEFT JOIN information_schema.ENGINES e ON e.ENGINE = t.ENGINE
  WHERE t.TABLE_SCHEMA = DATABASE() AND t.TABLE_TYPE IN ('BASE TABLE', 'SYSTEM VERSIONED')
    AND COALESCE(t.ENGINE, '') NOT IN (${ELSEWHERE.map((name) => `'${name}'`).join(', ')})
  ORDER BY t.TABLE_NAME`;

async function lockable(keeper: MysqlSession): Promise<{ still: string[]; others: string[] }> {
  const tables = await keeper.query<{ name: string; transactional: number }>(ENGINES);
  const those = (wanted: boolean) =>
    tables.filter(({ transactional }) => Boolean(transactional) === wanted).map(({ name }) => name);
  return { still: those(false), others: those(true) };
}

function restless(settings: ConnectionSettings): CofreError {
  return new CofreError(
    'SOURCE_BUSY',
    `Tables of ${nameOf(settings)} were made, altered or dropped each time the backup began.`,
    { hint: 'Try again when nobody alters tables, or give the user BACKUP_ADMIN (MySQL): then they wait.' },
  );
}
