import { createHash } from 'node:crypto';
import type { Compression } from '../archive/compression.ts';
import type { Backup } from '../catalog.ts';
import { CofreError } from '../errors.ts';
import type { Store } from '../store/store.ts';
import type { Attachment } from './mail.ts';

/**
 * The archive as it is stored; `mediaType` is that of the plain file. Holds it in memory: call it only for a size that may be attached.
 * @throws {CofreError} `BACKUP_DAMAGED` when its bytes are not those the manifest tells of; what the store throws
 */
export async function readAttachment(store: Store, backup: Backup, mediaType: string): Promise<Attachment> {
  const { archive } = backup.manifest;
  const content = await readAtMost(store, backup, archive.size);
  const sha256 = createHash('sha256').update(content).digest('hex');
  if (content.length !== archive.size || sha256 !== archive.sha256) throw damaged(backup);
  return { fileName: archive.file, contentType: PACKED[archive.compression] ?? mediaType, content };
}

async function readAtMost(store: Store, backup: Backup, limit: number): Promise<Buffer> {
  const chunks: Uint8Array[] = [];
  let size = 0;
  for await (const chunk of store.read(backup.key)) {
    size += chunk.length;
    if (size > limit) throw damaged(backup);
    chunks.push(chunk);
  }
  return Buffer.concat(chunks, size);
}

/** RFC 8878, 7.1; RFC 6713. */
const PACKED: Readonly<Record<Compression, string | undefined>> = {
  zstd: 'application/zstd',
  gzip: 'application/gzip',
  none: undefined,
};

function damaged({ id, key }: Backup): CofreError {
  return new CofreError('BACKUP_DAMAGED', `The archive ${key} is not the one that its manifest tells of.`, {
    hint: `The backup ${id} was changed after it was made. Make a new one, and find out who can write to the store.`,
  });
}
