import { type Client, lookAway, socketOf } from './driver.ts';
import type { ReadingSocket } from './socket.ts';

/** The socket of a connection whose driver looks away: packets go and come as bytes (manual, "MySQL Packets"). */
export interface RawSocket {
  write(bytes: Uint8Array): void;
  /** Stops reading, so that the server has to wait; `resume` goes on. */
  pause(): void;
  resume(): void;
  /** Lets the driver read again; the server's answer must have been read to its end. */
  giveBack(): void;
}

/** Takes the socket of an idle connection over: everything that comes goes to `onData`. */
export function takeSocket(client: Client, onData: (chunk: Buffer) => void): RawSocket {
  const stream = socketOf(client);
  const lookBack = lookAway(client);
  stream.on('data', onData);
  return {
    write: (bytes) => void stream.write(bytes),
    pause: () => void stream.pause(),
    resume: () => void stream.resume(),
    giveBack: () => {
      stream.off('data', onData);
      lookBack();
    },
  };
}

/** The same for much data: a chunk is good until `onData` has returned. */
export function drainSocket(client: Client, onData: (chunk: Buffer) => void): RawSocket {
  const socket: ReadingSocket = socketOf(client);
  const raw = takeSocket(client, onData);
  socket.sink = onData;
  return {
    ...raw,
    giveBack: () => {
      socket.sink = undefined;
      raw.giveBack();
    },
  };
}

/** Largest payload of a packet: a longer one goes on in the next, and one of this size is followed by another. */
export const MAX_PAYLOAD = 0xff_ffff;

const COM_QUERY = 0x03;

/** `statement` as packets to be written one after the other; its bytes are not copied. */
export function* queryPackets(statement: Uint8Array): Generator<Uint8Array> {
  const total = statement.length + 1;
  let [at, sequence] = [0, 0];
  for (let sent = 0; ; sequence += 1) {
    const size = Math.min(total - sent, MAX_PAYLOAD);
    const head = [size & 0xff, (size >> 8) & 0xff, size >> 16, sequence & 0xff];
    if (sent === 0) head.push(COM_QUERY);
    yield Buffer.from(head);
    const take = sent === 0 ? size - 1 : size;
    yield statement.subarray(at, at + take);
    at += take;
    sent += size;
    if (size < MAX_PAYLOAD) return;
  }
}

/** What an OK packet says (manual, "OK_Packet"). */
export interface OkPacket {
  readonly affectedRows: number;
  readonly status: number;
  readonly warnings: number;
}

/** Set in `status` when the answer to another statement, or to a part of a CALL, follows. */
export const MORE_RESULTS = 0x0008;

export function okPacket(payload: Buffer): OkPacket {
  const affected = lengthEncoded(payload, 1);
  const { end } = lengthEncoded(payload, affected.end);
  const [status, warnings] = [payload.readUInt16LE(end), payload.readUInt16LE(end + 2)];
  return { affectedRows: affected.value, status, warnings };
}

/** What an EOF packet says (manual, "EOF_Packet"); we never ask the server to leave it out. */
export function eofPacket(payload: Buffer): Omit<OkPacket, 'affectedRows'> {
  return { warnings: payload.readUInt16LE(1), status: payload.readUInt16LE(3) };
}

/** `0xfe` begins an EOF packet, and a row that begins with a value of 16 MiB or more: the length tells. */
export function isEof(payload: Buffer): boolean {
  return payload[0] === 0xfe && payload.length < 9;
}

/** A length-encoded integer, up to 2^53 (manual, "Protocol::LengthEncodedInteger"), and where what follows begins. */
export function lengthEncoded(bytes: Buffer, at: number): { value: number; end: number } {
  const first = bytes.readUInt8(at);
  if (first < 0xfb) return { value: first, end: at + 1 };
  if (first === 0xfc) return { value: bytes.readUInt16LE(at + 1), end: at + 3 };
  if (first === 0xfd) return { value: bytes.readUIntLE(at + 1, 3), end: at + 4 };
  return { value: Number(bytes.readBigUInt64LE(at + 1)), end: at + 9 };
}

/** The error in an ERR packet, as the driver would make it (manual, "ERR_Packet"). */
export function errorPacket(payload: Buffer): Error {
  const marked = payload[3] === 0x23; // "#", before the five characters of the SQLSTATE.
  const sqlState = marked ? payload.toString('latin1', 4, 9) : 'HY000';
  const message = payload.toString('utf8', marked ? 9 : 3);
  return Object.assign(new Error(message), { errno: payload.readUInt16LE(1), sqlState });
}
