import type { Engine, LoadMode } from './engines/engine.ts';
import { CofreError } from './errors.ts';

/**
 * The mode in which an engine restores when `wanted` was asked for: its default when nothing was. `transaction` on an
 * engine without it means its default too: the first versions called every default so.
 * @throws {CofreError} `USAGE` for one that the engine does not know
 */
export function modeOf(
  { name, modes }: Pick<Engine, 'name' | 'modes'>,
  wanted: LoadMode | undefined,
): LoadMode {
  if (wanted !== undefined && modes.includes(wanted)) return wanted;
  if (wanted === undefined || wanted === 'transaction') return modes[0];
  throw new CofreError('USAGE', `The engine ${name} cannot restore with mode "${wanted}".`, {
    hint: `Its modes are ${modes.join(', ')}; the first is the default. Nothing was changed.`,
  });
}

/** Whether what a restore replaces is kept by itself, so that it can be undone: then it needs no safety backup. */
export function keepsReplaced(engine: Pick<Engine, 'undo'>, mode: LoadMode): boolean {
  return mode === 'swap' && engine.undo !== undefined;
}
