import { constants, createZstdCompress } from 'node:zlib';
import { free } from '../memory.ts';
import type { Content, Packer } from './packer.ts';

/**
 * Text of a dump takes as little room at level 1 as at 3, zstd's own default, or less, in two thirds of the time; pages
 * of a database file take a fifth more (docs/decisions/0013).
 */
const LEVELS: Readonly<Record<Content, number>> = { text: 1, pages: 3 };

/** Bytes of a buffer that the compressor fills, piece by piece. */
const OUTPUT = 2 * 1024 * 1024;

/**
 * One compressor for many frames: each write ends a frame. A new one for each frame, as the one-shot functions of
 * node:zlib make it, costs as much as packing a small frame, and megabytes that V8 has to collect.
 */
export function zstdPacker(content: Content): Packer {
  const compressor = createZstdCompress({
    params: {
      [constants.ZSTD_c_compressionLevel]: LEVELS[content],
      // Of the raw bytes: unpacking checks the compressor too.
      [constants.ZSTD_c_checksumFlag]: 1,
    },
    flush: constants.ZSTD_e_end,
    chunkSize: OUTPUT,
  });
  let pieces: Buffer[] = [];
  let filling: Buffer | undefined;
  // The compressor has begun a new buffer when a piece comes from another one: all pieces of the old one are copied then.
  const take = () => {
    const packed = joined(pieces);
    for (const piece of pieces) {
      if (filling && piece.buffer !== filling.buffer) free(filling);
      filling = piece;
    }
    pieces = [];
    return packed;
  };
  compressor.on('data', (piece: Buffer) => void pieces.push(piece));
  compressor.on('error', () => {}); // Told to whoever waits for the write.
  return {
    async pack(bytes) {
      await new Promise<void>((resolve, reject) => {
        compressor.write(bytes, (error) => (error ? reject(error) : resolve()));
      });
      return take();
    },
    close: () => void compressor.destroy(),
  };
}

/** In memory of its own, which can be given back as soon as it is written. */
function joined(pieces: readonly Buffer[]): Buffer {
  const packed = Buffer.allocUnsafeSlow(pieces.reduce((sum, { length }) => sum + length, 0));
  let at = 0;
  for (const piece of pieces) at += piece.copy(packed, at);
  return packed;
}
