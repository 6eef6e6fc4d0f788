import type { RestoreTestCapability } from '../engine.ts';
import { content } from './restore-test/content.ts';
import { makeScratch, sweepTemporaryFolder } from './restore-test/scratch.ts';

/** Restores into files in the temporary folder, and what two dumps have in common. */
export const restoreTest: RestoreTestCapability = {
  openScratch: async (_place, like, { signal }) => {
    signal.throwIfAborted();
    await sweepTemporaryFolder();
    return await makeScratch(like);
  },
  content,
  // SQLite makes nothing of its own: a restore brings the same image back.
  explain: () => null,
};
