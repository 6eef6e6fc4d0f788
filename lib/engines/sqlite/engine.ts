import type { Engine } from '../engine.ts';
import { dump, type SqliteLimits } from './dump.ts';
import { sqliteUrls } from './file/path.ts';
import { inspect } from './inspect.ts';
import { load, verify } from './load.ts';
import { restoreTest } from './restore-test.ts';
import { sweep } from './sweep.ts';

export const DEFAULT_LIMITS: SqliteLimits = { busyMs: 30_000, holdMs: 300_000 };

/** SQLite, through `node:sqlite` in a child process and the file itself. */
export function sqliteEngine(limits: SqliteLimits = DEFAULT_LIMITS): Engine {
  return {
    name: 'sqlite',
    title: 'SQLite',
    urls: sqliteUrls,
    plainFile: {
      extension: 'sqlite3',
      mediaType: 'application/vnd.sqlite3',
      content: 'pages',
      byHand: (file) => [`sqlite3 ${file} 'PRAGMA integrity_check'`],
    },
    capabilities: { orderedFrames: true, roles: false },
    modes: ['transaction'],
    inspect,
    dump: (url, context) => dump(url, context, limits),
    load: (url, input, context, options) => load(url, input, context, limits, options),
    verify,
    sweep,
    restoreTest,
  };
}
