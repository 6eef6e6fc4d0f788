import { isUtf8 } from 'node:buffer';

/** Added to a byte that is not UTF-8. */
const ESCAPE = 0xdc00;
const ESCAPED = /(?<![\ud800-\udbff])[\udc80-\udcff]/g;

/**
 * Text of a database without an encoding, which is mostly UTF-8 but may be anything: bytes that are not UTF-8 become
 * lone surrogates, U+DC80 to U+DCFF, as in Python's `surrogateescape` (PEP 383), so that nothing is lost.
 */
export function decodeLossless(bytes: Buffer): string {
  if (isUtf8(bytes)) return bytes.toString();
  let text = '';
  for (let at = 0; at < bytes.length; ) {
    const size = sizeOf(bytes, at);
    text +=
      size === 0 ? String.fromCharCode(ESCAPE + bytes.readUInt8(at)) : bytes.toString('utf8', at, at + size);
    at += size || 1;
  }
  return text;
}

/** The exact inverse of `decodeLossless`. */
export function encodeLossless(text: string): Buffer {
  const parts: Buffer[] = [];
  let from = 0;
  for (const { index } of text.matchAll(ESCAPED)) {
    parts.push(Buffer.from(text.slice(from, index)), Buffer.from([text.charCodeAt(index) - ESCAPE]));
    from = index + 1;
  }
  return Buffer.concat([...parts, Buffer.from(text.slice(from))]);
}

/** Bytes of the character at `at`; 0 when none is there. */
function sizeOf(bytes: Buffer, at: number): number {
  const first = bytes.readUInt8(at);
  const size = first < 0x80 ? 1 : first < 0xe0 ? 2 : first < 0xf0 ? 3 : 4;
  return at + size <= bytes.length && isUtf8(bytes.subarray(at, at + size)) ? size : 0;
}
