import type { RestoreTestCapability } from '../engine.ts';
import { content } from './restore-test/content.ts';
import { explain } from './restore-test/explain.ts';
import { openScratch } from './restore-test/scratch.ts';
import { sweep } from './sweep.ts';

/** What a restore test needs: a database to restore into, what is in a dump, and why an object comes back as another one. */
export const restoreTest: RestoreTestCapability = {
  openScratch: async (place, like, context) => {
    await sweep(place);
    return await openScratch(place, like, context);
  },
  content,
  explain,
};
