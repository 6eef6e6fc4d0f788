import { CofreError } from '../../errors.ts';
import type { EngineContext, UndoOptions, UndoResult } from '../engine.ts';
import { unwrapping } from '../sql/load/passed-on.ts';
import { readDatabase } from './swap/database.ts';
import { type Exchange, type ExchangeLimits, exchangeDatabases } from './swap/exchange.ts';
import { requireSwappable } from './swap/permission.ts';
import { keptName, listKept } from './swap/replaced.ts';
import { onServer } from './swap/scratch.ts';
import type { PgSession } from './wire/connect.ts';
import { explaining } from './wire/failures.ts';
import { type ConnectionSettings, nameOf, parseUrl } from './wire/url.ts';

/**
 * Lets the database at `url` and the newest one that a swap has kept of it change places; what was live until now is
 * kept as `NAME_undone_<time>`. A second undo goes back further.
 * @throws {CofreError} `BACKUP_NOT_FOUND` when nothing is kept, `TARGET_BUSY` while somebody is connected,
 * `RESTORE_REFUSED` when the role may not rename databases
 */
export async function undo(
  url: string,
  context: EngineContext,
  limits: Omit<ExchangeLimits, 'terminateConnections'>,
  { terminateConnections = false }: UndoOptions = {},
): Promise<UndoResult> {
  const settings = parseUrl(url);
  const { signal } = context;
  signal.throwIfAborted();
  return await unwrapping(() =>
    explaining('target', settings, signal, async () => {
      const exchange = await onServer(settings, signal, (session) => planUndo(session, settings, context));
      await exchangeDatabases(settings, exchange, context, { ...limits, terminateConnections });
      return { restored: exchange.coming.name, kept: exchange.leaving.name };
    }),
  );
}

async function planUndo(
  session: PgSession,
  settings: ConnectionSettings,
  { clock }: EngineContext,
): Promise<Exchange> {
  const of = settings.database;
  const kept = (await listKept(session.client, of)).find(({ fate }) => fate === 'before');
  if (!kept) throw nothingKept(settings);
  const live = await readDatabase(session.client, of);
  if (!live) throw nothingLive(settings, kept.name);
  await requireSwappable(session, live);
  const { rows } = await session.client.query<{ datname: string }>('SELECT datname FROM pg_database');
  const at = clock.now();
  const name = keptName(of, 'undone', at, new Set(rows.map(({ datname }) => datname)));
  const comment = live.comment ?? undefined;
  return { leaving: { name, of, fate: 'undone', at, comment, oid: live.oid }, coming: kept };
}

function nothingKept(settings: ConnectionSettings): CofreError {
  return new CofreError('BACKUP_NOT_FOUND', `No swap has kept anything of ${nameOf(settings)}.`, {
    hint: 'Only a restore with --mode swap keeps what it replaces, until a prune drops it. Restore a backup instead: `cofre list` shows them.',
  });
}

function nothingLive(settings: ConnectionSettings, kept: string): CofreError {
  return new CofreError('TARGET_INVALID', `There is no database ${nameOf(settings)} to change places with.`, {
    hint: `It was dropped or renamed. If ${kept} is to take its place: ALTER DATABASE "${kept}" RENAME TO "${settings.database}".`,
  });
}
