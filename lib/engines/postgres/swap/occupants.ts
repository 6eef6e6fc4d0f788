import { setTimeout as sleep } from 'node:timers/promises';
import type { Client } from 'pg';
import { CofreError } from '../../../errors.ts';
import { isServerError } from '../wire/failures.ts';
import { type ConnectionSettings, nameOf } from '../wire/url.ts';
import { openMaintenance } from './temporary.ts';

/** The server itself ends what it runs for maintenance; what else a session may be, not everybody may see. */
const OCCUPANTS = `
  SELECT pid, concat_ws(' ', pid::text, usename, quote_literal(nullif(application_name, '')),
    'from ' || host(client_addr), state) AS who
  FROM pg_stat_activity
  WHERE datid = ANY ($1::oid[]) AND pid <> pg_backend_pid() AND backend_type IS DISTINCT FROM 'autovacuum worker'
  ORDER BY pid`;

/** A session on a database that is to be renamed or dropped. */
export interface Occupant {
  readonly pid: number;
  readonly who: string;
}

export async function occupants(client: Client, oids: readonly number[]): Promise<Occupant[]> {
  return (await client.query<Occupant>(OCCUPANTS, [oids])).rows;
}

/** Ends sessions again and again, from a connection of its own. */
export interface Evictor extends AsyncDisposable {
  /** Why one could not be ended. */
  readonly refusal: string | undefined;
}

/** Between looks, ms. */
const EVERY_MS = 50;

export async function evictFrom(
  settings: ConnectionSettings,
  oids: readonly number[],
  signal: AbortSignal,
): Promise<Evictor> {
  const session = await openMaintenance(settings, { purpose: 'swap', signal });
  const stopped = new AbortController();
  let refusal: string | undefined;
  const evict = async () => {
    for (;;) {
      for (const { pid } of await occupants(session.client, oids)) {
        refusal = (await end(session.client, pid)) ?? refusal;
      }
      await sleep(EVERY_MS, undefined, { signal: stopped.signal });
    }
  };
  // Should its connection fail, the sessions just stay, which is told.
  const evicting = evict().catch(() => {});
  return {
    get refusal() {
      return refusal;
    },
    [Symbol.asyncDispose]: async () => {
      stopped.abort();
      await session.close();
      await evicting;
    },
  };
}

async function end(client: Client, pid: number): Promise<string | undefined> {
  try {
    await client.query('SELECT pg_terminate_backend($1)', [pid]);
    return undefined;
  } catch (error) {
    if (!isServerError(error)) throw error;
    return error.message;
  }
}

const SHOWN = 5;

/** @param refusal why sessions could not be ended, where that was tried */
export function occupied(
  settings: ConnectionSettings,
  sessions: readonly Occupant[],
  ms: number,
  refusal: string | undefined,
): CofreError {
  const shown = sessions.slice(0, SHOWN).map(({ who }) => who);
  const more = sessions.length > SHOWN ? ` and ${sessions.length - SHOWN} more` : '';
  const who = shown.length === 0 ? 'sessions that come and go' : `${shown.join('; ')}${more}`;
  const hint = refusal
    ? `Nothing was changed. Not all could be ended (${refusal}): stop these clients, or restore as a role with pg_signal_backend.`
    : 'Nothing was changed. Stop these clients, or end their sessions with --terminate-connections: a database can only change its place when nobody is connected.';
  return new CofreError('TARGET_BUSY', `${nameOf(settings)} is still in use after ${ms / 1_000} s: ${who}.`, {
    hint,
  });
}
