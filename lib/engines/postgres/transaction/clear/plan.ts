import { CofreError } from '../../../../errors.ts';
import type { DumpedExtension } from '../../load/extensions.ts';
import type { PgSession } from '../../wire/connect.ts';
import { nameOf } from '../../wire/url.ts';
import { CONTENTS, TABLES } from './contents-sql.ts';

export interface InstalledExtension {
  readonly oid: number;
  readonly name: string;
  readonly schema: string;
  /** The role that restores may change it. */
  readonly own: boolean;
}

/** What clearing a database will keep and drop. */
export interface ClearPlan {
  readonly keptExtensions: readonly InstalledExtension[];
  readonly droppedExtensions: readonly InstalledExtension[];
  /** `public` and those that hold something of a kept extension. */
  readonly keptSchemas: readonly string[];
  /** To be dropped with all that is in them. */
  readonly droppedSchemas: readonly string[];
  /** Tables to be dropped that the role may lock, SQL names in the order of their making. */
  readonly tables: readonly string[];
  /** What cannot be as in a fresh database, in full sentences. */
  readonly warnings: readonly string[];
}

/** Always there, and never in a dump. */
const BUILT_IN = 'plpgsql';

/**
 * Looks at what is there, and changes nothing.
 * @throws {CofreError} `TARGET_INVALID` naming what the role may not drop.
 */
export async function planClear(session: PgSession, dumped: readonly DumpedExtension[]): Promise<ClearPlan> {
  const { client } = session;
  const { rows: installed } = await client.query<InstalledExtension>(EXTENSIONS);
  const stays = (extension: InstalledExtension) => !extension.own || isWanted(extension, dumped);
  const keptExtensions = installed.filter(stays);
  const oids = keptExtensions.map(({ oid }) => oid);
  const { rows: schemas } = await client.query<{ name: string; kept: boolean }>(SCHEMAS, [oids]);
  await requireRights(session, oids);
  const { rows: tables } = await client.query<{ name: string }>(TABLES, [oids]);
  return {
    keptExtensions,
    droppedExtensions: installed.filter((extension) => !stays(extension)),
    keptSchemas: schemas.filter(({ kept }) => kept).map(({ name }) => name),
    droppedSchemas: schemas.filter(({ kept }) => !kept).map(({ name }) => name),
    tables: tables.map(({ name }) => name),
    warnings: keptExtensions.flatMap((extension) => keptAgainstWill(extension, dumped)),
  };
}

const EXTENSIONS = `
  SELECT e.oid, e.extname::text AS name, n.nspname::text AS schema, pg_has_role(e.extowner, 'USAGE') AS own
  FROM pg_extension e JOIN pg_namespace n ON n.oid = e.extnamespace ORDER BY e.oid`;

const SCHEMAS = `
  SELECT n.nspname::text AS name, n.nspname = 'public' OR n.oid IN (${heldBy('$1')}) AS kept
  FROM pg_namespace n WHERE n.nspname !~ '^pg_' AND n.nspname <> 'information_schema' ORDER BY n.oid`;

/** Schemas that are, or hold, something of the extensions. */
function heldBy(extensions: string): string {
  return `
    SELECT extnamespace FROM pg_extension WHERE oid = ANY (${extensions})
    UNION ALL SELECT d.objid FROM pg_depend d
      WHERE d.classid = 'pg_namespace'::regclass AND d.deptype = 'e' AND d.refobjid = ANY (${extensions})
    UNION ALL SELECT c.relnamespace FROM pg_depend d JOIN pg_class c ON c.oid = d.objid
      WHERE d.classid = 'pg_class'::regclass AND d.deptype = 'e' AND d.refobjid = ANY (${extensions})
    UNION ALL SELECT p.pronamespace FROM pg_depend d JOIN pg_proc p ON p.oid = d.objid
      WHERE d.classid = 'pg_proc'::regclass AND d.deptype = 'e' AND d.refobjid = ANY (${extensions})
    UNION ALL SELECT t.typnamespace FROM pg_depend d JOIN pg_type t ON t.oid = d.objid
      WHERE d.classid = 'pg_type'::regclass AND d.deptype = 'e' AND d.refobjid = ANY (${extensions})`;
}

/** One that the dump has, too, where the dump has it; to be kept with all that belongs to it. */
function isWanted({ name, schema }: InstalledExtension, dumped: readonly DumpedExtension[]): boolean {
  if (name === BUILT_IN) return true;
  const found = dumped.find((extension) => extension.name === name);
  return found !== undefined && (found.schema === undefined || found.schema === schema);
}

function keptAgainstWill(extension: InstalledExtension, dumped: readonly DumpedExtension[]): string[] {
  const { name, schema } = extension;
  if (isWanted(extension, dumped)) return [];
  const found = dumped.find((other) => other.name === name);
  if (found)
    return [`The extension ${name} stays in the schema ${schema}; in the backup it is in ${found.schema}.`];
  return [`The extension ${name} is not in the backup, but stays: it belongs to another role.`];
}

interface Denied {
  readonly what: string;
  readonly owner: string;
}

const SHOWN = 5;

async function requireRights({ client, settings }: PgSession, kept: readonly number[]): Promise<void> {
  const { rows } = await client.query<Denied>(DENIED, [kept]);
  if (rows.length === 0) return;
  const shown = rows.slice(0, SHOWN).map(({ what, owner }) => `${what} (of ${owner})`);
  const more = rows.length > SHOWN ? ` and ${rows.length - SHOWN} more` : '';
  throw new CofreError(
    'TARGET_INVALID',
    `${settings.user} may not drop what is in ${nameOf(settings)}: ${shown.join(', ')}${more}.`,
    {
      hint: 'Nothing was changed. Connect as a superuser or as a member of the owners, or restore into a new database.',
    },
  );
}

/** Owners of a schema may drop what is in it (manual, DROP TABLE); large objects are in none. */
const DENIED = `
  SELECT 'schema ' || quote_ident(n.nspname) AS what, pg_get_userbyid(n.nspowner) AS owner FROM pg_namespace n
  WHERE n.nspname !~ '^pg_' AND n.nspname NOT IN ('information_schema', 'public')
    AND NOT pg_has_role(n.nspowner, 'USAGE') AND n.oid NOT IN (${heldBy('$1')})
    AND NOT EXISTS (SELECT FROM pg_depend d WHERE d.classid = 'pg_namespace'::regclass AND d.objid = n.oid AND d.deptype = 'e')
  UNION ALL
  SELECT i.type || ' ' || i.identity, pg_get_userbyid(o.owner) FROM (${CONTENTS}) o
    JOIN pg_namespace n ON n.oid = o.namespace, pg_identify_object(o.classid, o.oid, 0) i
  WHERE NOT pg_has_role(n.nspowner, 'USAGE') AND NOT pg_has_role(o.owner, 'USAGE')
    AND (n.nspname = 'public' OR n.oid IN (${heldBy('$1')}))
  UNION ALL
  SELECT 'large object ' || oid, pg_get_userbyid(lomowner) FROM pg_largeobject_metadata
  WHERE NOT pg_has_role(lomowner, 'USAGE')`;
