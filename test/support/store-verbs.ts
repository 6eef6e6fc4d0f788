import { CofreError } from '../../lib/errors.ts';
import { directoryStore } from '../../lib/store/directory.ts';
import type { Store } from '../../lib/store/store.ts';

/**
 * A process that tries every verb on `db/object` in a folder and prints their outcomes as JSON: `done` or an error
 * code. `node store-verbs.ts folder bytes [as-nobody]`; root, who may do all, can have it become `nobody` first.
 */
const [, , folder = '', size = '10'] = process.argv;
const body = Buffer.alloc(Number(size), 'x');

async function* source(): AsyncGenerator<Uint8Array> {
  for (let at = 0; at < body.length; at += 65_536) yield body.subarray(at, at + 65_536);
}

const verbs: Readonly<Record<string, (store: Store) => Promise<unknown>>> = {
  put: (store) => store.put('db/object', body, { tag: 'new' }),
  'put new': (store) => store.put('new/object', body),
  upload: (store) => store.upload('db/object', source()),
  setTag: (store) => store.setTag('db/object', 'new'),
  get: (store) => store.get('db/object'),
  read: async (store) => {
    for await (const _ of store.read('db/object'));
  },
  list: async (store) => {
    for await (const _ of store.list(''));
  },
  downloadUrl: (store) => store.downloadUrl('db/object', { expiresIn: 60, fileName: 'x' }),
  delete: (store) => store.delete('db/object'),
};

async function outcome(attempt: () => Promise<unknown>): Promise<string> {
  try {
    await attempt();
    return 'done';
  } catch (error) {
    return error instanceof CofreError ? error.code : String(error);
  }
}

const NOBODY = 65_534;
if (process.argv[4] === 'as-nobody' && process.getuid?.() === 0) {
  process.setgid?.(NOBODY);
  process.setuid?.(NOBODY);
}
const store = directoryStore(folder);
const outcomes: Record<string, string> = {};
for (const [name, verb] of Object.entries(verbs)) outcomes[name] = await outcome(() => verb(store));
process.stdout.write(JSON.stringify(outcomes));
