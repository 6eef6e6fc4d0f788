import type { Clock } from '../../lib/clock.ts';
import { CofreError } from '../../lib/errors.ts';
import type { Store, StoredObject } from '../../lib/store/store.ts';

interface Kept {
  readonly body: Buffer;
  readonly object: StoredObject;
  tag: string | undefined;
}

/** A store in memory whose objects are as old as the test's clock says: a year passes in seconds. */
export function memoryStore(clock: Clock): Store {
  const kept = new Map<string, Kept>();
  let versions = 0;
  const existing = (key: string): Kept => {
    const found = kept.get(key);
    if (found) return found;
    throw new CofreError('STORE_NOT_FOUND', `There is no ${key}.`);
  };
  const put: Store['put'] = async (key, body, { tag, condition } = {}) => {
    const etag = kept.get(key)?.object.etag;
    const holds = !condition || ('absent' in condition ? etag === undefined : etag === condition.etag);
    if (!holds) throw new CofreError('STORE_CONFLICT', `${key} is another version.`);
    versions += 1;
    const object = { key, size: body.length, modifiedAt: clock.now(), etag: `v${versions}` };
    kept.set(key, { body: Buffer.from(body), object, tag });
    return object;
  };
  return {
    url: 'memory',
    put,
    upload: async (key, chunks, options) => {
      const pieces: Uint8Array[] = [];
      for await (const chunk of chunks) pieces.push(Buffer.from(chunk));
      return await put(key, Buffer.concat(pieces), options);
    },
    get: async (key) => existing(key),
    async *read(key, { start = 0, end } = {}) {
      yield existing(key).body.subarray(start, end);
    },
    head: async (key) => kept.get(key)?.object,
    async *list(prefix) {
      const keys = [...kept.keys()].filter((key) => key.startsWith(prefix)).sort();
      for (const key of keys) if (kept.has(key)) yield existing(key).object;
    },
    delete: async (key) => void kept.delete(key),
    getTag: async (key) => existing(key).tag,
    setTag: async (key, tag) => {
      existing(key).tag = tag;
    },
    downloadUrl: () => Promise.reject(new Error('a store in memory has no URLs')),
    clearUnfinished: async () => 0,
  };
}
