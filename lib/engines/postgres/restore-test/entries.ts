import { type Item, topLevel } from '../pg-dump/top-level.ts';
import { largeObjectIn } from './large-objects.ts';

/** What a dump says of one object, or of one aspect of it: `ACL`, `COMMENT`, `DEFAULT`. */
export interface Entry {
  /** The `Type` of pg_dump's table of contents. */
  readonly kind: string;
  readonly name: string;
  readonly text: string;
}

/** What pg_dump's comment before an entry says. */
interface Header {
  readonly name: string;
  readonly kind: string;
  readonly schema: string;
  readonly owner: string;
}

const HEADER = /^-- Name: (.*); Type: ([A-Z ]+); Schema: (.*?); Owner: (.*)$/;
/** Comments that end the last entry. */
const END = /^-- (?:Cofre: |PostgreSQL database dump complete)/;
/** What pg_dump prints before an entry's comment, when it has to change; it holds for the entries that follow, too. */
const SETTING = /^SET (default_tablespace|default_table_access_method) = (.*);$/;
const AUTHORIZATION = /^(?:RE)?SET SESSION AUTHORIZATION\b/;

/** Kinds that lie in a tablespace, and those that have an access method. */
const PLACED = new Set(['TABLE', 'MATERIALIZED VIEW', 'INDEX', 'CONSTRAINT']);
const BUILT = new Set(['TABLE', 'MATERIALIZED VIEW']);

/**
 * The entries of a part of pg_dump's text, and large objects, which Cofre writes without one. What is before the first
 * entry (versions, settings of the session, keys of `\restrict`) is not told.
 *
 * @param text its bytes as latin1, as the entries' are
 * @param escapes as in `topLevel`
 */
export function entriesOf(text: string, escapes: boolean): Entry[] {
  const entries: Entry[] = [];
  const settings = new Map<string, string>();
  let open: { readonly header: Header; readonly from: number; readonly place: string } | undefined;
  /** Where what comes before a next entry has begun: comment marks, settings. */
  let before: number | undefined;
  let authorization: Item | undefined;

  const end = (at: number) => {
    if (open) entries.push(entryOf(open.header, open.place, text.slice(open.from, before ?? at)));
    [open, before] = [undefined, undefined];
  };

  const comment = ({ start, end: next }: Item) => {
    const line = text.slice(start, next - 1);
    const header = readHeader(line);
    if (header) {
      end(start);
      open = { header, from: next, place: placeOf(header, settings) };
    } else if (END.test(line)) end(start);
    else before = line === '--' ? (before ?? start) : undefined;
  };

  const statement = (item: Item) => {
    const sql = text.slice(item.start, item.end);
    const [, name, value] = SETTING.exec(sql) ?? [];
    const large = largeObjectIn(sql);
    if (name !== undefined && value !== undefined) {
      settings.set(name, value);
      before ??= item.start;
    } else if (large) {
      // The giver of a right is named in front of it.
      end(authorization?.start ?? item.start);
      const giver = authorization ? `${text.slice(authorization.start, authorization.end)}\n` : '';
      entries.push({ ...large, text: giver + sql });
    } else before = undefined;
    authorization = AUTHORIZATION.test(sql) && sql.startsWith('SET') ? item : undefined;
  };

  for (const item of topLevel(text, escapes)) item.kind === 'comment' ? comment(item) : statement(item);
  end(text.length);
  return entries;
}

/** `undefined` for any other comment. */
function readHeader(line: string): Header | undefined {
  const [, name, kind, schema, owner] = HEADER.exec(line) ?? [];
  if (name === undefined || kind === undefined || schema === undefined || owner === undefined)
    return undefined;
  return { name, kind, schema, owner };
}

function entryOf(header: Header, place: string, text: string): Entry {
  const own = text.replace(/^--\n/, '').trim();
  // A method of a partitioned table is in its own text; the setting before it is some other table's.
  const partitioned = /^PARTITION BY /m.test(own);
  const placed = partitioned ? place.replace(/^SET default_table_access_method.*\n/m, '') : place;
  return { kind: header.kind, name: qualified(header), text: placed + own };
}

/** The settings that an entry depends on, where they are not what every server begins with. */
function placeOf({ kind }: Header, settings: ReadonlyMap<string, string>): string {
  const lines = [];
  const tablespace = settings.get('default_tablespace') ?? "''";
  const method = settings.get('default_table_access_method') ?? 'heap';
  if (PLACED.has(kind) && tablespace !== "''") lines.push(`SET default_tablespace = ${tablespace};\n`);
  if (BUILT.has(kind) && method !== 'heap') lines.push(`SET default_table_access_method = ${method};\n`);
  return lines.join('');
}

/** Kinds whose name is that of what they belong to: `TABLE orders`. */
const ASPECTS = new Set(['ACL', 'COMMENT', 'SECURITY LABEL']);

function qualified({ kind, name, schema, owner }: Header): string {
  // All roles' defaults have the same name.
  if (kind === 'DEFAULT ACL') return `${schema === '-' ? '' : `${schema}: `}${name} of ${owner}`;
  if (schema === '-') return name;
  if (!ASPECTS.has(kind)) return `${schema}.${name}`;
  return name.replace(/^((?:[A-Z]+ )*)/, (_, what: string) => `${what}${schema}.`);
}
