import { CofreError } from '../errors.ts';
import { redactUrl } from '../secrets.ts';
import type { Engine, EngineName } from './engine.ts';
import { DEFAULT_LIMITS, sqliteEngine } from './sqlite/engine.ts';

/** Settings of a database that concern its engine. */
export interface EngineSettings {
  readonly lockSeconds?: number;
}

/** The engines there are: their URL schemes, and how each is made. To add one, see CONTRIBUTING.md. */
const ENGINES: readonly {
  readonly name: EngineName;
  readonly schemes: readonly string[];
  readonly make: (settings: EngineSettings) => Engine;
}[] = [
  {
    name: 'sqlite',
    schemes: ['sqlite'],
    make: ({ lockSeconds }) =>
      sqliteEngine({ ...DEFAULT_LIMITS, ...(lockSeconds && { holdMs: lockSeconds * 1_000 }) }),
  },
];

/** @throws {CofreError} `USAGE` for a scheme that no engine has. */
export function engineFor(url: string, settings: EngineSettings = {}): Engine {
  const scheme = /^([a-z][a-z0-9+]*):/i.exec(url)?.[1]?.toLowerCase() ?? '';
  const found = ENGINES.find(({ schemes }) => schemes.includes(scheme));
  if (found) return found.make(settings);
  throw new CofreError('USAGE', `No engine for the URL ${redactUrl(url)}.`, {
    hint: 'Write sqlite:./file.sqlite3.',
  });
}

/** @throws {CofreError} `RESTORE_REFUSED` when this version has no such engine. */
export function engineNamed(name: EngineName): Engine {
  const found = ENGINES.find((it) => it.name === name);
  if (found) return found.make({});
  throw new CofreError('RESTORE_REFUSED', `This version of Cofre has no engine for ${name}.`, {
    hint: 'Use a newer version.',
  });
}
