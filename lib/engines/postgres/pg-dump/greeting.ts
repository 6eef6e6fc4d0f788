import type { Client } from 'pg';
import { message } from './message.ts';

/** What a server reports of itself at the start of a connection (manual, 55.2.7), as far as this version knows it. */
const REPORTED = [
  'application_name',
  'client_encoding',
  'DateStyle',
  'default_transaction_read_only',
  'in_hot_standby',
  'integer_datetimes',
  'IntervalStyle',
  'is_superuser',
  'server_encoding',
  'server_version',
  'session_authorization',
  'standard_conforming_strings',
  'TimeZone',
];

/**
 * The start of a connection to the server of `client`, as another client would see it once it has been let in, with
 * some of what the server reports said differently.
 */
export async function readGreeting(
  client: Client,
  instead: Readonly<Record<string, string>> = {},
): Promise<Uint8Array> {
  const { rows } = await client.query<{ name: string; value: string | null }>(
    'SELECT name, pg_catalog.current_setting(name, true) AS value FROM pg_catalog.unnest($1::text[]) AS name',
    [REPORTED],
  );
  const known = rows.filter(({ value }) => value !== null);
  return Buffer.concat([
    message('R', [Buffer.alloc(4)]), // AuthenticationOk
    ...known.map(({ name, value }) => message('S', [Buffer.from(`${name}\0${instead[name] ?? value}\0`)])),
    message('K', [Buffer.alloc(8)]), // BackendKeyData, for a CancelRequest that cannot be sent anyway
    message('Z', [Buffer.from('I')]), // ReadyForQuery
  ]);
}
