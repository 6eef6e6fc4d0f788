import type { Progress } from '../types.ts';

/** How much is done, from 0 to 1; `null` when nobody can know. */
export function doneShare(progress: Progress | null): number | null {
  if (!progress?.totalBytes || progress.bytes === null) return null;
  return Math.min(1, progress.bytes / progress.totalBytes);
}
