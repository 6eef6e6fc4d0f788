import { CofreError } from '../../../errors.ts';
import { type Item, topLevel } from './top-level.ts';

/**
 * Kinds of entries whose section is post-data (`SECTION_POST_DATA` in pg_dump.c of version 18), and those that
 * pg_dump leaves for the passes after all others (RestorePass in pg_backup_archiver.h), whatever they belong to.
 * A COMMENT or SECURITY LABEL follows its object.
 */
const POST_DATA = new Set([
  'ACL',
  'CHECK CONSTRAINT',
  'CONSTRAINT',
  'DEFAULT ACL',
  'EVENT TRIGGER',
  'FK CONSTRAINT',
  'INDEX',
  'INDEX ATTACH',
  'MATERIALIZED VIEW DATA',
  'POLICY',
  'PUBLICATION',
  'PUBLICATION TABLE',
  'PUBLICATION TABLES IN SCHEMA',
  'ROW SECURITY',
  'RULE',
  'STATISTICS',
  'SUBSCRIPTION',
  'SUBSCRIPTION TABLE',
  'TRIGGER',
]);

/** What pg_dump prints before an entry's comment, when it has to change. */
const ENTRY_SETTING = /^SET default_(?:tablespace|table_access_method) = /;

/**
 * Cuts pg_dump's text before its first post-data entry. The second part begins with a `SET default_tablespace` of its
 * own where it relies on one in the first.
 * @throws {CofreError} `SOURCE_INVALID` when names make it unclear where that is
 */
export function cutSections(text: string, escapes: boolean): { preData: string; postData: string } {
  let settings: Item[] = [];
  let tablespace = '';
  let previous: Item | undefined;
  for (const item of topLevel(text, escapes)) {
    if (item.kind === 'comment') {
      if (isPostData(text, item)) return cutAt(text, settings[0] ?? previous ?? item, settings, tablespace);
      previous = item;
      if (text.slice(item.start, item.end) !== '--\n') settings = [];
      continue;
    }
    const statement = text.slice(item.start, Math.min(item.end, item.start + 500));
    settings = ENTRY_SETTING.test(statement) ? [...settings, item] : [];
    if (statement.startsWith('SET default_tablespace = ')) tablespace = text.slice(item.start, item.end);
  }
  return { preData: text, postData: '' };
}

function cutAt(text: string, { start }: Item, settings: readonly Item[], tablespace: string) {
  const own = settings.some((item) => text.startsWith('SET default_tablespace', item.start));
  const needed = !own && tablespace !== '' && tablespace !== "SET default_tablespace = '';";
  return {
    preData: text.slice(0, start),
    postData: `${needed ? `${tablespace}\n\n` : ''}${text.slice(start)}`,
  };
}

/** Whether `item` is the comment before a post-data entry: `-- Name: x; Type: INDEX; Schema: public; Owner: me`. */
function isPostData(text: string, { start, end }: Item): boolean {
  if (!text.startsWith('-- Name: ', start)) return false;
  const line = text.slice(start, end);
  // A name may itself hold what looks like the rest of the line.
  const kinds = [...line.matchAll(/(?<=; Type: )[A-Z ]+(?=; Schema: .*; Owner: )/g)].map(([kind]) =>
    POST_DATA.has(kind),
  );
  if (new Set(kinds).size < 2) return kinds[0] ?? false;
  throw new CofreError('SOURCE_INVALID', `A name in the database looks like a comment of pg_dump: ${line}`, {
    hint: 'Rename the object or its schema.',
  });
}
