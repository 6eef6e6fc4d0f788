import { isAbsolute, resolve } from 'node:path';
import { toDatabaseName } from './archive/names.ts';
import type { Database, DatabaseKind, VerbDeps } from './backup.ts';
import { openCatalog } from './catalog.ts';
import { type Clock, systemClock } from './clock.ts';
import type { Config } from './config.ts';
import type { DatabaseConfig } from './database-config.ts';
import { type EngineSettings, engineFor, engineNamed } from './engines/registry.ts';
import { engineNameOf } from './engines/urls-of.ts';
import { CofreError } from './errors.ts';
import { type Journal, openJournal } from './jobs/journal.ts';
import type { Logger } from './logger.ts';
import { fillSecrets, secretsManager } from './secrets.ts';
import { openStore } from './store/open.ts';

export type Env = Readonly<Record<string, string | undefined>>;

/** Everything that the verbs need, wired from a configuration. */
export interface Cofre extends VerbDeps {
  readonly config: Config;
  readonly journal: Journal;
  readonly env: Env;
  /** Where the API is reached, without a slash at the end. */
  readonly publicUrl: string;
  /**
   * A configured database, its secrets filled in. What `settings` has wins over the configuration.
   * @throws {CofreError} `DATABASE_UNKNOWN`, `SECRET_UNAVAILABLE`
   */
  database(name: string, settings?: EngineSettings): Promise<Database>;
  /**
   * A configured database as far as it is known without secrets; only a URL that is a secret as a whole has to be read.
   * @throws {CofreError} `DATABASE_UNKNOWN`, `SECRET_UNAVAILABLE`
   */
  kindOf(name: string): Promise<DatabaseKind>;
  /**
   * A database given by URL, which may hold placeholders for secrets, or be one.
   * @throws {CofreError} `USAGE`, `SECRET_UNAVAILABLE`
   */
  databaseAt(url: string, name?: string, settings?: EngineSettings): Promise<Database>;
}

export interface CofreOptions {
  readonly config: Config;
  readonly env: Env;
  readonly logger: Logger;
  readonly clock?: Clock;
  /** Instead of the configuration's; a path in it counts from `cwd`, not from the configuration's folder. */
  readonly store?: string;
  /** Where the local server is reached; it serves the downloads of a directory store. */
  readonly publicUrl?: string;
}

export function openCofre({
  config,
  env,
  logger,
  clock = systemClock,
  store,
  publicUrl,
}: CofreOptions): Cofre {
  const url = publicUrl ?? config.server.publicUrl ?? `http://127.0.0.1:${config.server.port}`;
  const spec = store ?? fromFolder(config.store, config.folder);
  const opened = openStore(spec, { env, clock, publicUrl: url });
  return {
    config,
    env,
    publicUrl: url.replace(/\/$/, ''),
    logger,
    clock,
    store: opened,
    catalog: openCatalog(opened),
    journal: openJournal(opened, clock),
    database: (name, settings) => openDatabase(name, config, env, settings),
    kindOf: async (name) => {
      const engine = engineNameOf(settingsOf(name, config).url);
      return engine ? { name, engine: engineNamed(engine) } : await openDatabase(name, config, env);
    },
    databaseAt: async (given, name, settings) =>
      databaseFromUrl(await fillSecrets(given, env, secretsManager()), name, settings),
  };
}

function fromFolder(spec: string, folder: string): string {
  return /^[a-z0-9]+:/i.test(spec) || isAbsolute(spec) ? spec : resolve(folder, spec);
}

async function openDatabase(
  name: string,
  config: Config,
  env: Env,
  settings?: EngineSettings,
): Promise<Database> {
  const found = settingsOf(name, config);
  const url = await fillSecrets(found.url, env, secretsManager());
  const engine = engineFor(url, { ...found, ...settings });
  return { name, engine, url: engine.urls.atFolder(url, config.folder) };
}

function settingsOf(name: string, { databases }: Config): DatabaseConfig {
  const found = Object.hasOwn(databases, name) ? databases[name] : undefined;
  if (found) return found;
  const known = Object.keys(databases).join(', ') || 'none';
  const message = `There is no database "${name}" in the configuration (it has: ${known}).`;
  throw new CofreError('DATABASE_UNKNOWN', message, { hint: 'Add it to cofre.json, or give --url.' });
}

/**
 * A database given by URL alone: named after its file's stem, or as its server calls it.
 * @throws {CofreError} `USAGE` for a URL that no engine can read
 */
export function databaseFromUrl(url: string, name?: string, settings: EngineSettings = {}): Database {
  const engine = engineFor(url, settings);
  return { name: name ?? toDatabaseName(engine.urls.nameIn(url)), engine, url };
}
