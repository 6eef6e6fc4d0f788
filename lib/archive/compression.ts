import { promisify } from 'node:util';
import { constants, gunzip, gzip, zstdCompress, zstdDecompress } from 'node:zlib';

export const COMPRESSIONS = ['zstd', 'gzip', 'none'] as const;
export type Compression = (typeof COMPRESSIONS)[number];

/**
 * Packs bytes so that packed pieces can simply be joined: zstd frames (RFC 8878, 3.1) and gzip members (RFC 1952, 2.2)
 * may follow each other, and standard tools unpack them as one file.
 */
export interface Codec {
  /** Added to the plain file's name. */
  readonly suffix: '.zst' | '.gz' | '';
  pack(bytes: Uint8Array): Promise<Uint8Array>;
  /** @throws when `bytes` is no valid piece, or unpacks to anything but exactly `rawSize` bytes. */
  unpack(bytes: Uint8Array, rawSize: number): Promise<Uint8Array>;
}

const compressZstd = promisify(zstdCompress);
const decompressZstd = promisify(zstdDecompress);
const compressGzip = promisify(gzip);
const decompressGzip = promisify(gunzip);

// Level 3 is zstd's own default; the checksum is of the raw bytes, so unpacking checks the compressor too.
const ZSTD_PARAMS = { [constants.ZSTD_c_compressionLevel]: 3, [constants.ZSTD_c_checksumFlag]: 1 };

export const codecs: Readonly<Record<Compression, Codec>> = {
  zstd: {
    suffix: '.zst',
    pack: (bytes) =>
      compressZstd(bytes, { params: ZSTD_PARAMS, pledgedSrcSize: bytes.length, ...outputs(bytes) }),
    unpack: async (bytes, rawSize) => exactly(await decompressZstd(bytes, limits(rawSize)), rawSize),
  },
  gzip: {
    suffix: '.gz',
    pack: (bytes) => compressGzip(bytes, outputs(bytes)),
    unpack: async (bytes, rawSize) => exactly(await decompressGzip(bytes, limits(rawSize)), rawSize),
  },
  none: {
    suffix: '',
    pack: async (bytes) => bytes,
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
