import type { RawFrame } from '../../engine.ts';
import { Splitter } from '../script/splitter.ts';

/** The statements of a section's frames, as text; commands of psql and comments are left out. */
export async function* statementsOf(frames: AsyncIterable<RawFrame>): AsyncGenerator<string> {
  const splitter = new Splitter();
  for await (const frame of frames) {
    for (const item of splitter.push(frame.bytes)) if (item.kind === 'statement') yield item.text;
    frame.release?.();
  }
  for (const item of splitter.end()) if (item.kind === 'statement') yield item.text;
}
