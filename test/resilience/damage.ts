import type { FrameRecord } from '../../lib/archive/manifest.ts';
import type { Random } from '../support/seeded.ts';

/** One way to damage a file. Returns the damaged bytes, which may by chance be the same as before. */
type Damage = (bytes: Buffer, random: Random, frames: readonly FrameRecord[]) => Buffer;

function flipBits(bytes: Buffer, random: Random): Buffer {
  const changed = Buffer.from(bytes);
  for (let flips = random.int(1, 9); flips > 0; flips -= 1) {
    const at = random.int(0, changed.length);
    changed[at] = changed[at]! ^ (1 << random.int(0, 8));
  }
  return changed;
}

const cutEnd: Damage = (bytes, random) => bytes.subarray(0, random.int(0, bytes.length));

/** A range of up to a third, so that small damage is as usual as big. */
function range(bytes: Buffer, random: Random): [number, number] {
  const length = Math.max(1, Math.floor((bytes.length / 3) * random.next() ** 4));
  const start = random.int(0, bytes.length - length + 1);
  return [start, start + length];
}

const dropRange: Damage = (bytes, random) => {
  const [start, end] = range(bytes, random);
  return Buffer.concat([bytes.subarray(0, start), bytes.subarray(end)]);
};

const zeroRange: Damage = (bytes, random) => {
  const [start, end] = range(bytes, random);
  return Buffer.from(bytes).fill(0, start, end);
};

function noise(random: Random): Buffer {
  return Buffer.from(Array.from({ length: random.int(1, 100) }, () => random.int(0, 256)));
}

const insert: Damage = (bytes, random) => {
  const at = random.int(0, bytes.length + 1);
  return Buffer.concat([bytes.subarray(0, at), noise(random), bytes.subarray(at)]);
};

const append: Damage = (bytes, random) => Buffer.concat([bytes, noise(random)]);

const swapFrames: Damage = (bytes, random, frames) => {
  const order = frames.map((frame) => bytes.subarray(frame.offset, frame.offset + frame.size));
  const [first, second] = [random.int(0, order.length), random.int(0, order.length)];
  [order[first], order[second]] = [order[second]!, order[first]!];
  return Buffer.concat(order);
};

const DAMAGES: Readonly<Record<string, Damage>> = {
  'flip bits': flipBits,
  'cut the end': cutEnd,
  'drop a range': dropRange,
  'zero a range': zeroRange,
  insert,
  append,
  'swap frames': swapFrames,
};

/** Bytes that surely differ, and what was done to them. Frames are given for an archive only. */
export function damage(bytes: Buffer, random: Random, frames: readonly FrameRecord[] = []) {
  const kinds = Object.keys(DAMAGES).filter((kind) => frames.length > 1 || kind !== 'swap frames');
  for (;;) {
    const kind = random.pick(kinds);
    const changed = DAMAGES[kind]!(bytes, random, frames);
    if (!changed.equals(bytes)) return { kind, changed };
  }
}
