import { type Database, type DatabaseKind, engineContext, type VerbDeps } from './backup.ts';
import type { Engine, UndoOptions, UndoResult } from './engines/engine.ts';
import type { JobContext } from './jobs/run.ts';
import { cannot } from './restore.ts';

/** Puts back what the latest restore by swap replaced; what was there until now is kept in its stead. */
export async function undo(
  deps: VerbDeps,
  target: Database,
  job: JobContext,
  options: UndoOptions = {},
): Promise<UndoResult> {
  const put = requireUndo(target);
  job.report({ phase: 'install' });
  return await put(target.url, engineContext(deps, job), options);
}

/** @throws {CofreError} `USAGE` for an engine that does not swap. */
export function requireUndo({ engine }: DatabaseKind): NonNullable<Engine['undo']> {
  if (engine.undo) return engine.undo.bind(engine);
  throw cannot(engine.name, 'undo a restore', 'Restore the safety backup that its result names.');
}
