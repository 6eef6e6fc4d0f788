// All that we use of the driver and that it does not offer: fields without a type, what it does with its socket, its own
// words. Seen in mysql2 3.24.6, `lib/base/connection.js`; test/lib/engines/mysql/driver.test.ts tells when it changes.
import type { Socket } from 'node:net';
import type { Connection } from 'mysql2';
import { known } from '../../../known.ts';

/** The driver's connection. */
export type Client = Connection;

/** What a connection has besides what its type says. */
interface Inside {
  readonly stream?: Socket;
  readonly _handshakePacket?: { readonly serverVersion?: string } | null;
}

/**
 * The socket that packets come and go on, from `stream`: the one that the driver was given, or the TLS around it. We read
 * and write rows and statements there ourselves, as bytes, and see there whether a connection is lost.
 * @throws {CofreError} `INTERNAL` when the driver has none
 */
export function socketOf(client: Client): Socket {
  const { stream } = client as Inside;
  return known(stream, 'The socket of a connection of mysql2 (`stream`)');
}

/**
 * The version in the server's greeting, from `_handshakePacket`: no statement tells it before we know which statements the
 * server takes.
 * @throws {CofreError} `INTERNAL` when the driver has not kept it
 */
export function greetingOf(client: Client): string {
  const { _handshakePacket } = client as Inside;
  return known(_handshakePacket?.serverVersion, "The server's greeting in mysql2 (`_handshakePacket`)");
}

/**
 * Keeps what comes from the driver, which reads by a listener to `data` and has no other hold on the socket while nothing
 * runs on the connection; what it numbers its packets by begins anew with each of its commands. Returns what lets it read
 * again: an answer that was begun meanwhile must have been read to its end.
 */
export function lookAway(client: Client): () => void {
  const socket = socketOf(client);
  const listeners = socket.listeners('data') as ((chunk: Buffer) => void)[];
  socket.removeAllListeners('data');
  return () => {
    for (const listener of listeners) socket.on('data', listener);
  };
}

/** Closes without a word; the driver would wonder, on our standard error, at what the server still says. */
export function leave(client: Client): void {
  lookAway(client);
  client.destroy();
}

/**
 * Tells TLS the name of the host: the driver names none to it where the host is an address, and Node then takes what the
 * socket has as `_host`, or else `localhost`; the certificate would be checked for the wrong one.
 */
export function nameHost<Given extends Socket>(socket: Given, host: string): Given {
  return Object.assign(socket, { _host: host });
}

/** Whether the driver says that TLS was asked for, and the server has none. */
export function saysNoTls(error: unknown): boolean {
  return codeOf(error) === 'HANDSHAKE_NO_SSL_SUPPORT';
}

/** An error of the driver's own, by its code; some have none, and only a text. */
export function isDriversOwn(error: Error): boolean {
  return OWN_CODES.test(codeOf(error)) || OWN_TEXTS.test(error.message);
}

const OWN_CODES = /^(?:PROTOCOL_|HANDSHAKE_|AUTH_SWITCH_|MYSQL_CLEAR_)/;
const OWN_TEXTS =
  /^(?:Connection lost|Can't add new command|Can't write in closed state|Server requests authentication)/;

function codeOf(error: unknown): string {
  return error instanceof Error && 'code' in error ? String(error.code) : '';
}
