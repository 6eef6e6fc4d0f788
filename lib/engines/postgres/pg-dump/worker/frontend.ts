import { int16, int32, message } from '../message.ts';

/** Codes in place of a protocol version (manual, 55.7: SSLRequest, GSSENCRequest). */
const ENCRYPTION = [80_877_103, 80_877_104];

const NO = Buffer.from('N');

/**
 * The server's side of a conversation, as far as it is not the real server's: takes the bytes that a client sends,
 * cut anywhere, and gives the answers to what is complete. Queries are passed to `ask`, which gives the answer up to
 * ReadyForQuery. The end of the connection is not passed on: its transaction, and so its locks, live on.
 * @throws Error on a message that pg_dump is not known to send
 */
export function frontend(
  greeting: Uint8Array,
  ask: (query: Uint8Array<ArrayBuffer>) => Uint8Array,
): (bytes: Uint8Array) => Uint8Array[] {
  let pending = Buffer.alloc(0);
  let started = false;
  const answer = (message: Buffer): Uint8Array | undefined => {
    if (!started) {
      if (ENCRYPTION.includes(message.readInt32BE(4))) return NO;
      started = true;
      return greeting;
    }
    const type = String.fromCharCode(message.readUInt8(0));
    if (type === 'Q') return isForSequence(message) ? SEQUENCE : ask(new Uint8Array(message));
    if (type === 'X') return undefined;
    throw new Error(`pg_dump sent a message of the unknown type ${type}.`);
  };
  return (bytes) => {
    const answers: Uint8Array[] = [];
    pending = Buffer.concat([pending, bytes]);
    for (;;) {
      const length = lengthOf(pending, started);
      if (length === undefined || pending.length < length) return answers;
      const reply = answer(pending.subarray(0, length));
      if (reply) answers.push(reply);
      pending = pending.subarray(length);
    }
  };
}

/**
 * Of a server before 18, pg_dump asks each sequence for its value, one by one, for a section that is not printed here.
 * With thousands of sequences that is half of its time, so the answer is made up.
 */
function isForSequence(query: Buffer): boolean {
  return query.toString('latin1', 5, 5 + SEQUENCE_QUERY.length) === SEQUENCE_QUERY;
}

const SEQUENCE_QUERY = 'SELECT last_value, is_called FROM ';

/** RowDescription, DataRow, CommandComplete, ReadyForQuery (manual, 55.7), of columns `bigint` and `boolean`. */
const SEQUENCE = Buffer.concat([
  message('T', [int16(2), column('last_value', 20, 8), column('is_called', 16, 1)]),
  message('D', [int16(2), value('1'), value('f')]),
  message('C', [Buffer.from('SELECT 1\0')]),
  message('Z', [Buffer.from('T')]),
]);

function column(name: string, type: number, size: number): Buffer {
  return Buffer.concat([
    Buffer.from(`${name}\0`),
    int32(0),
    int16(0),
    int32(type),
    int16(size),
    int32(-1),
    int16(0),
  ]);
}

function value(text: string): Buffer {
  return Buffer.concat([int32(text.length), Buffer.from(text)]);
}

/** Messages have a type before their length, but for the first ones (manual, 55.2.1). */
function lengthOf(bytes: Buffer, started: boolean): number | undefined {
  const type = started ? 1 : 0;
  return bytes.length < type + 4 ? undefined : type + bytes.readInt32BE(type);
}
