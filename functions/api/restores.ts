import { requireFree } from '../../lib/jobs/lease.ts';
import {
  requireConsistent,
  type StartRestore,
  startRestore as startRestoreBody,
  undoOptions,
} from '../../lib/requests/restore.ts';
import { requireConfirmation } from '../../lib/tasks/restore.ts';
import { requireUndo } from '../../lib/undo.ts';
import { requirePossible } from '../restore.ts';
import { type ApiDeps, bodyOf, type Call, type Operation, start } from './operation.ts';

export const startRestore: Operation = async (deps, call) => {
  const request = bodyOf(startRestoreBody, call);
  const { name } = await deps.cofre.kindOf(request.database);
  requireConfirmation(name, request.confirm);
  requireConsistent(request, (field) => `"${field}"`);
  return await (request.undo ? startUndo(deps, call, request) : startLoad(deps, call, request));
};

async function startLoad(deps: ApiDeps, call: Call, request: StartRestore) {
  const { database, confirm: _, latest: __, undo: ___, backup, ...options } = request;
  const { catalog } = deps.cofre;
  const { id } = backup === undefined ? await catalog.latest(database) : await catalog.find(backup);
  const event = { ...options, database, backup: id };
  await requirePossible(deps.cofre, event);
  return await startOn(deps, call, database, (queued) => deps.invoke.restore({ ...event, ...queued }));
}

async function startUndo(deps: ApiDeps, call: Call, request: StartRestore) {
  const { database } = request;
  const how = undoOptions.strip().parse(request);
  requireUndo(await deps.cofre.kindOf(database));
  return await startOn(deps, call, database, (queued) => deps.invoke.undo({ ...how, database, ...queued }));
}

async function startOn(deps: ApiDeps, call: Call, database: string, handOver: Parameters<typeof start>[3]) {
  await requireFree(deps.cofre.store, database, deps.cofre.clock);
  return await start(deps, call, { kind: 'restore', database }, handOver);
}
