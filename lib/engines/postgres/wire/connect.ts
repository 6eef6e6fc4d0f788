import { readFileSync } from 'node:fs';
import { createConnection, type Socket } from 'node:net';
import type { Duplex } from 'node:stream';
import type { ConnectionOptions } from 'node:tls';
import { Client, type ClientConfig } from 'pg';
import { CofreError } from '../../../errors.ts';
import { thisProcess } from '../../../process.ts';
import type { Role } from '../../sql/connection/failures.ts';
import { BulkSocket } from './bulk-socket.ts';
import { type BackendKey, backendKeyOf, lacksTls, socketOf } from './driver.ts';
import { explain } from './failures.ts';
import type { ConnectionSettings } from './url.ts';

export interface OpenOptions {
  /** Decides between `SOURCE_…` and `TARGET_…` codes. */
  readonly role: Role;
  /** One word for `application_name`: `dump`, `load`, `inspect`, `sweep`. */
  readonly purpose: string;
  readonly signal: AbortSignal;
  /** It will read much: see `BulkSocket`. */
  readonly bulk?: boolean;
}

/** A connection; see `openSession`. */
export interface PgSession extends AsyncDisposable {
  readonly client: Client;
  readonly settings: ConnectionSettings;
  /** Process id of the server's backend. */
  readonly backend: number;
  /** Rejects, with a `CofreError`, when the connection is lost; never resolves. Handled: it may be left alone. */
  readonly lost: Promise<never>;
  /** Closes the connection; what runs on it is cancelled first, and the server has let go when this resolves. */
  close(): Promise<void>;
  /** The same for a connection on which nothing runs: there is nothing to cancel. */
  finish(): Promise<void>;
}

/** How long a server may take to answer the closing of a connection, ms. */
const CLOSE_MS = 5_000;

/**
 * Connects. When `signal` fires, the running statement is cancelled and the connection closed.
 * @throws {CofreError} `SOURCE_NOT_FOUND` for a database that does not exist, `SOURCE_FAILED`, `TARGET_INVALID`, `USAGE`
 */
export async function openSession(settings: ConnectionSettings, options: OpenOptions): Promise<PgSession> {
  options.signal.throwIfAborted();
  const client = await connect(settings, options);
  const session = sessionOf(client, settings, options);
  try {
    options.signal.throwIfAborted();
    await client.query(SESSION);
    return session;
  } catch (error) {
    await session.close();
    options.signal.throwIfAborted();
    throw explain(error, options.role, settings);
  }
}

/**
 * The server must neither end our session while we wait for a store, nor work on for a client that is gone (manual,
 * 19.11 "Client Connection Defaults" and 19.3.2 "TCP Settings").
 */
const SESSION = `
  SET statement_timeout = 0; SET lock_timeout = 0; SET idle_in_transaction_session_timeout = 0;
  SET client_connection_check_interval = '2s';
  SET tcp_keepalives_idle = 60; SET tcp_keepalives_interval = 10; SET tcp_keepalives_count = 6;
  SET client_min_messages = warning; SET standard_conforming_strings = on; SET extra_float_digits = 3; SET DateStyle = ISO;
  SET IntervalStyle = postgres; SET synchronize_seqscans = off; SET jit = off; SET search_path = pg_catalog;
  SELECT set_config(name, '0', false) FROM pg_settings WHERE name = 'transaction_timeout'`;

async function connect(settings: ConnectionSettings, options: OpenOptions): Promise<Client> {
  if (settings.tls !== 'prefer') return await connectWith(settings, options, tlsOf(settings));
  try {
    return await connectWith(settings, options, { rejectUnauthorized: false });
  } catch (error) {
    if (!(error instanceof CofreError && lacksTls(error.cause))) throw error;
    return await connectWith(settings, options, false);
  }
}

async function connectWith(
  settings: ConnectionSettings,
  { role, purpose, signal, bulk = false }: OpenOptions,
  ssl: ConnectionOptions | false,
): Promise<Client> {
  const { host, port, user, password, database, connectTimeoutMs } = settings;
  const config: ClientConfig = { host, port, user, database, ssl, connectionTimeoutMillis: connectTimeoutMs };
  const client = new Client({
    ...config,
    // An empty function keeps the library from looking for ~/.pgpass and PGPASSWORD.
    password: password ?? (() => ''),
    application_name: applicationName(purpose),
    keepAlive: true,
    // TLS reads the socket past us.
    ...(bulk && !ssl && { stream: (): Duplex => new BulkSocket() }),
  });
  // What fails later reaches whoever waits for an answer; without a listener it would end the process.
  client.on('error', () => {});
  const stop = () => leave(socketOf(client));
  signal.addEventListener('abort', stop, { once: true });
  try {
    await client.connect();
    return client;
  } catch (error) {
    signal.throwIfAborted();
    throw explain(error, role, settings);
  } finally {
    signal.removeEventListener('abort', stop);
  }
}

