import { randomBytes } from 'node:crypto';
import { availableParallelism } from 'node:os';
import type { Engine } from '../engine.ts';
import { discard } from './discard.ts';
import { dump } from './dump.ts';
import { inspect } from './inspect.ts';
import { load } from './load.ts';
import { restoreTest } from './restore-test.ts';
import { partitionedTables } from './schema/partitioned.ts';
import { sweep } from './sweep.ts';
import { loadTables } from './tables/load-tables.ts';
import { undo } from './undo.ts';
import { verify } from './verify.ts';
import { postgresUrls } from './wire/url.ts';

export interface PostgresSettings {
  /** How long to wait for other sessions' locks, s. */
  readonly lockSeconds?: number | undefined;
  /** Connections that work at the same time; by default by the number of processors. */
  readonly jobs?: number | undefined;
  /** For psql's \restrict: letters and digits that nobody can guess. */
  readonly restrictKey?: string;
}

const LOCK_SECONDS = 30;

/** PostgreSQL 14 to 19, through its own protocol; structure by pg_dump, compiled to WebAssembly. */
export function postgresEngine({
  lockSeconds = LOCK_SECONDS,
  jobs = Math.min(4, Math.max(2, availableParallelism())),
  restrictKey = randomBytes(24).toString('hex'),
}: PostgresSettings = {}): Engine {
  const limits = { lockWaitMs: lockSeconds * 1_000, jobs, restrictKey };
  return {
    name: 'postgres',
    title: 'PostgreSQL',
    urls: postgresUrls,
    plainFile: {
      extension: 'sql',
      mediaType: 'application/sql',
      content: 'text',
      byHand: (file) => [`psql -v ON_ERROR_STOP=1 -d DATABASE -f ${file}`],
    },
    capabilities: { orderedFrames: false, roles: true },
    modes: ['transaction', 'swap'],
    inspect,
    dump: (url, context) => dump(url, context, limits),
    load: (url, input, context, options) => load(url, input, context, limits, options),
    verify,
    sweep,
    loadTables: (url, input, context, options) => loadTables(url, input, context, options, limits),
    emptyTables: partitionedTables,
    restoreTest,
    undo: (url, context, options) => undo(url, context, limits, options),
    discard,
  };
}
