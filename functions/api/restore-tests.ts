import { CofreError } from '../../lib/errors.ts';
import { startRestoreTest as startRestoreTestBody } from '../../lib/requests/restore-test.ts';
import { requirePlace } from '../../lib/tasks/restore-test.ts';
import { bodyOf, type Operation, start } from './operation.ts';
import { idOf } from './request.ts';

export const startRestoreTest: Operation = async (deps, call) => {
  const { cofre, invoke } = deps;
  const { into, here } = bodyOf(startRestoreTestBody, call);
  const backup = await cofre.catalog.find(idOf(call));
  const handOver = invoke.restoreTest;
  if (!handOver) throw notHere();
  const place = requirePlace(backup, { into, here });
  // A name that is not configured is refused before there is a job.
  if (place !== undefined) await cofre.kindOf(place);
  const { id, database } = backup;
  return await start(deps, call, { kind: 'restore-test', database }, (queued) =>
    handOver({ backup: id, ...queued, ...(place !== undefined && { into: place }) }),
  );
};

function notHere(): CofreError {
  return new CofreError('USAGE', 'A stack in AWS cannot test restores.', {
    hint: 'Do it from a machine that reaches the store and a server: cofre restore-test ID --into URL.',
  });
}