/** A server that is told hears of it even when the network does not tell it. */
function leave(stream: Socket): void {
  if (stream.connecting) stream.destroy();
  else {
    stream.write(TERMINATE);
    stream.destroySoon();
  }
}

function tlsOf({ tls, caFile }: ConnectionSettings): ConnectionOptions | false {
  if (tls === 'disable') return false;
  const ca = caFile === undefined ? {} : { ca: readCa(caFile) };
  // As libpq: `require` checks nothing but, with a CA file, the chain; `verify-ca` not the host's name.
  if (tls === 'require' && caFile === undefined) return { rejectUnauthorized: false };
  if (tls === 'verify-full') return { ...ca, rejectUnauthorized: true };
  return { ...ca, rejectUnauthorized: true, checkServerIdentity: () => undefined };
}

function readCa(path: string): string {
  try {
    return readFileSync(path, 'utf8');
  } catch (cause) {
    throw new CofreError('USAGE', `The CA file ${path} cannot be read: ${(cause as Error).message}.`, {
      cause,
      hint: 'Give the path of a PEM file in sslrootcert (for RDS: global-bundle.pem, see docs/configuration.md).',
    });
  }
}

/** `cofre <purpose> <host>-<pid>-<started>`: tells a later run whose session this is; at most 63 bytes. */
export function applicationName(purpose: string): string {
  const { host, pid, started } = thisProcess();
  return `cofre ${purpose} ${host}-${pid}-${started}`;
}

function sessionOf(client: Client, settings: ConnectionSettings, { role, signal }: OpenOptions): PgSession {
  let closing: Promise<void> | undefined;
  const lost = new Promise<never>((_, reject) => {
    const fail = (error?: Error) => {
      if (!closing) reject(explain(error ?? new Error('Connection terminated unexpectedly'), role, settings));
    };
    client.on('error', fail);
    client.on('end', () => fail());
  });
  lost.catch(() => {});
  const key = backendKeyOf(client);
  const close = () => {
    closing ??= end(client, () => cancel(settings, key));
    return closing;
  };
  const finish = () => {
    closing ??= end(client, async () => {});
    return closing;
  };
  const stop = () => void close();
  signal.addEventListener('abort', stop, { once: true });
  client.once('end', () => signal.removeEventListener('abort', stop));
  return { client, settings, backend: key.processID, lost, close, finish, [Symbol.asyncDispose]: close };
}

/** The server closes its side only when its backend has rolled back and let go of its locks: that is awaited. */
async function end(client: Client, stopWork: () => Promise<void>): Promise<void> {
  const stream = socketOf(client);
  if (stream.destroyed) return;
  const closed = new Promise<void>((resolve) => void stream.once('close', () => resolve()));
  await stopWork();
  // A backend that is blocked on writing to us would not read on.
  stream.resume();
  stream.write(TERMINATE);
  const timer = setTimeout(() => stream.destroy(), CLOSE_MS);
  await closed;
  clearTimeout(timer);
}

const TERMINATE = Buffer.from([0x58, 0, 0, 0, 4]);

/** A CancelRequest, on a connection of its own (manual, 55.2.9); a server that is gone needs none. */
async function cancel(
  { host, port }: ConnectionSettings,
  { processID, secretKey }: BackendKey,
): Promise<void> {
  const request = Buffer.alloc(16);
  [16, 80_877_102, processID, secretKey].forEach((value, n) => void request.writeInt32BE(value, n * 4));
  const socket = host.startsWith('/')
    ? createConnection(`${host}/.s.PGSQL.${port}`)
    : createConnection(port, host);
  await new Promise<void>((resolve) => {
    socket.setTimeout(CLOSE_MS, () => socket.destroy());
    socket.on('error', () => {}).once('close', () => resolve());
    socket.end(request);
    socket.resume();
  });
}
