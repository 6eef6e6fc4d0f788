import type { ContentObject, ContentSum } from '../../content/content.ts';
import type { TableCount } from '../../engine.ts';

/**
 * What the parent asks of the child process, one request at a time, and what it gets back.
 *
 * All SQLite connections live in the child, all plain file access in the parent. A process that closes any file
 * descriptor of a database loses all its POSIX locks on it (https://www.sqlite.org/howtocorrupt.html, 2.2); with two
 * processes that cannot happen. A child can also be killed in the middle of a long check, which a thread cannot.
 */
export interface Requests {
  inspect: { request: { path: string }; response: FileFacts };
  /** Opens a read transaction and keeps it until the child ends. */
  snapshot: { request: { path: string; busyMs: number }; response: Snapshot };
  /** Whether the snapshot's transaction is still open. */
  held: { request: object; response: boolean };
  /** Lets SQLite clear up after a process that was killed: a journal is rolled back, an unused log removed. */
  recover: { request: { path: string }; response: null };
  /** Checks structure and counts rows, inside the snapshot when there is one. */
  check: { request: { path: string; depth: CheckDepth }; response: CheckReport };
  /** Reads all that is in a database that nobody else uses; see content.ts. */
  content: { request: { path: string }; response: ContentReport };
  /** Copies the database at `from` over the one at `to`, through SQLite's own locking, as one transaction. */
  install: { request: { from: string; to: string; busyMs: number }; response: { pages: number } };
  /** Ends the install under way before its next step. Has no answer of its own: the install's fails as `CANCELLED`. */
  cancel: { request: object; response: null };
}

export const CANCELLED = 'CANCELLED';

/** `full`: `PRAGMA integrity_check`; `quick`: `PRAGMA quick_check` (does not compare indexes with tables); `rows`: no check of structure. */
export type CheckDepth = 'full' | 'quick' | 'rows';

export interface FileFacts {
  readonly version: string;
  readonly pageSize: number;
  readonly pages: number;
  readonly journalMode: string;
}

export interface Snapshot extends FileFacts {
  /** Set in WAL mode when frames of the write-ahead log belong to the snapshot. */
  readonly wal: WalMark | null;
}

/** Frames 1 to `lastFrame` of the log with these salts belong to the snapshot. */
export interface WalMark {
  readonly lastFrame: number;
  /** The eight salt bytes of the log's header, hex. */
  readonly salts: string;
}

export interface CheckReport {
  /** Empty when all is well; else what SQLite said, at most 20 lines. */
  readonly problems: readonly string[];
  readonly tables: readonly TableCount[];
  /** What could not be checked here, and why. */
  readonly warnings: readonly string[];
}

/** Several objects of one kind and name belong together. */
export interface ContentReport {
  readonly objects: readonly ContentObject[];
  readonly sums: readonly ContentSum[];
}

export type Command = keyof Requests;

export type Answer =
  | { readonly ok: unknown }
  | { readonly progress: { readonly bytes: number; readonly totalBytes: number } }
  | {
      readonly failed: {
        readonly message: string;
        readonly sqliteCode: number | null;
        readonly code: string | null;
      };
    };
