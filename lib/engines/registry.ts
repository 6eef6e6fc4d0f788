import { CofreError } from '../errors.ts';
import { redactUrl } from '../secrets.ts';
import type { Engine, EngineName } from './engine.ts';
import { mysqlUrls } from './mysql/connection/url.ts';
import { mysqlEngine } from './mysql/engine.ts';
import { postgresEngine } from './postgres/engine.ts';
import { postgresUrls } from './postgres/wire/url.ts';
import { DEFAULT_LIMITS, sqliteEngine } from './sqlite/engine.ts';
import { sqliteUrls } from './sqlite/file/path.ts';
import type { EngineUrls } from './urls.ts';

/** Settings of a database that concern its engine. */
export interface EngineSettings {
  /** How long a dump waits for locks, or keeps others waiting for its own. */
  readonly lockSeconds?: number | undefined;
  /** Connections that work at the same time. */
  readonly jobs?: number | undefined;
}

/** The engines there are: their URLs, and how each is made. To add one, see CONTRIBUTING.md. */
const ENGINES: readonly {
  readonly name: EngineName;
  readonly urls: EngineUrls;
  readonly make: (settings: EngineSettings) => Engine;
}[] = [
  {
    name: 'sqlite',
    urls: sqliteUrls,
    make: ({ lockSeconds }) =>
      sqliteEngine({ ...DEFAULT_LIMITS, ...(lockSeconds && { holdMs: lockSeconds * 1_000 }) }),
  },
  { name: 'postgres', urls: postgresUrls, make: postgresEngine },
  { name: 'mysql', urls: mysqlUrls, make: mysqlEngine },
];

/** The engines whose databases are on a server. */
export const SERVERS = ENGINES.flatMap(({ urls }) => (urls.kind === 'server' ? [urls] : []));

/** How the URLs are written, for messages. */
export const URL_EXAMPLES = ENGINES.map(({ urls }) => urls.example)
  .join(', ')
  .replace(/, (?=[^,]*$)/, ' or ');

function entryFor(url: string) {
  const scheme = /^([a-z][a-z0-9+]*):/i.exec(url)?.[1]?.toLowerCase() ?? '';
  return ENGINES.find(({ urls }) => urls.schemes.includes(scheme));
}

/** `undefined` for a scheme that no engine has. */
export function engineNameOf(url: string): EngineName | undefined {
  return entryFor(url)?.name;
}

/** `undefined` for a scheme that no engine has. */
export function urlsOf(url: string): EngineUrls | undefined {
  return entryFor(url)?.urls;
}

/** @throws {CofreError} `USAGE` for a scheme that no engine has. */
export function engineFor(url: string, settings: EngineSettings = {}): Engine {
  const found = entryFor(url);
  if (found) return found.make(settings);
  throw new CofreError('USAGE', `No engine for the URL ${redactUrl(url)}.`, {
    hint: `Write ${URL_EXAMPLES}.`,
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
