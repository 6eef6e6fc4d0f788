import type { Engine } from '../engine.ts';
import { dump, type SqliteLimits } from './dump.ts';
import { databaseFile } from './file/path.ts';
import { sweep } from './file/temporary.ts';
import { inspect } from './inspect.ts';
import { load, verify } from './load.ts';
import { content } from './restore-test/content.ts';
import { openScratch, sweepTemporaryFolder } from './restore-test/scratch.ts';

export const DEFAULT_LIMITS: SqliteLimits = { busyMs: 30_000, holdMs: 300_000 };

/** SQLite, through `node:sqlite` in a child process and the file itself. */
export function sqliteEngine(limits: SqliteLimits = DEFAULT_LIMITS): Engine {
  return {
    name: 'sqlite',
    extension: 'sqlite3',
    capabilities: { orderedFrames: true, roles: false },
    modes: ['transaction'],
    inspect,
    dump: (url, context) => dump(url, context, limits),
    load: (url, input, context, options) => load(url, input, context, limits, options),
    verify,
    sweep: async (url) => (await sweep(await databaseFile(url))) + (await sweepTemporaryFolder()),
    restoreTest: {
      openScratch: (_place, like, context) => openScratch(like, context),
      content,
      // SQLite makes nothing of its own: a restore brings the same image back.
      explain: () => null,
    },
  };
}
