import type { createBackupHandler } from '../../functions/backup.ts';
import type { Invoke } from '../../functions/events.ts';
import { createPruneHandler } from '../../functions/prune.ts';
import { createRemoveHandler } from '../../functions/remove.ts';
import { createRestoreHandler } from '../../functions/restore.ts';
import { createRestoreTestHandler } from '../../functions/restore-test.ts';
import { createUndoHandler } from '../../functions/undo.ts';
import { createVerifyHandler } from '../../functions/verify.ts';
import type { Cofre } from '../../lib/cofre.ts';
import { toCofreError } from '../../lib/errors.ts';

/**
 * Lambda's invocation, in this process: jobs go into `running` until they end. A failure of theirs is the job's; here it
 * is only logged.
 */
export function invokeInProcess(
  cofre: Cofre,
  backup: ReturnType<typeof createBackupHandler>,
  signal: AbortSignal,
  running: Set<Promise<void>>,
): Invoke {
  const start = async (kind: string, work: Promise<unknown>) => {
    const done = work.then(
      () => cofre.logger.info(`A ${kind} succeeded.`),
      (error) =>
        cofre.logger.error(`A ${kind} failed.`, {
          code: toCofreError(error).code,
          reason: toCofreError(error).message,
        }),
    );
    running.add(done);
    done.finally(() => running.delete(done));
  };
  const restore = createRestoreHandler(cofre, signal);
  const undo = createUndoHandler(cofre, signal);
  const verify = createVerifyHandler(cofre, signal);
  const restoreTest = createRestoreTestHandler(cofre, signal);
  return {
    backup: (event) => start('backup', backup(event)),
    restore: (event) => start('restore', restore(event)),
    undo: (event) => start('restore', undo(event)),
    verify: (event) => start('verify', verify(event)),
    restoreTest: (event) => start('restore test', restoreTest(event)),
    prune: createPruneHandler(cofre),
    remove: createRemoveHandler(cofre),
  };
}
