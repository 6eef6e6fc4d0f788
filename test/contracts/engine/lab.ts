import type { Engine, RawFrame, TableCount } from '../../../lib/engines/engine.ts';
import type { ErrorCode } from '../../../lib/errors.ts';

/**
 * What the suite needs of a database system besides the engine under test. Every URL belongs to the test that asked
 * for it. Nothing here goes through the engine.
 */
export interface EngineLab {
  readonly engine: Engine;
  /** How long `engine` waits for another process's lock, ms. */
  readonly busyMs: number;
  /** The same engine, which waits as long as a test may take. */
  readonly patient: Engine;
  /** What the balances of `accounts` add up to in every sample. */
  readonly total: number;

  /**
   * A new database with the sample: tables `accounts` (id, balance), `transfers` and `notes`, at least one view and
   * one index, and so many rows that a dump has three frames or more.
   */
  createSample(): Promise<string>;
  /** A new database with other rows and objects than the sample's, some of them under the same names. */
  createOther(): Promise<string>;
  /** A new database that holds nothing. */
  createEmpty(): Promise<string>;
  /** A URL where no database is yet. */
  reserve(): string;

  /** All data, structure and settings as a text; some fixed text where no database is. */
  fingerprint(url: string): Promise<string>;
  /** Whatever can be seen of the database from outside, files for instance: must not change when nothing may. */
  traces(url: string): Promise<unknown>;
  /** What dumps and loads that are not over, or were killed, keep beside the database. */
  leftovers(url: string): Promise<string[]>;
  /** The same of `verify`, which has no database. */
  leftoversOfVerify(): Promise<string[]>;
  counts(url: string): Promise<TableCount[]>;
  numberOf(url: string, sql: string): Promise<number>;
  execute(url: string, statements: readonly string[]): Promise<void>;

  /** Starts a process that moves money between accounts, each time in one transaction with a row of `transfers`. */
  startTransfers(url: string): Promise<Transfers>;
  /** Has another process lock the database, so that it can neither be read nor written; returns what ends that. */
  lock(url: string): Promise<() => Promise<void>>;
  /** Cuts all connections that the engine has now. */
  sever(): Promise<void>;

  /** URLs of what cannot be dumped. */
  unusable(): Promise<readonly Unusable[]>;
  /** Dumps that no target may get, made of a good one. */
  damaged(frames: readonly RawFrame[]): readonly Damaged[];
  /** A dump of another database system. */
  foreign(): readonly RawFrame[];
  cleanup(): Promise<void>;
}

export interface Transfers {
  /** Transfers committed so far. */
  count(): Promise<number>;
  /** Ends the process; gives what went wrong in it. */
  stop(): Promise<readonly string[]>;
}

export interface Unusable {
  readonly title: string;
  readonly url: string;
  readonly code: ErrorCode;
}

export interface Damaged {
  readonly title: string;
  readonly frames: readonly RawFrame[];
}

/** The lab of the engine under test, once it is open. */
export type Given = () => EngineLab;
