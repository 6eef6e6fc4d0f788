import { CofreError } from '../../lib/errors.ts';
import { requireFree } from '../../lib/jobs/lease.ts';
import { requireConfirmation } from '../../lib/tasks/restore.ts';
import { requireUndo } from '../../lib/undo.ts';
import type { RestoreOptions } from '../events.ts';
import { requirePossible } from '../restore.ts';
import { type ApiDeps, type Call, type Operation, start } from './operation.ts';

interface StartRestore extends RestoreOptions {
  readonly database: string;
  readonly confirm: string;
  readonly backup?: string;
  readonly latest?: true;
  readonly undo?: true;
  readonly safetyBackup?: boolean;
}

export const startRestore: Operation = async (deps, call) => {
  const request = call.body as StartRestore;
  const { name } = await deps.cofre.kindOf(request.database);
  requireConfirmation(name, request.confirm);
  return await (request.undo ? startUndo(deps, call, request) : startLoad(deps, call, request));
};

async function startLoad(deps: ApiDeps, call: Call, request: StartRestore) {
  const { database, confirm: _, latest: __, undo: ___, backup, ...options } = request;
  const { catalog } = deps.cofre;
  requireConsistent(options);
  const { id } = backup === undefined ? await catalog.latest(database) : await catalog.find(backup);
  // A swap keeps the whole database that it replaces.
  const safetyBackup = request.safetyBackup ?? request.mode !== 'swap';
  const event = { ...options, database, backup: id, safetyBackup };
  await requirePossible(deps.cofre, event);
  return await startOn(deps, call, database, (queued) => deps.invoke.restore({ ...event, ...queued }));
}

async function startUndo(deps: ApiDeps, call: Call, request: StartRestore) {
  const { database, confirm: _, undo: __, terminateConnections, ...others } = request;
  const [other] = Object.keys(others);
  if (other !== undefined) throw clash('undo', other);
  requireUndo(await deps.cofre.kindOf(database));
  return await startOn(deps, call, database, (queued) =>
    deps.invoke.undo({ database, ...(terminateConnections && { terminateConnections }), ...queued }),
  );
}

async function startOn(deps: ApiDeps, call: Call, database: string, handOver: Parameters<typeof start>[3]) {
  await requireFree(deps.cofre.store, database, deps.cofre.clock);
  return await start(deps, call, { kind: 'restore', database }, handOver);
}

/** As the command line's options; see lib/cli/commands/restore-options.ts. */
function requireConsistent({ tables, replace, mode, jobs, noOwner, noPrivileges }: RestoreOptions): void {
  if (tables === undefined && replace) throw clash('replace', 'a restore without tables');
  const whole = Object.entries({ mode, jobs, noOwner, noPrivileges });
  const [name] = whole.find(([, value]) => value !== undefined && value !== false) ?? [];
  if (tables !== undefined && name !== undefined) throw clash('tables', name);
}

function clash(one: string, other: string): CofreError {
  return new CofreError('USAGE', `"${one}" does not go with ${other}.`, { hint: 'See /api/openapi.json.' });
}
