import type { Progress } from '../jobs/job.ts';
import { formatBytes, formatSeconds, type Streams } from './output.ts';

const BAR = 24;
const FRAME_MS = 100;

export interface ProgressLine {
  show(progress: Progress): void;
  /** Takes the line away. */
  clear(): void;
}

/** One line on stderr, written over; nothing at all unless stderr is a terminal. */
export function progressLine({ stderr }: Streams, quiet: boolean): ProgressLine {
  if (quiet || !stderr.isTTY) return { show: () => {}, clear: () => {} };
  let shownAt = 0;
  let phase = '';
  return {
    show: (progress) => {
      const now = Date.now();
      if (progress.phase === phase && now - shownAt < FRAME_MS) return;
      [shownAt, phase] = [now, progress.phase];
      stderr.write(`\r\x1b[2K${line(progress).slice(0, (stderr.columns || 80) - 1)}`);
    },
    clear: () => void (phase && stderr.write('\r\x1b[2K')),
  };
}

function line({ phase, bytes, totalBytes, secondsLeft, table, note }: Progress): string {
  const words = [phase.padEnd(9)];
  if (bytes !== null && totalBytes)
    words.push(bar(bytes / totalBytes), `${formatBytes(bytes)} of ${formatBytes(totalBytes)}`);
  else if (bytes !== null) words.push(formatBytes(bytes));
  if (table) words.push(table);
  if (secondsLeft !== null) words.push(`${formatSeconds(secondsLeft)} left`);
  if (note) words.push(note);
  return words.join('  ');
}

function bar(part: number): string {
  const filled = Math.round(Math.min(1, part) * BAR);
  return `[${'#'.repeat(filled)}${'.'.repeat(BAR - filled)}] ${Math.floor(Math.min(1, part) * 100)}%`;
}
