import { createHash } from 'node:crypto';
import { resolve } from 'node:path';
import { pipeline, Readable } from 'node:stream';
import { createGunzip, createZstdDecompress } from 'node:zlib';
import { cutAtFrames } from '../../archive/zstd-frames.ts';
import { type DownloadForm, differs, saveWhole } from '../../download.ts';
import type { BackupDetail } from '../../summary.ts';
import { type DownloadCommandOptions, formOf } from '../commands/backups.ts';
import { formatBytes } from '../output.ts';
import { readUrl } from './read-url.ts';
import { requireNone, type StackSession } from './session.ts';

interface Minted {
  readonly url: string;
  readonly fileName: string;
  readonly expiresAt: string;
}

/** By presigned URLs, so that no right on the bucket is needed. The file appears only when its hash is right. */
export async function downloadOnStack(
  session: StackSession,
  id: string,
  options: DownloadCommandOptions,
): Promise<void> {
  const { api, bar, output, process } = session;
  const detail = await api.get<BackupDetail>(`backups/${encodeURIComponent(id)}`);
  const form = formOf(detail, options);
  const file = resolve(
    process.cwd,
    options.output ?? (form === 'plain' ? detail.plainName : detail.fileName),
  );
  const totalBytes = form === 'plain' ? detail.rawSize : detail.size;
  const idle = { phase: 'read', table: null, rows: null, secondsLeft: null, note: null } as const;
  const onBytes = (bytes: number) => bar.show({ ...idle, bytes, totalBytes });
  const size = await saveWhole(file, chunksOf(session, detail, form), onBytes).finally(bar.clear);
  output.result(
    { id: detail.id, file, form, size },
    () => `${file}: ${formatBytes(size)}, every byte checked.`,
  );
}

function chunksOf(
  session: StackSession,
  detail: BackupDetail,
  form: DownloadForm,
): AsyncIterable<Uint8Array> {
  const stored = checked(storedBytes(session, detail), detail);
  return form === 'stored' ? stored : whole(unpacked(stored, detail), detail);
}

/** An error of any stage reaches whoever reads the last one. */
function unpacked(
  stored: AsyncIterable<Uint8Array>,
  { compression }: BackupDetail,
): AsyncIterable<Uint8Array> {
  if (compression === 'none') return stored;
  const packed = Readable.from(stored, { objectMode: false });
  if (compression === 'gzip') return pipeline(packed, createGunzip(), () => {});
  return pipeline(packed, cutAtFrames, createZstdDecompress(), () => {});
}

async function* whole(chunks: AsyncIterable<Uint8Array>, { key, rawSize }: BackupDetail) {
  let size = 0;
  for await (const chunk of chunks) {
    size += chunk.length;
    yield chunk;
  }
  if (size !== rawSize) throw differs(key);
}

function storedBytes({ api, process }: StackSession, { id, size }: BackupDetail): AsyncIterable<Uint8Array> {
  const mint = async () =>
    (await api.get<Minted>(`backups/${encodeURIComponent(id)}/download-url`, { form: 'stored' })).url;
  return readUrl(mint, size, process.signal);
}

async function* checked(chunks: AsyncIterable<Uint8Array>, { sha256, key }: BackupDetail) {
  const hash = createHash('sha256');
  for await (const chunk of chunks) {
    hash.update(chunk);
    yield chunk;
  }
  if (hash.digest('hex') !== sha256) throw differs(key);
}

export async function urlOnStack(
  { api, output }: StackSession,
  id: string,
  { expires, stored = false }: { expires?: number; stored?: boolean },
): Promise<void> {
  requireNone('--stack', { '--expires': expires });
  const form = stored ? 'stored' : undefined;
  const minted = await api.get<Minted>(`backups/${encodeURIComponent(id)}/download-url`, { form });
  const { url, fileName, expiresAt } = minted;
  output.result({ id, url, fileName, expiresAt }, () => url);
}
