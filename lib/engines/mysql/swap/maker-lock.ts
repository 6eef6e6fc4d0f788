import { setInterval } from 'node:timers';
import { setTimeout as sleep } from 'node:timers/promises';
import { makerOf } from '../../sql-load/temporary-name.ts';
import { type MysqlSession, openSession } from '../connection/connect.ts';
import type { ConnectionSettings } from '../connection/url.ts';

/**
 * Whoever makes something on a server holds a lock there by its name (manual, "Locking Functions"): it ends with the
 * session, so that anybody can see, from any host, whether there still is somebody. A statement that a killed maker has
 * begun goes on, and keeps the lock until it is done.
 */
export interface Holder extends AsyncDisposable {
  readonly session: MysqlSession;
}

/** A server lets go of a session that has been silent for so long, s; and how often ours says something, ms. */
const SILENT_SECONDS = 300;
const BEAT_MS = 60_000;

/** A session on no database that holds the lock `name`, a new one. */
export async function openHolder(
  settings: ConnectionSettings,
  name: string,
  signal: AbortSignal,
): Promise<Holder> {
  const session = await openSession(
    { ...settings, database: '' },
    { role: 'target', purpose: 'load', signal },
  );
  try {
    await session.run(`SET SESSION wait_timeout = ${SILENT_SECONDS}`);
    await session.query('SELECT GET_LOCK(?, 0)', [name]);
  } catch (error) {
    await session.close();
    throw error;
  }
  const beat = setInterval(() => void session.run('DO 0').catch(() => {}), BEAT_MS).unref();
  const dispose = async () => {
    clearInterval(beat);
    await session.close();
  };
  return { session, [Symbol.asyncDispose]: dispose };
}

/** How long a statement that a dead maker has begun may go on, and how often to look, ms. */
const FINISH_MS = 60_000;
const LOOK_MS = 200;

/**
 * Takes the lock of a maker that is gone. `false` when somebody has it still. Of a maker that died on this host, whose
 * connection the network keeps up, the session is ended; but not amid a statement.
 */
export async function takeOver(session: MysqlSession, name: string): Promise<boolean> {
  const life = makerOf(name);
  if (life === 'alive') return false;
  const until = performance.now() + (life === 'dead' ? FINISH_MS : 0);
  while (!(await lock(session, name))) {
    if (performance.now() >= until) return false;
    await endIdle(session, name);
    await sleep(LOOK_MS);
  }
  return true;
}

async function lock(session: MysqlSession, name: string): Promise<boolean> {
  const [row] = await session.query<{ got: unknown }>('SELECT GET_LOCK(?, 0) AS got', [name]);
  return Number(row?.got) === 1;
}

export async function letGo(session: MysqlSession, name: string): Promise<void> {
  await session.query('SELECT RELEASE_LOCK(?)', [name]);
}

async function endIdle(session: MysqlSession, name: string): Promise<void> {
  const [row] = await session.query<{ id: unknown }>('SELECT IS_USED_LOCK(?) AS id', [name]);
  const id = Number(row?.id ?? 0);
  const threads = await session.query<{ Id: number; Command: string }>('SHOW PROCESSLIST');
  const thread = threads.find(({ Id }) => Number(Id) === id);
  // It may have ended by itself.
  if (thread?.Command === 'Sleep') await session.run(`KILL CONNECTION ${id}`).catch(() => {});
}
