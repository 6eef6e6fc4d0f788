import type { IncomingMessage, ServerResponse } from 'node:http';
import { Readable } from 'node:stream';
import { pipeline } from 'node:stream/promises';
import { CofreError } from '../../lib/errors.ts';
import { contentDisposition } from '../../lib/store/content-disposition.ts';
import type { DirectoryStore } from '../../lib/store/directory.ts';

/** Serves the signed URLs of a directory store under `/files/`: what S3 does for its presigned ones. */
export async function sendFile(
  store: DirectoryStore,
  request: IncomingMessage,
  response: ServerResponse,
): Promise<void> {
  const { url = '', method } = request;
  const { key, fileName, contentType, contentEncoding } = await store.verifyDownload(url);
  const object = await store.head(key);
  if (!object)
    throw new CofreError('BACKUP_NOT_FOUND', 'This backup is no longer there.', {
      hint: 'Choose another one.',
    });
  response.writeHead(200, {
    'content-type': contentType ?? 'application/octet-stream',
    'content-length': object.size,
    'content-disposition': contentDisposition(fileName),
    ...(contentEncoding && { 'content-encoding': contentEncoding }),
    'cache-control': 'private, no-store',
    'content-security-policy': "sandbox; default-src 'none'",
    'x-content-type-options': 'nosniff',
  });
  if (method === 'HEAD') response.end();
  else await pipeline(Readable.from(store.read(key)), response);
}
