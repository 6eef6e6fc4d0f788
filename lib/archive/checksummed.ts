import { createHash } from 'node:crypto';

/**
 * A record that tells of each change of it: UTF-8 JSON, one line a top-level field and an item of a list, `checksum`
 * first, which is the SHA-256 of every other byte.
 */
export function encodeChecksummed(content: object): Uint8Array {
  return Buffer.from(encodeText(content));
}

/**
 * The fields of a record without its checksum.
 * @throws {Error} whose message says what is wrong ("it is not a JSON object"), unless `bytes` is, to the last byte, what
 * `encodeChecksummed` wrote
 */
export function decodeChecksummed(bytes: Uint8Array): Record<string, unknown> {
  const text = Buffer.from(bytes).toString('utf8');
  const { checksum: _, ...content } = parseObject(text);
  if (encodeText(content) !== text || !Buffer.from(text).equals(bytes)) {
    throw new Error('its checksum does not match');
  }
  return content;
}

function parseObject(text: string): Record<string, unknown> {
  try {
    const value: unknown = JSON.parse(text);
    if (typeof value === 'object' && value !== null && !Array.isArray(value)) return { ...value };
  } catch {
    // Said below.
  }
  throw new Error('it is not a JSON object');
}

function encodeText(content: object): string {
  const body = Object.entries(content).map(
    ([name, value]) => `${JSON.stringify(name)}: ${encodeValue(value)}`,
  );
  const checksum = createHash('sha256').update(body.join(',\n')).digest('hex');
  return `{\n${[`"checksum": "${checksum}"`, ...body].join(',\n')}\n}\n`;
}

function encodeValue(value: unknown): string {
  if (!Array.isArray(value) || value.length === 0) return JSON.stringify(value);
  return `[\n${value.map((item) => `  ${JSON.stringify(item)}`).join(',\n')}\n]`;
}
