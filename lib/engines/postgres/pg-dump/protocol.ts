/** What the worker thread is started with. */
export interface WorkerData {
  /** One Int32: 1 when an answer has been posted. */
  readonly flag: SharedArrayBuffer;
}

/** The first message to the worker: what to run pg_dump with. */
export interface WorkerInput {
  /** pg_dump's arguments, without its --restrict-key. */
  readonly args: readonly string[];
  /** For its \restrict line. */
  readonly key: string;
  /** The server's part of the start of a connection, up to ReadyForQuery. */
  readonly greeting: Uint8Array;
}

/** What the worker posts; then it gets the answer to a query as a bare `Uint8Array`, up to ReadyForQuery. */
export type WorkerMessage =
  | { readonly query: Uint8Array }
  /** pg_dump's file, as it wrote it. */
  | { readonly written: Uint8Array<ArrayBuffer> }
  /** What pg_dump wrote to its stderr before it failed. */
  | { readonly failed: string };
