import { type FileHandle, open } from 'node:fs/promises';
import type { WalMark } from '../child/protocol.ts';
import { readFully } from './read-fully.ts';

/** Sizes of the log's and of a frame's header (https://www.sqlite.org/fileformat2.html#walformat). */
const WAL_HEADER = 32;
const FRAME_HEADER = 24;
/** Frame headers read at once while the log is indexed. */
const SCAN_BYTES = 4 * 1024 * 1024;

/**
 * The pages of a snapshot that are in the write-ahead log.
 *
 * Why this is right while others write and checkpoint. The snapshot's reader holds one of two locks
 * (https://www.sqlite.org/walformat.html, "WAL Locks"):
 *
 * 1. READ_LOCK(n), n > 0: the log is not restarted, and no frame after the mark is checkpointed. So every page that
 *    changes in the file meanwhile has a frame up to the mark, and is taken from the log.
 * 2. READ_LOCK(0), taken when the whole log was checkpointed already: the file has all pages and nothing is
 *    checkpointed into it, but the log may be restarted and written anew. Its frames then carry other salts. So a frame
 *    counts only while its salts are the snapshot's, looked at after its page was read: a frame's header is written
 *    before its page. When they are not, the file's page is the right one.
 */
export interface WalOverlay {
  /**
   * Lays the log's pages over `chunk`, which holds the file's bytes from `position` on, of which `inFile` were there.
   * Returns whether some page is missing from both.
   */
  apply(chunk: Buffer, position: number, inFile: number): Promise<boolean>;
  close(): Promise<void>;
}

export async function openOverlay(path: string, pageSize: number, mark: WalMark): Promise<WalOverlay> {
  const log = await open(`${path}-wal`, 'r');
  try {
    const frames = await indexFrames(log, pageSize, mark);
    return { apply: (...chunk) => lay(log, frames, pageSize, mark, ...chunk), close: () => log.close() };
  } catch (error) {
    await log.close();
    throw error;
  }
}

/** Page number to its last frame up to the mark. Empty when the log was restarted: case 2 above. */
async function indexFrames(log: FileHandle, pageSize: number, mark: WalMark): Promise<Map<number, number>> {
  const frames = new Map<number, number>();
  const frameSize = FRAME_HEADER + pageSize;
  const perRead = Math.max(1, Math.floor(SCAN_BYTES / frameSize));
  const buffer = Buffer.allocUnsafe(perRead * frameSize);
  for (let first = 1; first <= mark.lastFrame; first += perRead) {
    const count = Math.min(perRead, mark.lastFrame - first + 1);
    const got = await readFully(
      log,
      buffer.subarray(0, count * frameSize),
      WAL_HEADER + (first - 1) * frameSize,
    );
    if (got < count * frameSize) return new Map();
    for (let n = 0; n < count; n++) {
      const header = buffer.subarray(n * frameSize, n * frameSize + FRAME_HEADER);
      if (!hasSalts(header, mark)) return new Map();
      frames.set(header.readUInt32BE(0), first + n);
    }
  }
  return frames;
}

async function lay(
  log: FileHandle,
  frames: Map<number, number>,
  pageSize: number,
  mark: WalMark,
  chunk: Buffer,
  position: number,
  inFile: number,
): Promise<boolean> {
  for (let at = 0; at < chunk.length; at += pageSize) {
    const frame = frames.get((position + at) / pageSize + 1);
    const page = frame === undefined ? undefined : await readPage(log, frame, pageSize, mark);
    if (page) page.copy(chunk, at);
    else if (at + pageSize > inFile) return true;
  }
  return false;
}

/** The page of a frame, or `undefined` when the log was restarted before it was read. */
async function readPage(
  log: FileHandle,
  frame: number,
  pageSize: number,
  mark: WalMark,
): Promise<Buffer | undefined> {
  const position = WAL_HEADER + (frame - 1) * (FRAME_HEADER + pageSize);
  const page = Buffer.allocUnsafe(pageSize);
  const header = Buffer.allocUnsafe(FRAME_HEADER);
  if ((await readFully(log, page, position + FRAME_HEADER)) < pageSize) return undefined;
  if ((await readFully(log, header, position)) < FRAME_HEADER) return undefined;
  return hasSalts(header, mark) ? page : undefined;
}

function hasSalts(frameHeader: Buffer, mark: WalMark): boolean {
  return frameHeader.subarray(8, 16).toString('hex') === mark.salts;
}
