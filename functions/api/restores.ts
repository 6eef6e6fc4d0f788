import { CofreError } from '../../lib/errors.ts';
import { requireFree } from '../../lib/jobs/lease.ts';
import { requireConfirmation } from '../../lib/tasks/restore.ts';
import { requireUndo } from '../../lib/undo.ts';
import type { RestoreOptions } from '../events.ts';
import { requirePossible } from '../restore.ts';
import { type ApiDeps, accepted, type Operation } from './operation.ts';

interface StartRestore extends RestoreOptions {
  readonly database: string;
  readonly confirm: string;
  readonly backup?: string;
  readonly latest?: true;
  readonly undo?: true;
  readonly safetyBackup?: boolean;
}

export const startRestore: Operation = async (deps, { actor, body }) => {
  const request = body as StartRestore;
  const { cofre } = deps;
  const { name } = await cofre.database(request.database);
  requireConfirmation(name, request.confirm);
  return await (request.undo ? startUndo(deps, request, actor) : startLoad(deps, request, actor));
};

async function startLoad({ cofre, invoke }: ApiDeps, request: StartRestore, actor: string) {
  const { database, confirm: _, latest: __, undo: ___, backup, ...options } = request;
  requireConsistent(options);
  const { id } =
    backup === undefined ? await cofre.catalog.latest(database) : await cofre.catalog.find(backup);
  // A swap keeps the whole database that it replaces.
  const safetyBackup = request.safetyBackup ?? request.mode !== 'swap';
  const event = { ...options, database, backup: id, safetyBackup, actor };
  await requirePossible(cofre, event);
  const job = await queue({ cofre }, database, actor);
  await invoke.restore({ ...event, job: job.id });
  return accepted(job);
}

async function startUndo({ cofre, invoke }: ApiDeps, request: StartRestore, actor: string) {
  const { database, confirm: _, undo: __, ...others } = request;
  const [other] = Object.keys(others);
  if (other !== undefined) throw clash('undo', other);
  requireUndo(await cofre.database(database));
  const job = await queue({ cofre }, database, actor);
  await invoke.undo({ database, actor, job: job.id });
  return accepted(job);
}

async function queue({ cofre }: Pick<ApiDeps, 'cofre'>, database: string, actor: string) {
  await requireFree(cofre.store, database, cofre.clock);
  return await cofre.journal.create({ kind: 'restore', database, trigger: 'manual', actor });
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
