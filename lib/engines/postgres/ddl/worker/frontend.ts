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
  ask: (query: Uint8Array) => Uint8Array,
): (bytes: Uint8Array) => Uint8Array[] {
  let pending = Buffer.alloc(0);
  let started = false;
  const answer = (message: Buffer): Uint8Array | undefined => {
    if (!started) {
      if (ENCRYPTION.includes(message.readInt32BE(4))) return NO;
      started = true;
      return greeting;
    }
    const type = String.fromCharCode(message[0]!);
    if (type === 'Q') return ask(new Uint8Array(message));
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

/** Messages have a type before their length, but for the first ones (manual, 55.2.1). */
function lengthOf(bytes: Buffer, started: boolean): number | undefined {
  const type = started ? 1 : 0;
  return bytes.length < type + 4 ? undefined : type + bytes.readInt32BE(type);
}
