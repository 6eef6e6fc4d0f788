import { createHash } from 'node:crypto';
import type { Clock } from '../../../lib/clock.ts';
import type { ErrorCode } from '../../../lib/errors.ts';
import { CofreError } from '../../../lib/errors.ts';
import type { Store } from '../../../lib/store/store.ts';

/** What the suite needs to know about a place where stores can be opened. */
export interface StoreHarness {
  readonly store: Store;
  /** Opens the same place again, as another process would, perhaps with another clock. */
  open(clock?: Clock): Store;
  /** Does what a writer does that is killed in the middle of an upload to `key`. */
  leaveUnfinished(key: string): Promise<void>;
  /** Fetches a download URL from whatever serves it. */
  fetch(url: string): Promise<Response>;
  /** Bytes of an upload's part, or of a read's chunk: sizes around it are worth trying. */
  readonly partSize: number;
  /** What the server behind the store is known to do wrong; the suite then checks that it still does. */
  readonly deviations: ReadonlySet<Deviation>;
  cleanup(): Promise<void>;
}

/** What some emulators of S3 do wrong and Amazon S3 does right. */
export type Deviation =
  /** Serves a presigned URL after its time, or with a changed signature. */
  | 'ignores-expiry'
  | 'ignores-signature'
  /** Drops the tags of CreateMultipartUpload. */
  | 'drops-multipart-tags'
  /** Leaves an object its tags when it is overwritten. */
  | 'keeps-old-tags'
  /** Lets several conditional completions of multipart uploads to one key succeed when they come at once. */
  | 'completions-race';

/** The harness, and a folder that no other test uses. */
export interface StoreUnderTest extends StoreHarness {
  readonly folder: string;
}

/** Opens a fresh folder for one test. */
export type Given = () => StoreUnderTest;

/** `size` bytes that differ by `seed`, the same each time, and not periodic in any part size. */
export function bytes(size: number, seed = 1): Buffer {
  const data = Buffer.alloc(size);
  let state = (seed * 2_654_435_761) >>> 0 || 1;
  for (let at = 0; at < size; at += 1) {
    state ^= state << 13;
    state ^= state >>> 17;
    state ^= state << 5;
    data[at] = state;
  }
  return data;
}

/** `data` as a stream of chunks of `length` bytes. */
export async function* inChunks(data: Uint8Array, length: number): AsyncGenerator<Uint8Array> {
  for (let at = 0; at < data.length; at += length) yield data.subarray(at, at + length);
}

export async function collect<T>(items: AsyncIterable<T>): Promise<T[]> {
  const all: T[] = [];
  for await (const item of items) all.push(item);
  return all;
}

export async function readAll(chunks: AsyncIterable<Uint8Array>): Promise<Buffer> {
  return Buffer.concat(await collect(chunks));
}

/** For comparing big contents: a failed comparison of megabytes takes minutes to print. */
export function digest(data: Uint8Array): string {
  return `${data.length} bytes, sha256 ${createHash('sha256').update(data).digest('hex')}`;
}

/** The code of the `CofreError` that `promise` ends with, or what it ended with instead. */
export async function codeOf(promise: Promise<unknown>): Promise<ErrorCode | string> {
  try {
    await promise;
    return 'no error';
  } catch (error) {
    return error instanceof CofreError ? error.code : `not a CofreError: ${error}`;
  }
}

/** What is under a key, or `undefined`. */
export async function contentOf(store: Store, key: string): Promise<string | undefined> {
  if ((await store.head(key)) === undefined) return undefined;
  return digest((await store.get(key)).body);
}

/** How many unfinished writes there are; clears them. */
export function unfinished(store: Store): Promise<number> {
  return store.clearUnfinished(new Date(Date.now() + 3_600_000));
}
