/**
 * The contract between Cofre and the place where backups live. `test/contracts/store.ts` is its conformance suite:
 * every store passes it unchanged.
 *
 * - **Keys** are UTF-8 strings of segments joined by `/`, without empty, `.` or `..` segments. A store adds its own
 *   prefix and never shows it. Segments that start with `.cofre` belong to the store itself. No control characters; at
 *   most 255 bytes a segment and 1,024 in all; no key is also the folder of another (`a` and `a/b`). What is no key, or
 *   no tag, or no range, is refused with `USAGE`.
 * - **Objects appear whole or not at all.** A reader never sees part of an object being written; a failed, aborted or
 *   killed write leaves what was there before. What a kill leaves behind is invisible to `list` and is cleared by
 *   `clearUnfinished`.
 * - **A write that returned is durable**: the directory store has synced file and folder, S3 has answered.
 * - **Read after write is strong**: `head`, `get`, `read` and `list` see a finished `put`, `upload`, `delete` at once
 *   (Amazon S3 data consistency model; POSIX).
 * - **Memory is bounded**: `upload` and `read` hold a few parts, whatever the object's size.
 * - **Faults**: transient ones (HTTP 500, 503 SlowDown, reset, time-out) are retried inside the store with back-off;
 *   what remains is thrown as a `CofreError`: `STORE_UNAVAILABLE`, `STORE_DENIED`, `STORE_NOT_FOUND`,
 *   `STORE_CONFLICT` (a condition did not hold), `NO_SPACE`, or `ABORTED` when `signal` fired. After any failure of
 *   `upload`, unfinished parts or temporary files are gone (best effort) and the key is as before.
 * - An error of the `chunks` source is rethrown as it is, after the same clean-up.
 */
export interface Store {
  /** Where this store is, for people: `./backups` or `s3://bucket/prefix`. Holds no secret. */
  readonly url: string;

  /** Writes a small object (up to a few MiB) in one step. */
  put(key: string, body: Uint8Array, options?: PutOptions): Promise<StoredObject>;

  /** Writes an object of any size from a stream, with bounded memory. A chunk is used up before the next one is asked for. */
  upload(key: string, chunks: AsyncIterable<Uint8Array>, options?: UploadOptions): Promise<StoredObject>;

  /** Reads a small object whole. @throws {CofreError} `STORE_NOT_FOUND` */
  get(key: string): Promise<{ body: Uint8Array; object: StoredObject }>;

  /**
   * Streams an object or a byte range of it. Resumes by itself after a dropped connection, and fails with
   * `STORE_CONFLICT` rather than mix two versions should the object be replaced meanwhile.
   * Ends only after exactly the asked bytes; a range past the object's end is a `STORE_CONFLICT`.
   * @throws {CofreError} `STORE_NOT_FOUND`
   */
  read(key: string, options?: ReadOptions): AsyncIterable<Uint8Array>;

  /** Metadata, or `undefined` when there is no such object. */
  head(key: string): Promise<StoredObject | undefined>;

  /** All objects whose key starts with `prefix`, in ascending order of the keys' UTF-8 bytes. */
  list(prefix: string): AsyncIterable<StoredObject>;

  /** Removes an object; no error when it does not exist. */
  delete(key: string): Promise<void>;

  /** The value of the `retention` tag, `undefined` when there is none. @throws {CofreError} `STORE_NOT_FOUND` */
  getTag(key: string): Promise<string | undefined>;

  /** Replaces the `retention` tag. Does not change the object's `etag` or `modifiedAt`. @throws `STORE_NOT_FOUND` */
  setTag(key: string, tag: string): Promise<void>;

  /** A URL that downloads the object without further credentials until it expires. Makes no request. */
  downloadUrl(key: string, options: DownloadUrlOptions): Promise<string>;

  /** Clears what killed writers left behind and nobody can see, if begun before `olderThan`; says how many. */
  clearUnfinished(olderThan: Date): Promise<number>;
}

export interface StoredObject {
  readonly key: string;
  /** Bytes. */
  readonly size: number;
  readonly modifiedAt: Date;
  /** Opaque version of the content; changes whenever other content is written (S3: it is a hash of the content). */
  readonly etag: string;
}

/** `absent`: write only when there is no such object. `etag`: only when the object is still that version. */
export type Condition = { readonly absent: true } | { readonly etag: string };

export interface PutOptions {
  /** Value of the `retention` tag, set with the object in one step. */
  readonly tag?: string;
  readonly contentType?: string;
  /** @throws {CofreError} `STORE_CONFLICT` when it does not hold. Atomic against other writers. */
  readonly condition?: Condition;
  readonly signal?: AbortSignal;
}

export interface UploadOptions extends Omit<PutOptions, 'condition'> {
  /** Only `absent`: two uploads to one key cannot both succeed. */
  readonly condition?: { readonly absent: true };
}

export interface ReadOptions {
  /** First byte, from 0. */
  readonly start?: number;
  /** One past the last byte. */
  readonly end?: number;
  readonly signal?: AbortSignal;
}

export interface DownloadUrlOptions {
  /** Seconds until the URL stops working. */
  readonly expiresIn: number;
  /** Name under which a browser saves the file (`Content-Disposition: attachment`, RFC 6266). */
  readonly fileName: string;
  readonly contentType?: string;
  /** `Content-Encoding` of the response: `zstd` or `gzip` lets a browser unpack while it saves (RFC 9110, 8.4). */
  readonly contentEncoding?: 'zstd' | 'gzip';
}
