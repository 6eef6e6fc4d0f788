import { createReadStream, existsSync } from 'node:fs';
import { open } from 'node:fs/promises';
import { basename, dirname, join } from 'node:path';
import { pipeline, type Readable } from 'node:stream';
import { createGunzip, createZstdDecompress } from 'node:zlib';
import { decodeManifest, type Manifest } from './archive/manifest.ts';
import { parseKey } from './archive/names.ts';
import { cutAtFrames } from './archive/zstd-frames.ts';
import type { RawFrame } from './engines/engine.ts';
import { CofreError } from './errors.ts';
import { indexedSource, type RestoreSource } from './restore-source.ts';
import type { Store } from './store/store.ts';

/** Bytes of a frame made of a plain file. */
const FRAME = 4 * 1024 * 1024;

/**
 * Opens a dump file for loading: one of Cofre's own with its manifest beside it, which every byte is checked against,
 * or any other, plain or packed by zstd or gzip (told by its first bytes, not by its name). `storeAt` opens the file's
 * folder as a store.
 * @throws {CofreError} `BACKUP_NOT_FOUND`, `BACKUP_DAMAGED`
 */
export async function openDumpFile(path: string, storeAt: (folder: string) => Store): Promise<RestoreSource> {
  if (!existsSync(path)) {
    throw new CofreError('BACKUP_NOT_FOUND', `There is no file ${path}.`, {
      hint: 'Give the id of a backup (`cofre list`) or the path of a file.',
    });
  }
  const manifest = await manifestBeside(path, storeAt);
  if (manifest) return { label: path, ...indexedSource(storeAt(dirname(path)), basename(path), manifest) };
  return { label: path, manifest, input: (signal) => ({ frames: framesOf(path, signal) }) };
}

async function manifestBeside(
  path: string,
  storeAt: (folder: string) => Store,
): Promise<Manifest | undefined> {
  const [folder, file] = [dirname(path), basename(path)];
  // Named as in a store, but in a folder that may be called anything.
  const named = parseKey(`database/${file}`);
  if (named?.kind !== 'archive' || !existsSync(join(folder, `${named.stem}.json`))) return undefined;
  const { body } = await storeAt(folder).get(`${named.stem}.json`);
  const manifest = decodeManifest(body, `${named.stem}.json`);
  return manifest.archive.file === file ? manifest : undefined;
}

async function* framesOf(path: string, signal: AbortSignal): AsyncGenerator<RawFrame> {
  let pending: Buffer[] = [];
  let size = 0;
  const take = (): RawFrame => {
    const bytes = Buffer.concat(pending);
    [pending, size] = [[], 0];
    return { section: 'data', rows: 0, bytes };
  };
  try {
    for await (const chunk of await unpacked(path, signal)) {
      pending.push(chunk as Buffer);
      size += (chunk as Buffer).length;
      if (size >= FRAME) yield take();
    }
  } catch (error) {
    throw (error as NodeJS.ErrnoException).code?.match(/^(Z_|ZSTD_|ERR_ZSTD)/)
      ? unpackFailed(path, error)
      : error;
  }
  if (size > 0) yield take();
}

async function unpacked(path: string, signal: AbortSignal): Promise<Readable> {
  const magic = (await firstBytes(path, 4)).toString('hex');
  const file = createReadStream(path, { highWaterMark: 1024 * 1024, signal });
  // An error of any stage reaches whoever reads the last one.
  if (/^28b52ffd|^5.2a4d18/.test(magic)) return pipeline(file, cutAtFrames, createZstdDecompress(), () => {});
  if (magic.startsWith('1f8b')) return pipeline(file, createGunzip(), () => {});
  return file;
}

async function firstBytes(path: string, count: number): Promise<Buffer> {
  const file = await open(path);
  try {
    const { buffer, bytesRead } = await file.read(Buffer.alloc(count), 0, count, 0);
    return buffer.subarray(0, bytesRead);
  } finally {
    await file.close();
  }
}

function unpackFailed(path: string, cause: unknown): CofreError {
  return new CofreError('BACKUP_DAMAGED', `${path} cannot be unpacked: ${(cause as Error).message}.`, {
    cause,
    hint: 'The file is damaged or cut short; the target is untouched. Get it again from where it came.',
  });
}
