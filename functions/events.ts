import type { Compression } from '../lib/archive/compression.ts';
import type { Trigger } from '../lib/archive/manifest.ts';
import type { PruneRequest } from '../lib/prune.ts';
import type { PruneReport } from '../lib/tasks/prune.ts';

/** One time that a schedule fired: the id and the time of EventBridge's event. */
export interface Occurrence {
  readonly id: string;
  /** ISO 8601. */
  readonly time: string;
}

/** What the functions are invoked with. A schedule's rule sends the same, with an occurrence in place of a job. */
export interface BackupEvent {
  readonly database: string;
  readonly trigger: Trigger;
  readonly actor: string;
  /** Id of the queued job, when the API made one. */
  readonly job?: string;
  readonly occurrence?: Occurrence;
  readonly compression?: Compression;
  readonly days?: number;
  readonly email?: boolean;
  readonly recipients?: readonly string[];
}

/** How a restore is to be made; see LoadOptions of the engines' contract. */
export interface RestoreOptions {
  readonly mode?: 'transaction' | 'swap' | 'in-place';
  readonly jobs?: number;
  readonly noOwner?: boolean;
  readonly noPrivileges?: boolean;
  readonly terminateConnections?: boolean;
  /** Only these tables, beside the live ones unless `replace`. */
  readonly tables?: readonly string[];
  readonly replace?: boolean;
}

export interface RestoreEvent extends RestoreOptions {
  readonly database: string;
  /** Id of the backup. */
  readonly backup: string;
  readonly safetyBackup: boolean;
  readonly actor: string;
  readonly job?: string;
}

export interface UndoEvent {
  readonly database: string;
  readonly actor: string;
  readonly job?: string;
  readonly terminateConnections?: boolean;
}

export interface VerifyEvent {
  readonly backup: string;
  readonly actor: string;
  readonly job?: string;
}

export interface RestoreTestEvent {
  readonly backup: string;
  readonly actor: string;
  readonly job?: string;
  /** Name of a configured database, on whose server the scratch database is made; SQLite needs none. */
  readonly into?: string;
}

export interface DiscardEvent {
  readonly database: string;
  /** ISO 8601. */
  readonly before: string;
  readonly dryRun: boolean;
}

export interface RemoveEvent {
  /** Id of the backup to delete. */
  readonly remove: string;
  /** Also when it is the newest whole one of its database. */
  readonly force: boolean;
}

/** Calls functions: by Lambda's invocation, or in process. */
export interface Invoke {
  /** These start a job and do not wait for its end. */
  backup(event: BackupEvent): Promise<void>;
  restore(event: RestoreEvent): Promise<void>;
  undo(event: UndoEvent): Promise<void>;
  verify(event: VerifyEvent): Promise<void>;
  /** Absent in a stack. */
  restoreTest?(event: RestoreTestEvent): Promise<void>;
  /** These wait for the answer, and throw the function's own error. */
  prune(request: PruneRequest): Promise<PruneReport>;
  remove(event: RemoveEvent): Promise<void>;
}
