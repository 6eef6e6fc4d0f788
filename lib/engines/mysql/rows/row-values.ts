import { lengthEncoded } from '../connection/wire.ts';

/** The values of a row of the text protocol (manual, "Text Resultset Row"); `null` for NULL. Not for many rows. */
export function* valuesOf(row: Uint8Array): Generator<Uint8Array | null> {
  const bytes = Buffer.from(row.buffer, row.byteOffset, row.length);
  for (let at = 0; at < bytes.length; ) {
    if (bytes[at] === 0xfb) {
      yield null;
      at += 1;
      continue;
    }
    const { value, end } = lengthEncoded(bytes, at);
    yield bytes.subarray(end, end + value);
    at = end + value;
  }
}
