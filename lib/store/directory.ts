import { resolve } from 'node:path';
import { type Clock, systemClock } from '../clock.ts';
import { abortable, throwIfAborted } from './abort.ts';
import { headFile } from './directory-path.ts';
import { readRange, readWhole } from './directory-read.ts';
import { secretOf } from './directory-secret.ts';
import { readTag, writeTag } from './directory-tags.ts';
import { clearTemporary, listObjects } from './directory-walk.ts';
import { deleteObject, writeObject } from './directory-write.ts';
import { diskIo } from './file-errors.ts';
import { toObject } from './files.ts';
import { folderLock } from './folder-lock.ts';
import { checkExpiresIn, checkKey, checkTag, objectNotFound } from './keys.ts';
import { signDownload, verifyDownload } from './signed-url.ts';
import type { DownloadUrlOptions, Store } from './store.ts';

/** A store in a folder, which can also check the download URLs that it signed. */
export interface DirectoryStore extends Store {
  /** Absolute path of the folder. */
  readonly root: string;
  /**
   * What a download URL of this store allows. Takes the request's path with its query (`/files/…?…`).
   * @throws {CofreError} `STORE_DENIED` when it has expired or was changed
   */
  verifyDownload(pathAndQuery: string): Promise<{ key: string } & DownloadUrlOptions>;
}

export interface DirectoryStoreOptions {
  /** Address of the local server, which serves the signed URLs. Default `http://127.0.0.1:8080`. */
  readonly publicUrl?: string;
  readonly clock?: Clock;
}

/**
 * A store in a folder: objects are ordinary files under their keys. All else is hidden from `list` by names that start
 * with `.cofre`: temporary files, tags (`.cofre-tags/`, beside the objects), the lock, the secret that signs URLs.
 *
 * A write goes to a temporary file in the object's folder, is synced, and is then brought in under the store's lock by
 * rename(2), or by link(2) where nothing may be replaced. The lock covers that last step only. The folder is made by
 * the first write. Unlike in S3, a key cannot be another key's folder (`a` and `a/b`): `USAGE`.
 */
export function directoryStore(path: string, options: DirectoryStoreOptions = {}): DirectoryStore {
  const root = resolve(path);
  const clock = options.clock ?? systemClock;
  const lock = folderLock(root);
  const publicUrl = (options.publicUrl ?? 'http://127.0.0.1:8080').replace(/\/+$/, '');
  const existing = async (key: string) => (await headFile(root, key)) ?? fail(objectNotFound(key, path));

  return {
    url: path,
    root,

    put: (key, body, put = {}) =>
      writeObject({ root, key, lock, options: put }, async (file) => {
        throwIfAborted(put.signal);
        await diskIo(`write ${key}`, () => file.writeFile(body));
      }),

    upload: (key, chunks, upload = {}) =>
      writeObject({ root, key, lock, options: upload }, async (file) => {
        for await (const chunk of abortable(chunks, upload.signal)) {
          await diskIo(`write ${key}`, () => file.writeFile(chunk));
        }
      }),

    async get(key) {
      const file = await existing(key);
      return readWhole(key, file.path);
    },

    async *read(key, range = {}) {
      const file = await existing(key);
      yield* readRange(key, file.path, range);
    },

    async head(key) {
      const file = await headFile(root, key);
      return file && toObject(key, file.version);
    },

    list: (prefix) => listObjects(root, prefix),

    async delete(key) {
      const file = await headFile(root, key);
      if (file !== undefined) await lock(() => deleteObject(key, file.path));
    },

    async getTag(key) {
      const file = await existing(key);
      return diskIo(`read the tag of ${key}`, () => readTag(file.path, file.version.etag));
    },

    async setTag(key, tag) {
      checkTag(tag);
      await existing(key);
      await lock(async () => {
        const file = await existing(key); // again, now that nobody can delete it
        await diskIo(`tag ${key}`, () => writeTag(file.path, tag));
      });
    },

    async downloadUrl(key, url) {
      checkKey(key);
      checkExpiresIn(url.expiresIn);
      const secret = await diskIo('make the secret that signs download links', () => secretOf(root));
      return publicUrl + signDownload(key, url, secret, clock.now());
    },

    async verifyDownload(pathAndQuery) {
      const secret = await diskIo('read the secret that signs download links', () => secretOf(root));
      const download = verifyDownload(pathAndQuery, secret, clock.now());
      checkKey(download.key);
      return download;
    },

    clearUnfinished: (olderThan) => clearTemporary(root, olderThan.getTime()),
  };
}

function fail(error: Error): never {
  throw error;
}
