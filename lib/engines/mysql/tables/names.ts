import { compactTimestamp } from '../../../clock.ts';

/** Servers refuse longer names, characters (manual, "Identifier Length Limits"). */
const LONGEST = 64;

/** `<name>_restored_<YYYYMMDD_HHMMSS>`, the name cut so that all fits; with `_<attempt>` from the second attempt on. */
export function restoredName(name: string, at: Date, attempt: number): string {
  const suffix = `_restored_${compactTimestamp(at)}${attempt > 1 ? `_${attempt}` : ''}`;
  return [...name].slice(0, LONGEST - suffix.length).join('') + suffix;
}
