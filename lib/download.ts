import { createHash, randomBytes } from 'node:crypto';
import { open, rename, rm } from 'node:fs/promises';
import { readArchive } from './archive/reader.ts';
import type { VerbDeps } from './backup.ts';
import type { Backup } from './catalog.ts';
import { engineNamed } from './engines/registry.ts';
import { CofreError } from './errors.ts';
import type { DOWNLOAD_FORMS } from './requests/download.ts';

/** `plain`: unpacked, every frame checked on the way. `stored`: the object as it is, its hash checked at the end. */
export type DownloadForm = (typeof DOWNLOAD_FORMS)[number];

export interface DownloadRequest {
  readonly backup: Backup;
  readonly form: DownloadForm;
  /** Path of the file; it appears only when it is whole. */
  readonly file: string;
  readonly signal: AbortSignal;
  readonly onBytes?: (bytes: number) => void;
}

/** Saves a backup as a file. Returns its bytes. @throws {CofreError} `BACKUP_DAMAGED` and then there is no file. */
export async function download({ store }: VerbDeps, request: DownloadRequest): Promise<number> {
  return await saveWhole(request.file, bytesOf(store, request), request.onBytes);
}

/** Writes a file that appears only when `chunks` has come to its end. Returns its bytes. */
export async function saveWhole(
  file: string,
  chunks: AsyncIterable<Uint8Array>,
  onBytes?: (bytes: number) => void,
): Promise<number> {
  const temporary = `${file}.${randomBytes(4).toString('hex')}.part`;
  try {
    const size = await save(temporary, chunks, onBytes);
    await rename(temporary, file);
    return size;
  } catch (error) {
    await rm(temporary, { force: true });
    throw error;
  }
}

async function save(
  path: string,
  chunks: AsyncIterable<Uint8Array>,
  onBytes = (_: number) => {},
): Promise<number> {
  const file = await open(path, 'wx');
  let size = 0;
  try {
    for await (const chunk of chunks) {
      await file.writeFile(chunk);
      size += chunk.length;
      onBytes(size);
    }
    await file.datasync();
    return size;
  } finally {
    await file.close();
  }
}

function bytesOf(
  store: VerbDeps['store'],
  { backup, form, signal }: DownloadRequest,
): AsyncIterable<Uint8Array> {
  return form === 'plain' ? plainBytes(store, backup, signal) : storedBytes(store, backup, signal);
}

async function* plainBytes(store: VerbDeps['store'], { key, manifest }: Backup, signal: AbortSignal) {
  for await (const { bytes, release } of readArchive(store, key, manifest, signal)) {
    yield bytes;
    release?.();
  }
}

async function* storedBytes(store: VerbDeps['store'], { key, manifest }: Backup, signal: AbortSignal) {
  const hash = createHash('sha256');
  for await (const chunk of store.read(key, { signal })) {
    hash.update(chunk);
    yield chunk;
  }
  if (hash.digest('hex') !== manifest.archive.sha256) throw differs(key);
}

export function differs(key: string): CofreError {
  return new CofreError(
    'BACKUP_DAMAGED',
    `The archive ${key} is damaged: it is not what its manifest says.`,
    {
      hint: 'This backup cannot be restored. Use another one; `cofre list` shows them.',
    },
  );
}

/** How a presigned URL gives a backup: unpacked by the browser while it saves, or as it is stored. */
export function downloadOptions({ manifest }: Backup, form: DownloadForm, expiresIn: number) {
  const { compression, file, plainName } = manifest.archive;
  if (form === 'plain' && compression !== 'none') {
    const { mediaType } = engineNamed(manifest.engine.name).plainFile;
    return { expiresIn, fileName: plainName, contentType: mediaType, contentEncoding: compression };
  }
  return { expiresIn, fileName: file, contentType: 'application/octet-stream' };
}
