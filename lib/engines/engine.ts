import type { Clock } from '../clock.ts';
import type { Logger } from '../logger.ts';
import type { Content, ContentObject, Explanation } from './content/content.ts';
import type { LoadMode, LoadOptions } from './load-options.ts';
import type { EngineUrls } from './urls.ts';

export type { LoadMode, LoadOptions } from './load-options.ts';

/**
 * The contract between Cofre and a database system. `test/contracts/engine.ts` is its conformance suite: every engine
 * passes it unchanged.
 *
 * - **A dump is one consistent snapshot.** Its frames end normally only after the engine has made sure that nothing
 *   is missing: connection alive to the end, rows counted, structure checked. Whatever is wrong is thrown from the
 *   iteration, so that a reader of frames can never take a part for the whole.
 * - **A dump leaves the source untouched** and lets other processes go on, as far as the database system allows.
 * - **A load is all or nothing.** When it throws, or is killed at any moment, the target holds exactly what it held
 *   before; when it returns, exactly the backup. Frames are read to their end before the target is touched.
 * - **Bad input gets a `CofreError`** with a hint: `SOURCE_NOT_FOUND`, `SOURCE_INVALID`, `SOURCE_DAMAGED`,
 *   `SOURCE_BUSY`, `TARGET_BUSY`, `TARGET_INVALID`, `RESTORE_REFUSED`, `NO_SPACE`.
 * - Every method stops soon after `context.signal` fires, throws its reason, and leaves nothing behind.
 */
export interface Engine {
  readonly name: EngineName;
  /** As people write it: `PostgreSQL`. */
  readonly title: string;
  /** What its URLs say. */
  readonly urls: EngineUrls;
  readonly plainFile: PlainFile;
  readonly capabilities: Capabilities;
  /** The ways in which it loads a whole database; the first is its default. */
  readonly modes: readonly [LoadMode, ...LoadMode[]];

  /** What is at `url` now; `exists: false` when nothing is. @throws {CofreError} `SOURCE_INVALID`, `SOURCE_DAMAGED` */
  inspect(url: string, context: EngineContext): Promise<DatabaseInfo>;

  /** Opens a snapshot of the database. The caller iterates `frames` to the end, or leaves the iteration early. */
  dump(url: string, context: EngineContext): Promise<Dump>;

  /** Replaces all data at `url` (made when missing) by the dump in `input`. */
  load(url: string, input: LoadInput, context: EngineContext, options?: LoadOptions): Promise<LoadResult>;

  /** Checks a dump without touching any target: it would load, and holds the expected rows. */
  verify(input: LoadInput, context: EngineContext): Promise<LoadResult>;

  /** Clears what killed dumps and loads left beside the database at `url`; says how many things. */
  sweep(url: string): Promise<number>;

  /** What `sweep` does, and whatever else is wrong there, told in full sentences. Absent: there is no more to tell. */
  doctor?(url: string, context: EngineContext): Promise<readonly Finding[]>;

  /** Brings single tables back: all of them, or nothing is changed. Absent: the engine cannot. */
  loadTables?(
    url: string,
    input: TablesInput,
    context: EngineContext,
    options: TablesOptions,
  ): Promise<TablesResult>;

  /** Tables that `loadTables` takes though they hold no rows of their own (partitioned ones), by the details of a dump. */
  emptyTables?(details: DumpSummary['details']): readonly string[];

  /** Restores into scratch databases, and what two dumps have in common. */
  readonly restoreTest: RestoreTestCapability;

  /** Puts back what the latest swap replaced. Absent: a swap keeps nothing, or there is none. @throws {CofreError} `BACKUP_NOT_FOUND` */
  undo?(url: string, context: EngineContext, options?: UndoOptions): Promise<UndoResult>;

  /** Names what swaps replaced and kept before `before`, and drops it unless `dryRun`. Absent: they keep nothing. */
  discard?(url: string, before: Date, dryRun: boolean): Promise<readonly string[]>;
}

/** The engines there are; manifests tell of them by these names. */
export const ENGINE_NAMES = ['sqlite', 'postgres', 'mysql'] as const;
export type EngineName = (typeof ENGINE_NAMES)[number];

/** The plain file of a backup: what is in an archive, once it is unpacked. */
export interface PlainFile {
  /** Without the dot. */
  readonly extension: 'sqlite3' | 'sql';
  /** As registered with IANA. */
  readonly mediaType: string;
  /** SQL text, or the pages of a database file. */
  readonly content: 'text' | 'pages';
  /** Commands for someone who has nothing but the file and the database system's own tools. */
  byHand(file: string): readonly string[];
}

/** What a restore test needs of an engine beyond `load` and `dump`. */
export interface RestoreTestCapability {
  /**
   * Makes an empty database to restore into, like the one that `like` describes, and marks it as its maker's. Sweeps
   * first: what restore tests that died have left on that server is dropped, from whichever host they came. Nothing
   * without the mark is ever dropped.
   * @param place URL of a database of the server; of no meaning where there is none, and the temporary folder is used.
   * @throws {CofreError} `TARGET_INVALID`; `RESTORE_REFUSED` when the user may not, with the statement to grant it
   */
  openScratch(place: string, like: Expected, context: EngineContext): Promise<Scratch>;

  /** What is in a dump, read to its end. Memory grows with the number of objects, not with the rows. */
  content(dump: ContentSource, context: EngineContext): Promise<Content>;

  /** What of the server makes an object come back as another one; `null` when nothing does. */
  explain(
    was: ContentObject | undefined,
    is: ContentObject | undefined,
    between: Between,
  ): Explanation | null;
}

