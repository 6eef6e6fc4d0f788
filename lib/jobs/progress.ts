import type { Clock } from '../clock.ts';
import type { Phase, Progress } from './job.ts';

/** Progress as the numbers tell it; a note is somebody's judgement. */
export type Figures = Omit<Progress, 'note'>;

/** What changed; the rest of the phase's progress stays. */
export interface ProgressUpdate {
  readonly phase: Phase;
  readonly table?: string;
  readonly rows?: number;
  readonly bytes?: number;
  readonly totalBytes?: number;
}

/** An estimate from less than this is noise, ms. */
const SETTLED_MS = 1_000;

/** Turns updates into whole progress, with an estimate of the time left in the phase from its mean speed so far. */
export function trackProgress(
  clock: Clock,
  emit: (figures: Figures) => void,
): (update: ProgressUpdate) => void {
  let current: Figures | undefined;
  let since = 0;
  return (update) => {
    const now = clock.now().getTime();
    const same = current?.phase === update.phase ? current : undefined;
    if (!same) since = now;
    const bytes = update.bytes ?? same?.bytes ?? null;
    const totalBytes = update.totalBytes ?? same?.totalBytes ?? null;
    current = {
      phase: update.phase,
      table: update.table ?? same?.table ?? null,
      rows: update.rows ?? same?.rows ?? null,
      bytes,
      totalBytes,
      secondsLeft: secondsLeft(bytes, totalBytes, now - since),
    };
    emit(current);
  };
}

function secondsLeft(bytes: number | null, totalBytes: number | null, elapsedMs: number): number | null {
  if (!bytes || totalBytes === null || elapsedMs < SETTLED_MS) return null;
  return Math.round(((totalBytes - bytes) / bytes) * (elapsedMs / 1_000));
}
