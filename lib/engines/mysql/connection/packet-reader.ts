import { MAX_PAYLOAD } from './wire.ts';

/** Puts the server's packets together from what the socket gives; for answers that are small. */
export function packetReader(onPacket: (payload: Buffer) => void): (chunk: Buffer) => void {
  let waiting: Buffer[] = [];
  let size = 0;
  let parts: Buffer[] = [];

  return (chunk) => {
    waiting.push(chunk);
    size += chunk.length;
    let bytes: Buffer | undefined;
    for (;;) {
      if (size < 4) return;
      bytes ??= joined(waiting);
      const length = bytes.readUIntLE(0, 3);
      if (size < 4 + length) {
        waiting = [bytes];
        return;
      }
      const payload = bytes.subarray(4, 4 + length);
      bytes = bytes.subarray(4 + length);
      waiting = [bytes];
      size = bytes.length;
      parts.push(payload);
      if (length === MAX_PAYLOAD) continue;
      const whole = joined(parts);
      parts = [];
      onPacket(whole);
    }
  };
}

/** A single one is not copied. */
function joined(parts: readonly Buffer[]): Buffer {
  const [first, ...others] = parts;
  return first && others.length === 0 ? first : Buffer.concat(parts);
}