/** A database that lives for one restore test. */
export interface Scratch {
  /** `cofre_restore_test_` and random letters and digits; or the name of a file. */
  readonly name: string;
  /** Holds the password, if there is one. */
  readonly url: string;
  /** Where it is, without secrets: `postgres://cofre@db.example.com:5432`. */
  readonly server: string;
  /** Of the database system there. */
  readonly version: string;
  /**
   * Drops it and whatever was made for it; content when it is gone. May be called twice. Does not end with the context's
   * signal.
   */
  drop(): Promise<void>;
}

export interface ContentSource {
  readonly frames: AsyncIterable<RawFrame>;
  /** As in the manifest; asked for only once `frames` has ended. */
  readonly details: () => DumpSummary['details'];
}

/** The two sides of a restore test. */
export interface Between {
  readonly was: Side;
  readonly is: Side;
}

export interface Side {
  /** Of the database system. */
  readonly version: string;
  readonly details: DumpSummary['details'];
  /** What the load warned of; of `was`, the dump. */
  readonly warnings: readonly string[];
}

export interface Capabilities {
  /** The plain file only makes sense in the order of the frames (a binary image, not SQL batches). */
  readonly orderedFrames: boolean;
  /** There are roles and sessions: `noOwner`, `noPrivileges` and `terminateConnections` mean something. */
  readonly roles: boolean;
}

export interface EngineContext {
  readonly signal: AbortSignal;
  readonly logger: Logger;
  readonly clock: Clock;
  readonly report: (progress: EngineProgress) => void;
  /** Called right before a target is changed; throws when this job has lost its right to do so. */
  readonly fence: () => Promise<void>;
}

/** What an engine tells of its progress; all numbers are totals so far. */
export interface EngineProgress {
  readonly phase: 'inspect' | 'dump' | 'check' | 'load' | 'install';
  readonly table?: string;
  readonly rows?: number;
  /** Bytes of the database handled. */
  readonly bytes?: number;
  readonly totalBytes?: number;
}

export interface DatabaseInfo {
  readonly exists: boolean;
  /** Version of the database system, as it calls itself. */
  readonly version: string;
  /** Bytes of the database, as far as it can tell; 0 when it does not exist. */
  readonly size: number;
  /** Things its admin should know, in full sentences. */
  readonly warnings: readonly string[];
}

export type Section = 'pre-data' | 'data' | 'post-data';

/** A few MiB of a dump, complete in itself: a SQL batch, or a range of a binary image. */
export interface RawFrame {
  readonly section: Section;
  /** Set when the frame holds rows of one table. */
  readonly table?: string;
  readonly rows: number;
  readonly bytes: Uint8Array;
  /** Gives `bytes` back for reuse; whoever does not call it leaves them to the garbage collector. */
  readonly release?: () => void;
}

export interface Dump {
  readonly info: DatabaseInfo;
  /** Ends with what the frames sum up to, so that it cannot be had before. */
  readonly frames: AsyncGenerator<RawFrame, DumpSummary, void>;
  /** The same again, for a reader whose loop leaves out what a generator returns. @throws {CofreError} `INTERNAL` before the end */
  summary(): DumpSummary;
  /** Lets go of the snapshot, whether or not `frames` was ever iterated. May be called twice. */
  close(): Promise<void>;
}

export interface TableCount {
  readonly name: string;
  readonly rows: number;
}

export interface DumpSummary {
  readonly tables: readonly TableCount[];
  readonly warnings: readonly string[];
  /** What the engine wants to remember in the manifest; JSON values. */
  readonly details: Readonly<Record<string, string | number | boolean | null>>;
}

/** What the manifest says of a dump that Cofre made. */
export interface Expected {
  readonly rawSize: number;
  readonly tables: readonly TableCount[];
  /** What the engine noted when it made the dump. */
  readonly details?: DumpSummary['details'];
}

/** A dump that can be read in any order. */
export interface DumpParts {
  /** Tables in the order of the dump, with the bytes of their frames. */
  readonly tables: readonly { readonly name: string; readonly size: number }[];
  /**
   * Frames of one section; of `data` with `tables` only those of these tables, of no table when there are none. Several
   * can be read at the same time.
   */
  read(section: Section, tables?: readonly string[]): AsyncIterable<RawFrame>;
}

export interface LoadInput {
  readonly frames: AsyncIterable<RawFrame>;
  /** The same frames, for an engine that is faster when it reads them in an order of its own; absent when they cannot. */
  readonly parts?: DumpParts;
  /** From the manifest; absent when the file was not made by Cofre. */
  readonly expected?: Expected;
}

export interface TablesInput {
  /** Names as in `known`, or of `emptyTables`. */
  readonly tables: readonly string[];
  /** All tables of the dump. */
  readonly known: readonly TableCount[];
  readonly details?: DumpSummary['details'];
  /** Frames of one section; of `data` only those of the tables named. Nothing else is read. */
  readonly read: DumpParts['read'];
}

export interface TablesOptions extends UndoOptions {
  /** Replace the rows of the live tables, instead of making tables beside them. */
  readonly replace: boolean;
}

export interface TablesResult {
  readonly tables: readonly (TableCount & { readonly restoredAs: string })[];
  readonly rows: number;
  readonly warnings: readonly string[];
}

export type UndoOptions = Pick<LoadOptions, 'terminateConnections'>;

/** Something that was found out about a database. */
export interface Finding {
  /** `mended`: it was wrong and is not any more. */
  readonly kind: 'mended' | 'problem';
  readonly text: string;
}

export interface UndoResult {
  /** What is in the database's place now, and the name under which what was there until now is kept. */
  readonly restored: string;
  readonly kept: string;
}

export interface LoadResult {
  readonly tables: readonly TableCount[];
  readonly rows: number;
  readonly warnings: readonly string[];
}
