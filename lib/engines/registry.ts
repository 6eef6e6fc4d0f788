import { CofreError } from '../errors.ts';
import { redactUrl } from '../secrets.ts';
import type { Engine, EngineName } from './engine.ts';
import { mysqlEngine } from './mysql/engine.ts';
import { postgresEngine } from './postgres/engine.ts';
import { DEFAULT_LIMITS, sqliteEngine } from './sqlite/engine.ts';
import { engineNameOf, URL_EXAMPLES } from './urls-of.ts';

/** Settings of a database that concern its engine. */
export interface EngineSettings {
  /** How long a dump waits for locks, or keeps others waiting for its own. */
  readonly lockSeconds?: number | undefined;
  /** Connections that work at the same time. */
  readonly jobs?: number | undefined;
}

type Make = (settings: EngineSettings) => Engine;

/** How each of the engines there are is made. To add one, see CONTRIBUTING.md. */
const ENGINES: ReadonlyMap<EngineName, Make> = new Map<EngineName, Make>([
  [
    'sqlite',
    ({ lockSeconds }) =>
      sqliteEngine({ ...DEFAULT_LIMITS, ...(lockSeconds && { holdMs: lockSeconds * 1_000 }) }),
  ],
  ['postgres', postgresEngine],
  ['mysql', mysqlEngine],
]);

/** @throws {CofreError} `USAGE` for a scheme that no engine has. */
export function engineFor(url: string, settings: EngineSettings = {}): Engine {
  const name = engineNameOf(url);
  if (name) return engineNamed(name, settings);
  throw new CofreError('USAGE', `No engine for the URL ${redactUrl(url)}.`, {
    hint: `Write ${URL_EXAMPLES}.`,
  });
}

/** @throws {CofreError} `RESTORE_REFUSED` when this version has no such engine. */
export function engineNamed(name: EngineName, settings: EngineSettings = {}): Engine {
  const make = ENGINES.get(name);
  if (make) return make(settings);
  throw new CofreError('RESTORE_REFUSED', `This version of Cofre has no engine for ${name}.`, {
    hint: 'Use a newer version.',
  });
}
