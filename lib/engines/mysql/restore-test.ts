import type { RestoreTestCapability } from '../engine.ts';
import { explaining } from './connection/failures.ts';
import { parseUrl } from './connection/url.ts';
import { content } from './restore-test/content.ts';
import { explain } from './restore-test/explain.ts';
import { makeScratch } from './restore-test/scratch.ts';
import { sweep } from './sweep.ts';

/** Restores into schemas of its own, and what two dumps have in common. */
export const restoreTest: RestoreTestCapability = {
  openScratch: async (place, like, context) => {
    const settings = parseUrl(place);
    const { signal } = context;
    signal.throwIfAborted();
    return await explaining('target', settings, signal, async () => {
      await sweep(place);
      return await makeScratch(place, like, context);
    });
  },
  content,
  explain,
};
