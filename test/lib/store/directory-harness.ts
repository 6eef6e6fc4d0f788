import { mkdir, mkdtemp, rm, writeFile } from 'node:fs/promises';
import { createServer, type IncomingMessage, type ServerResponse } from 'node:http';
import type { AddressInfo } from 'node:net';
import { tmpdir } from 'node:os';
import { dirname, join } from 'node:path';
import { pipeline } from 'node:stream/promises';
import { type CofreError, httpStatus } from '../../../lib/errors.ts';
import { contentDisposition } from '../../../lib/store/content-disposition.ts';
import { type DirectoryStore, directoryStore } from '../../../lib/store/directory.ts';
import type { StoreHarness } from '../../contracts/store.ts';

/** A directory store in a temporary folder, and a server that honours its URLs. */
export async function directoryHarness(): Promise<StoreHarness & { root: string }> {
  const root = await mkdtemp(join(tmpdir(), 'cofre-store-'));
  let store: DirectoryStore;
  const server = createServer((request, response) => void serve(store, request, response));
  await new Promise<void>((listening) => server.listen(0, '127.0.0.1', listening));
  const publicUrl = `http://127.0.0.1:${(server.address() as AddressInfo).port}/`;
  store = directoryStore(root, { publicUrl });
  return {
    root,
    store,
    open: (clock) => directoryStore(root, { publicUrl, ...(clock ? { clock } : {}) }),
    leaveUnfinished: (key) => leaveUnfinished(join(root, key)),
    fetch: (url) => fetch(url),
    partSize: 1024 * 1024,
    deviations: new Set(),
    cleanup: async () => {
      server.closeAllConnections();
      server.close();
      await rm(root, { recursive: true });
    },
  };
}

/** The least a server must do with a signed URL. */
async function serve(
  store: DirectoryStore,
  request: IncomingMessage,
  response: ServerResponse,
): Promise<void> {
  try {
    const download = await store.verifyDownload(request.url ?? '');
    const object = await store.head(download.key);
    if (object === undefined) return void response.writeHead(404).end();
    response.setHeader('Content-Disposition', contentDisposition(download.fileName));
    response.setHeader('Content-Type', download.contentType ?? 'application/octet-stream');
    if (download.contentEncoding) response.setHeader('Content-Encoding', download.contentEncoding);
    await pipeline(store.read(download.key), response);
  } catch (error) {
    if (response.headersSent) return void response.destroy();
    const denied = (error as CofreError).code === 'STORE_DENIED';
    response.writeHead(denied ? 403 : httpStatus(error)).end();
  }
}

async function leaveUnfinished(path: string): Promise<void> {
  await mkdir(dirname(path), { recursive: true });
  await writeFile(join(dirname(path), `.cofre-tmp-${crypto.randomUUID()}`), 'half of a backup');
}
