import type { EngineContext, Expected, LoadInput, LoadOptions, LoadResult } from '../../engine.ts';
import { openSession } from '../wire/connect.ts';
import { oneRow } from '../wire/one-row.ts';
import { parseUrl } from '../wire/url.ts';
import { loadBeside, type SwapLimits } from './load.ts';
import type { DatabaseLocale } from './temporary.ts';

/**
 * A database that does not exist is made with the locale of the dumped one, as far as the server has it. Over one
 * connection, unless more are asked for: so that the rows come to lie in the order of the dump.
 */
export async function loadIntoNew(
  url: string,
  input: LoadInput,
  context: EngineContext,
  limits: SwapLimits,
  options: LoadOptions,
): Promise<LoadResult> {
  const locale = localeOf(input.expected?.details);
  const result = await loadBeside(url, input, context, limits, { jobs: 1, ...options }, locale);
  return {
    ...result,
    warnings: [...result.warnings, ...(await localeWarnings(url, locale).catch(() => []))],
  };
}

const PROVIDERS: Readonly<Record<string, string>> = { c: 'libc', i: 'icu', b: 'builtin' };

/** How the dumped database sorts and stores text, by what the dump has noted. */
export function localeOf(details: Expected['details'] = {}): DatabaseLocale {
  const text = (value: unknown) => (typeof value === 'string' ? value : undefined);
  const settings = JSON.parse(text(details['databaseSettings']) ?? '{}') as Record<string, unknown>;
  return {
    encoding: text(details['encoding']),
    collate: text(details['collate']),
    ctype: text(details['ctype']),
    provider: PROVIDERS[text(settings['localeProvider']) ?? (isBefore15(details) ? 'c' : '')],
    locale: text(settings['locale']),
    icuRules: text(settings['icuRules']),
  };
}

/** There was one provider only, and no name for it; a later server may have another one as its default. */
function isBefore15({ serverVersionNum }: NonNullable<Expected['details']>): boolean {
  return typeof serverVersionNum === 'number' && serverVersionNum < 150_000;
}

/** The load is done: what cannot be told any more is no failure. */
async function localeWarnings(url: string, { collate }: DatabaseLocale): Promise<string[]> {
  if (collate === undefined) return [];
  const signal = AbortSignal.timeout(10_000);
  await using session = await openSession(parseUrl(url), { role: 'target', purpose: 'load', signal });
  const { collate: own } = await oneRow<{ collate: string }>(
    session.client,
    'SELECT datcollate AS collate FROM pg_catalog.pg_database WHERE datname = pg_catalog.current_database()',
  );
  if (own === collate) return [];
  return [
    `The server does not have the locale ${collate} of the backup: the new database sorts text by ${own}.`,
  ];
}
