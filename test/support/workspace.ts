import { mkdirSync, mkdtempSync, readdirSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { openCatalog } from '../../lib/catalog.ts';
import type { Clock } from '../../lib/clock.ts';
import { type Cofre, type Env, openCofre } from '../../lib/cofre.ts';
import { parseConfig } from '../../lib/config.ts';
import { openJournal } from '../../lib/jobs/journal.ts';
import type { Logger } from '../../lib/logger.ts';
import type { Store } from '../../lib/store/store.ts';

export const silent: Logger = { info: () => {}, warn: () => {}, error: () => {} };

/** A folder of a test, with a folder for temporary files in it. */
export interface Workspace {
  readonly folder: string;
  path(name: string): string;
  /** Paths of all files, relative to the workspace, hidden ones too. */
  files(): string[];
  /** Cofre in this process, with its store in `backups/` unless another is given. */
  open(options?: { clock?: Clock; store?: string; env?: Env; databases?: readonly string[] }): Cofre;
  /** The same on a store that the test made. */
  openOn(store: Store, clock: Clock): Cofre;
  /** A store as the command line would take it in this folder. */
  storeAt(spec: string): string;
  remove(): void;
}

export function makeWorkspace(): Workspace {
  const folder = mkdtempSync(join(tmpdir(), 'cofre-test-'));
  mkdirSync(join(folder, 'tmp'));
  return {
    folder,
    path: (name) => join(folder, name),
    files: () =>
      readdirSync(folder, { recursive: true, withFileTypes: true })
        .filter((entry) => !entry.isDirectory())
        .map((entry) => join(entry.parentPath, entry.name).slice(folder.length + 1))
        .sort(),
    open: ({ databases = [], env = {}, ...options } = {}) => {
      const entries = databases.map((name) => [name, { url: `sqlite:./${name}.sqlite3` }]);
      const config = parseConfig({ databases: Object.fromEntries(entries) }, folder, 'the test');
      return openCofre({ config, env, logger: silent, ...options });
    },
    openOn: (store, clock) => {
      const config = parseConfig({}, folder, 'the test');
      const cofre = openCofre({ config, env: {}, logger: silent, clock });
      return { ...cofre, store, catalog: openCatalog(store), journal: openJournal(store, clock) };
    },
    storeAt: (spec) => (spec.includes(':') ? spec : join(folder, spec)),
    remove: () => rmSync(folder, { recursive: true, force: true, maxRetries: 5, retryDelay: 200 }),
  };
}
