import { availableParallelism } from 'node:os';
import type { Engine } from '../engine.ts';
import { mysqlUrls } from './connection/url.ts';
import { doctor } from './doctor.ts';
import { dump } from './dump.ts';
import { inspect } from './inspect.ts';
import { load } from './load.ts';
import { loadTables } from './load-tables.ts';
import { restoreTest } from './restore-test.ts';
import { sweep } from './sweep.ts';
import { verify } from './verify.ts';

export interface MysqlSettings {
  /** How long to wait for other sessions' locks, s. */
  readonly lockSeconds?: number | undefined;
  /** Connections that work at the same time; by default 4, and for a load up to 8, by the number of processors: they wait for the disk. */
  readonly jobs?: number | undefined;
}

const LOCK_SECONDS = 30;

/** MySQL 8.0.16 to 9, MariaDB from 10.6 on, through their own protocol. */
export function mysqlEngine({ lockSeconds = LOCK_SECONDS, jobs }: MysqlSettings = {}): Engine {
  const lockWaitMs = lockSeconds * 1_000;
  const limits = { lockWaitMs, jobs: jobs ?? 4 };
  const loadLimits = { lockWaitMs, jobs: jobs ?? Math.min(8, Math.max(4, availableParallelism())) };
  return {
    name: 'mysql',
    title: 'MySQL',
    urls: mysqlUrls,
    plainFile: {
      extension: 'sql',
      mediaType: 'application/sql',
      content: 'text',
      byHand: (file) => [`mysql DATABASE < ${file}`],
    },
    capabilities: { orderedFrames: false, roles: true },
    modes: ['swap', 'in-place'],
    inspect,
    dump: (url, context) => dump(url, context, limits),
    load: (url, input, context, options) => load(url, input, context, loadLimits, options),
    verify,
    sweep,
    doctor,
    restoreTest,
    loadTables: (url, input, context, options) => loadTables(url, input, context, options, loadLimits),
  };
}
