import { startOfDump } from '../end.ts';

/**
 * From now on this thread does not decode the text of a dump: it becomes empty, and its bytes are what the function
 * returned here gives, once they have come.
 *
 * The wrapper around pg_dump decodes the file that pg_dump wrote, and then deletes every line in it that begins with
 * \restrict, be it pg_dump's own or one of a function's body or a comment; and decoding replaces bytes that are not
 * UTF-8. Nothing else that is decoded begins as a dump with this key does.
 */
export function takeDump(key: string): () => Uint8Array | undefined {
  const start = startOfDump(key);
  let dump: Uint8Array | undefined;
  globalThis.TextDecoder = class extends TextDecoder {
    override decode(input?: Uint8Array<ArrayBuffer>, options?: TextDecodeOptions): string {
      if (!input || !beginsWith(input, start)) return super.decode(input, options);
      dump = input;
      return '';
    }
  } as typeof TextDecoder;
  return () => dump;
}

function beginsWith({ buffer, byteOffset, length }: Uint8Array<ArrayBuffer>, start: string): boolean {
  return Buffer.from(buffer, byteOffset, length).toString('latin1', 0, start.length) === start;
}
