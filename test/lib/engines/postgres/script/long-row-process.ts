// A process that verifies a dump with one row of 400 MB, and tells its parent the rows and its peak memory in KiB.
import type { RawFrame } from '../../../../../lib/engines/engine.ts';
import { verify } from '../../../../../lib/engines/postgres/verify.ts';
import { contextOf } from '../../../../contracts/engine/harness.ts';

const CHUNK = 4_000_000;

async function* frames(): AsyncGenerator<RawFrame> {
  yield frame(Buffer.from('COPY t (a, b) FROM stdin;\nshort\t1\nlong\t'));
  const bytes = Buffer.alloc(CHUNK, 'é');
  for (let n = 0; n < 100; n++) yield frame(bytes);
  yield frame(Buffer.from('\n\\.\n'));
}

function frame(bytes: Uint8Array): RawFrame {
  return { section: 'data', rows: 0, bytes };
}

const { rows } = await verify({ frames: frames() }, contextOf());
process.send?.([rows, process.resourceUsage().maxRSS]);
process.disconnect();
