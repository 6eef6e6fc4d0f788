import type { ServerError } from '../wire/failures.ts';
import { serverError } from '../wire/server-error.ts';

/** The answer to one query. */
export interface Reply {
  /** All messages, up to ReadyForQuery; in a buffer of its own. */
  readonly bytes: Uint8Array<ArrayBuffer>;
  readonly errors: readonly ServerError[];
  readonly notices: readonly ServerError[];
}

export interface ReplyReader {
  push(chunk: Buffer): void;
  /** Errors in what has come of an answer that is not complete: the last words of a server that ends a session. */
  errors(): readonly ServerError[];
}

const ERROR = 0x45;
const NOTICE = 0x4e;
const READY = 0x5a;

/** Bytes of a message's type and length; the length counts itself. */
const HEADER = 5;

/** Gathers what a server sends, cut anywhere, to whole answers (manual, 55.2.2 "Simple Query"). */
export function replyReader(onReply: (reply: Reply) => void): ReplyReader {
  let gathered = new Gathered();
  let rest: Buffer = Buffer.alloc(0);
  return {
    push(chunk) {
      rest = gathered.add(rest.length > 0 ? Buffer.concat([rest, chunk]) : chunk);
      while (gathered.complete) {
        const reply = gathered.reply();
        gathered = new Gathered();
        onReply(reply);
        rest = gathered.add(rest);
      }
    },
    errors: () => gathered.reply().errors,
  };
}

class Gathered {
  readonly #chunks: Buffer[] = [];
  /** Where they begin. */
  readonly #errors: number[] = [];
  readonly #notices: number[] = [];
  #size = 0;
  /** Where the next message begins; beyond `#size` while one is not complete. */
  #next = 0;
  complete = false;

  /** Takes `chunk` but for what it returns: the cut beginning of a message, or what comes after the answer. */
  add(chunk: Buffer): Buffer {
    const start = this.#size;
    while (!this.complete && this.#next + HEADER <= start + chunk.length) {
      if (!this.#step(chunk, this.#next - start)) break;
    }
    const used = Math.min(this.#next - start, chunk.length);
    if (used > 0) this.#chunks.push(chunk.subarray(0, used));
    this.#size += used;
    return chunk.subarray(used);
  }

  #step(chunk: Buffer, at: number): boolean {
    const type = chunk.readUInt8(at);
    const length = 1 + chunk.readInt32BE(at + 1);
    if (type === READY && at + length > chunk.length) return false;
    if (type === ERROR) this.#errors.push(this.#next);
    if (type === NOTICE) this.#notices.push(this.#next);
    this.#next += length;
    this.complete = type === READY;
    return true;
  }

  reply(): Reply {
    const bytes = new Uint8Array(this.#size);
    let at = 0;
    for (const chunk of this.#chunks) {
      bytes.set(chunk, at);
      at += chunk.length;
    }
    const read = (starts: readonly number[]) => starts.map((start) => errorAt(bytes, start));
    return { bytes, errors: read(this.#errors), notices: read(this.#notices) };
  }
}

function errorAt(bytes: Uint8Array<ArrayBuffer>, start: number): ServerError {
  const message = Buffer.from(bytes.buffer).subarray(start);
  return serverError(message.subarray(HEADER, 1 + message.readInt32BE(1)));
}
