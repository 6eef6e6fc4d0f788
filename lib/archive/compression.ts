import { promisify } from 'node:util';
import { gunzip, gzip, zstdDecompress } from 'node:zlib';
import type { Content, Packer } from './packer.ts';
import { zstdPacker } from './zstd-packer.ts';

export type { Content } from './packer.ts';

export const COMPRESSIONS = ['zstd', 'gzip', 'none'] as const;
export type Compression = (typeof COMPRESSIONS)[number];

/**
 * Packs bytes so that packed pieces can simply be joined: zstd frames (RFC 8878, 3.1) and gzip members (RFC 1952, 2.2)
 * may follow each other, and standard tools unpack them as one file.
 */
export interface Codec {
  /** Added to the plain file's name. */
  readonly suffix: '.zst' | '.gz' | '';
  packer(content: Content): Packer;
  /** @throws when `bytes` is no valid piece, or unpacks to anything but exactly `rawSize` bytes. */
  unpack(bytes: Uint8Array, rawSize: number): Promise<Uint8Array>;
}

const decompressZstd = promisify(zstdDecompress);
const compressGzip = promisify(gzip);
const decompressGzip = promisify(gunzip);

export const codecs: Readonly<Record<Compression, Codec>> = {
  zstd: {
    suffix: '.zst',
    packer: zstdPacker,
    unpack: async (bytes, rawSize) => exactly(await decompressZstd(bytes, limits(rawSize)), rawSize),
  },
  gzip: {
    suffix: '.gz',
    packer: () => ({ pack: (bytes) => compressGzip(bytes, outputs(bytes)), close: () => {} }),
    unpack: async (bytes, rawSize) => exactly(await decompressGzip(bytes, limits(rawSize)), rawSize),
  },
  none: {
    suffix: '',
    packer: () => ({ pack: async (bytes) => bytes, close: () => {} }),
    unpack: async (bytes, rawSize) => exactly(bytes, rawSize),
  },
};

/** Packed data mostly fits one output chunk; with the default of 16 KiB there are hundreds, all copied at the end. */
function outputs(bytes: Uint8Array) {
  return { chunkSize: Math.max(16_384, Math.ceil(bytes.length / 2)) };
}

/** A little more than is needed: zlib makes another chunk as soon as one is full, and at this size that hurts. */
const SPARE = 64;

/** One output chunk, and not a byte more than the manifest says. */
function limits(rawSize: number) {
  return { maxOutputLength: Math.max(1, rawSize), chunkSize: rawSize + SPARE };
}

function exactly(bytes: Uint8Array, rawSize: number): Uint8Array {
  if (bytes.length !== rawSize) throw new Error(`unpacked to ${bytes.length} bytes instead of ${rawSize}`);
  return bytes;
}
