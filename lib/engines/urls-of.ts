import type { EngineName } from './engine.ts';
import { mysqlUrls } from './mysql/connection/url.ts';
import { postgresUrls } from './postgres/wire/url.ts';
import { sqliteUrls } from './sqlite/file/path.ts';
import type { EngineUrls } from './urls.ts';

/** What the URLs of each engine say. Apart from the registry: whoever reads a configuration needs no engine for it. */
const URLS: Readonly<Record<EngineName, EngineUrls>> = {
  sqlite: sqliteUrls,
  postgres: postgresUrls,
  mysql: mysqlUrls,
};

/** The engines whose databases are on a server. */
export const SERVERS = Object.values(URLS).flatMap((urls) => (urls.kind === 'server' ? [urls] : []));

/** How the URLs are written, for messages. */
export const URL_EXAMPLES = Object.values(URLS)
  .map(({ example }) => example)
  .join(', ')
  .replace(/, (?=[^,]*$)/, ' or ');

/** `undefined` for a scheme that no engine has. */
export function engineNameOf(url: string): EngineName | undefined {
  const scheme = /^([a-z][a-z0-9+]*):/i.exec(url)?.[1]?.toLowerCase() ?? '';
  const names = Object.keys(URLS) as EngineName[];
  return names.find((name) => URLS[name].schemes.includes(scheme));
}

/** `undefined` for a scheme that no engine has. */
export function urlsOf(url: string): EngineUrls | undefined {
  const name = engineNameOf(url);
  return name && URLS[name];
}
