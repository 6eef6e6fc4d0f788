import type { ContentObject } from '../../content/content.ts';
import type { DumpSummary } from '../../engine.ts';
import { isMarked } from './mark.ts';

/** As a dump notes them, in `databaseSettings`. */
interface Noted {
  readonly owner?: string;
  readonly comment?: string;
  readonly connectionLimit?: number;
  readonly privileges?: readonly string[];
  readonly localeProvider?: string;
  readonly locale?: string;
  readonly icuRules?: string;
  readonly settings?: readonly { readonly role?: string | null; readonly set: readonly string[] }[];
}

/** Of `pg_database.datlocprovider`; before version 15 there was but one. */
const PROVIDERS: Readonly<Record<string, string>> = { c: 'libc', i: 'icu', b: 'builtin' };

/** What belongs to the database as a whole: an object for each of its properties that is not as every database's. */
export function databaseObjects(details: DumpSummary['details']): ContentObject[] {
  const noted = withoutMark(JSON.parse(String(details['databaseSettings'] ?? '{}')) as Noted);
  const properties: Record<string, unknown> = {
    encoding: details['encoding'],
    collation: details['collate'],
    'character type': details['ctype'],
    'locale provider': PROVIDERS[noted.localeProvider ?? 'c'] ?? noted.localeProvider,
    locale: noted.locale,
    'ICU rules': noted.icuRules,
    owner: noted.owner,
    comment: noted.comment,
    'connection limit': noted.connectionLimit,
    privileges: noted.privileges?.toSorted().join('\n'),
  };
  const given = Object.entries(properties).filter(([, value]) => value !== undefined && value !== null);
  return [
    ...given.map(([name, value]) => ({ kind: 'DATABASE', name, text: String(value) })),
    ...(noted.settings ?? []).map(({ role, set }) => ({
      kind: 'DATABASE',
      name: settingsOf(role),
      text: set.toSorted().join('\n'),
      // Applications keep keys in settings of their own.
      secret: true,
    })),
  ];
}

export function settingsOf(role: string | null | undefined): string {
  return !role ? 'settings' : `settings of ${role}`;
}

/** Of a scratch database, without what makes it one. */
function withoutMark(noted: Noted): Noted {
  const { comment, connectionLimit, settings, ...rest } = noted;
  if (!isMarked({ comment: comment ?? null, connectionLimit: connectionLimit ?? -1 })) return noted;
  const kept = settings?.filter(({ role }) => role);
  return { ...rest, ...(kept && { settings: kept }) };
}
