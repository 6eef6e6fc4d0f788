// A process that loads a dump and is going to be killed: URL and a file with the frames; with `endless`, the frames
// never end. Tells its parent where it is.
import { readFileSync } from 'node:fs';
import { deserialize } from 'node:v8';
import type { RawFrame } from '../../../lib/engines/engine.ts';
import { engineFor } from '../../../lib/engines/registry.ts';
import { contextOf } from './harness.ts';

const [url, file, mode] = process.argv.slice(2);
const frames = deserialize(readFileSync(file!)) as RawFrame[];

async function* source(): AsyncGenerator<RawFrame> {
  for (const frame of frames) {
    yield frame;
    if (mode === 'endless') break;
  }
  if (mode !== 'endless') return;
  process.send?.('waiting');
  await new Promise(() => setInterval(() => {}, 1_000)); // for ever
}

process.send?.('begun');
await engineFor(url!).load(url!, { frames: source() }, contextOf());
process.send?.('loaded');
