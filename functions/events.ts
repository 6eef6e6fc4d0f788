import type { z } from 'zod';
import type { PruneRequest } from '../lib/prune.ts';
import type { PruneReport } from '../lib/tasks/prune.ts';
import type {
  backupEvent,
  discardEvent,
  listEvent,
  occurrence,
  removeEvent,
  restoreEvent,
  restoreTestEvent,
  scheduled,
  undoEvent,
  verifyEvent,
} from './schemas.ts';

/** What the functions are invoked with, by their schemas. */
export type Occurrence = z.infer<typeof occurrence>;
export type BackupEvent = z.infer<typeof backupEvent>;
export type RestoreEvent = z.infer<typeof restoreEvent>;
export type UndoEvent = z.infer<typeof undoEvent>;
export type VerifyEvent = z.infer<typeof verifyEvent>;
export type RestoreTestEvent = z.infer<typeof restoreTestEvent>;
export type DiscardEvent = z.infer<typeof discardEvent>;
export type RemoveEvent = z.infer<typeof removeEvent>;
export type ListEvent = Exclude<z.infer<typeof listEvent>, z.infer<typeof scheduled>>;

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
