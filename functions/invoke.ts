import type { PruneRequest } from '../lib/prune.ts';
import type { PruneReport } from '../lib/tasks/prune.ts';
import type {
  BackupEvent,
  RemoveEvent,
  RestoreEvent,
  RestoreTestEvent,
  UndoEvent,
  VerifyEvent,
} from './events.ts';

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
