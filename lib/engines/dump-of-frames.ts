import { CofreError } from '../errors.ts';
import type { Dump, DumpSummary, RawFrame } from './engine.ts';

/** Frames of a dump as an engine makes them: what they sum up to is what they end with, so it cannot be had before. */
export type SummedFrames = AsyncGenerator<RawFrame, DumpSummary>;

/** The dump of these frames; its summary is what they have ended with. */
export function dumpOfFrames({
  info,
  frames,
  close,
}: Omit<Dump, 'summary'> & { frames: SummedFrames }): Dump {
  let summary: DumpSummary | undefined;
  return {
    info,
    frames: (async function* () {
      summary = yield* frames;
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
