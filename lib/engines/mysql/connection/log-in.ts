import { type Client, leave, saysNoTls } from './driver.ts';
import { signEd25519 } from './ed25519.ts';
import { openSocket } from './socket.ts';
import { type TlsOptions, tlsOf } from './tls.ts';
import type { ConnectionSettings } from './url.ts';

/**
 * Connects and logs in, with TLS as the settings say.
 * @throws {Error} the server's, the socket's or the driver's; the signal's reason
 */
export async function connectPlainly(
  settings: ConnectionSettings,
  { programName, signal }: { readonly programName?: string; readonly signal?: AbortSignal } = {},
): Promise<Client> {
  const connect = (ssl: TlsOptions | undefined) => connectWith(settings, ssl, programName, signal);
  if (settings.tls !== 'prefer') return await connect(tlsOf(settings));
  try {
    return await connect(tlsOf({ ...settings, tls: 'require', caFile: undefined }));
  } catch (error) {
    if (!saysNoTls(error)) throw error;
    return await connect(undefined);
  }
}

async function connectWith(
  settings: ConnectionSettings,
  ssl: TlsOptions | undefined,
  programName: string | undefined,
  signal: AbortSignal | undefined,
): Promise<Client> {
  const { host, port, socketPath, user, password, database, connectTimeoutMs } = settings;
  // Only now: most programs that know of this engine never connect. A CommonJS module has no names when it is bundled.
  const { default: driver } = await import('mysql2');
  const client = driver.createConnection({
    host,
    port,
    // Tells the driver that the channel is safe for a password.
    ...(socketPath !== undefined && { socketPath }),
    stream: () => openSocket(settings),
    user,
    password,
    database,
    ...(ssl && { ssl }),
    charset: 'utf8mb4',
    connectTimeout: connectTimeoutMs,
    authPlugins: { client_ed25519: () => (nonce) => signEd25519(password, nonce) },
    ...(programName !== undefined && { connectAttributes: { program_name: programName } }),
    flags: UNWANTED,
    supportBigNumbers: true,
    dateStrings: true,
    jsonStrings: true,
  });
  // What fails later reaches whoever waits for an answer; without a listener it would end the process.
  client.on('error', () => {});
  const stop = () => leave(client);
  signal?.addEventListener('abort', stop, { once: true });
  try {
    await new Promise<void>((resolve, reject) => {
      client.connect((error) => (error ? reject(error) : resolve()));
      signal?.addEventListener('abort', () => reject(signal.reason), { once: true });
    });
    return client;
  } catch (error) {
    leave(client);
    throw error;
  } finally {
    signal?.removeEventListener('abort', stop);
  }
}

/**
 * What the driver asks for by itself: files of ours for the server, another `sql_mode`, counts of rows found instead of
 * changed, and forms of packets that we do not read.
 */
const UNWANTED = [
  '-LOCAL_FILES',
  '-IGNORE_SPACE',
  '-ODBC',
  '-FOUND_ROWS',
  '-SESSION_TRACK',
  '-CLIENT_QUERY_ATTRIBUTES',
];
