import type { Store } from './store.ts';

/**
 * A store whose code is loaded when it is first used. The AWS SDK takes 35 MB of memory and a tenth of a second, which
 * backups into a folder should not pay.
 */
export function lazyStore(url: string, load: () => Promise<Store>): Store {
  let loaded: Promise<Store> | undefined;
  const store = () => {
    loaded ??= load();
    return loaded;
  };
  return {
    url,
    put: async (...args) => (await store()).put(...args),
    upload: async (...args) => (await store()).upload(...args),
    get: async (...args) => (await store()).get(...args),
    async *read(...args) {
      yield* (await store()).read(...args);
    },
    head: async (...args) => (await store()).head(...args),
    async *list(...args) {
      yield* (await store()).list(...args);
    },
    delete: async (...args) => (await store()).delete(...args),
    getTag: async (...args) => (await store()).getTag(...args),
    setTag: async (...args) => (await store()).setTag(...args),
    downloadUrl: async (...args) => (await store()).downloadUrl(...args),
    clearUnfinished: async (...args) => (await store()).clearUnfinished(...args),
  };
}
