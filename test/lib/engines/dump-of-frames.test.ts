import { expect, test } from 'vitest';
import { dumpOfFrames } from '../../../lib/engines/dump-of-frames.ts';
import type { Dump } from '../../../lib/engines/engine.ts';
import { CofreError } from '../../../lib/errors.ts';

const SUMMARY = { tables: [{ name: 't', rows: 1 }], warnings: [], details: {} };
const FRAME = { section: 'data', rows: 1, bytes: Buffer.from('x') } as const;

test('a dump has a summary once its frames have ended, and not before', async () => {
  const dump = dumpOf(framesWith(() => {}));
  expect(() => dump.summary()).toThrow(CofreError);
  const iterator = dump.frames[Symbol.asyncIterator]();
  expect(await iterator.next()).toEqual({ done: false, value: FRAME });
  expect(() => dump.summary()).toThrow('before its frames had ended');
  expect(await iterator.next()).toEqual({ done: true, value: SUMMARY });
  expect(dump.summary()).toEqual(SUMMARY);
});

test('frames that fail, or are left, have none; what they hold is let go', async () => {
  let ended = 0;
  const failing = dumpOf(
    framesWith(() => {
      ended += 1;
      throw new Error('lost');
    }),
  );
  await expect(read(failing)).rejects.toThrow('lost');
  expect(() => failing.summary()).toThrow(CofreError);
  const left = dumpOf(
    framesWith(() => {
      ended += 1;
    }),
  );
  for await (const _ of left.frames) break;
  expect(() => left.summary()).toThrow(CofreError);
  expect(ended).toBe(2);
});

async function* framesWith(onEnd: () => void): Dump['frames'] {
  try {
    yield FRAME;
    return SUMMARY;
  } finally {
    onEnd();
  }
}

function dumpOf(frames: Dump['frames']): Dump {
  return dumpOfFrames({
    info: { exists: true, version: '1', size: 0, warnings: [] },
    frames,
    close: async () => {},
  });
}

async function read(dump: Dump): Promise<void> {
  for await (const _ of dump.frames);
}
