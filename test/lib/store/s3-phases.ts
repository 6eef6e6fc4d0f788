import type { Store } from '../../../lib/store/store.ts';
import { bytes, collect, digest, inChunks, readAll } from '../../contracts/store/harness.ts';
import type { Request } from '../../support/fault-proxy.ts';
import { PART } from './s3-harness.ts';

/** What is under a key before a phase is tried, and what is written there. */
export const OLD = bytes(3_000_000, 1);
export const SMALL = bytes(100_000, 2);
export const LARGE = bytes(PART + 1_000_000, 3);

/** One kind of request to S3, and something that a store does which makes it. */
export interface Phase {
  readonly name: string;
  readonly matches: (request: Request) => boolean;
  /** Does it on an object that holds `OLD`, and gives what should be `expected`. */
  readonly run: (store: Store, key: string) => Promise<unknown>;
  readonly expected: unknown;
  /** What is under the key when all went well; `OLD` if not given. */
  readonly after?: Buffer;
  /** Whether its requests have a body, and whether the answers to them have. */
  readonly body: boolean;
  readonly answered: boolean;
}

const upload = async (store: Store, key: string) =>
  (await store.upload(key, inChunks(LARGE, 1_000_000), { tag: 'daily' })).size;

export const PHASES: readonly Phase[] = [
  {
    name: 'CreateMultipartUpload',
    matches: ({ method, query }) => method === 'POST' && query.has('uploads'),
    run: upload,
    expected: LARGE.length,
    after: LARGE,
    body: false,
    answered: true,
  },
  {
    name: 'UploadPart',
    matches: ({ method, query }) => method === 'PUT' && query.has('partNumber'),
    run: upload,
    expected: LARGE.length,
    after: LARGE,
    body: true,
    answered: false,
  },
  {
    name: 'CompleteMultipartUpload',
    matches: ({ method, query }) => method === 'POST' && query.has('uploadId'),
    run: upload,
    expected: LARGE.length,
    after: LARGE,
    body: true,
    answered: true,
  },
  {
    name: 'PutObject',
    matches: ({ method, query }) => method === 'PUT' && query.get('x-id') === 'PutObject',
    run: async (store, key) => (await store.put(key, SMALL, { tag: 'daily' })).size,
    expected: SMALL.length,
    after: SMALL,
    body: true,
    answered: false,
  },
  {
    name: 'GetObject',
    matches: ({ method, query }) => method === 'GET' && query.get('x-id') === 'GetObject',
    run: async (store, key) => digest(await readAll(store.read(key, { start: 10 }))),
    expected: digest(OLD.subarray(10)),
    body: false,
    answered: true,
  },
  {
    name: 'HeadObject',
    matches: ({ method }) => method === 'HEAD',
    run: async (store, key) => (await store.head(key))?.size,
    expected: OLD.length,
    body: false,
    answered: false,
  },
  {
    name: 'ListObjectsV2',
    matches: ({ method, query }) => method === 'GET' && query.has('list-type'),
    run: async (store, key) => (await collect(store.list(key))).length,
    expected: 1,
    body: false,
    answered: true,
  },
  {
    name: 'GetObjectTagging',
    matches: ({ method, query }) => method === 'GET' && query.has('tagging'),
    run: (store, key) => store.getTag(key),
    expected: 'old',
    body: false,
    answered: true,
  },
  {
    name: 'PutObjectTagging',
    matches: ({ method, query }) => method === 'PUT' && query.has('tagging'),
    run: async (store, key) => {
      await store.setTag(key, 'hold');
      return store.getTag(key);
    },
    expected: 'hold',
    body: true,
    answered: false,
  },
  {
    name: 'DeleteObject',
    matches: ({ method, query }) => method === 'DELETE' && !query.has('uploadId'),
    run: async (store, key) => {
      await store.delete(`${key}-other`);
      return 'done';
    },
    expected: 'done',
    body: false,
    answered: false,
  },
];

export function phase(name: string): Phase {
  const found = PHASES.find((one) => one.name === name);
  if (found === undefined) throw new Error(`There is no phase ${name}.`);
  return found;
}
