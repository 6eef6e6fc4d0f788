import type { FileHandle } from 'node:fs/promises';

/** Fills `target` from `position` on; returns the bytes found, fewer only at the end of the file. */
export async function readFully(file: FileHandle, target: Buffer, position: number): Promise<number> {
  let filled = 0;
  while (filled < target.length) {
    const { bytesRead } = await file.read(target, filled, target.length - filled, position + filled);
    if (bytesRead === 0) break;
    filled += bytesRead;
  }
  return filled;
}
