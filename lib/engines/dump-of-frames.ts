import { CofreError } from '../errors.ts';
import type { Dump, DumpSummary } from './engine.ts';

/** The dump of these frames; its summary is what they have ended with. */
export function dumpOfFrames({ info, frames, close }: Omit<Dump, 'summary'>): Dump {
  let summary: DumpSummary | undefined;
  return {
    info,
    frames: (async function* () {
      summary = yield* frames;
      return summary;
    })(),
    summary: () => {
      if (summary) return summary;
      throw new CofreError('INTERNAL', 'A dump was asked for its summary before its frames had ended.', {
        hint: 'This is a fault of Cofre: please report it, with this message.',
      });
    },
    close,
  };
}
