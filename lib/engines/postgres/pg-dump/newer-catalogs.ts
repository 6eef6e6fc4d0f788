import { CofreError } from '../../../errors.ts';
import type { PgSession } from '../wire/connect.ts';
import { oneRow } from '../wire/one-row.ts';
import { nameOf } from '../wire/url.ts';

/**
 * The system catalogs of PostgreSQL 18, each column with its type, as `COLUMNS_DIGEST` sums them up. pg_dump 18 asks
 * for nothing else, so a server whose catalogs have these and no others can be told to it as an 18.
 */
const DIGEST_OF_18 = 'f146f9d2d787252a4c5e2ca2fadb58c2ec26d99c07535a6a7e6232ecb85c7c2b';

interface NewIn19 {
  /** Columns of the catalogs that 18 does not have. */
  readonly columns: readonly string[];
  /** What they say of an object, as it is called in the reason for a refusal; absent where the server makes them up. */
  readonly what?: string;
  /** Names of the objects of this database for which they say it, as `name`; without the members of extensions. */
  readonly users?: string;
}

const NEW_IN_19: readonly NewIn19[] = [
  {
    columns: ['pg_foreign_data_wrapper.fdwconnection'],
    what: 'foreign-data wrapper with a connection function',
    users: `SELECT fdwname AS name FROM pg_catalog.pg_foreign_data_wrapper f WHERE fdwconnection <> 0
      AND NOT EXISTS (SELECT FROM pg_catalog.pg_depend d WHERE d.classid = f.tableoid AND d.objid = f.oid
        AND d.deptype = 'e')`,
  },
  {
    columns: ['pg_publication.puballsequences'],
    what: 'publication of all sequences',
    users: 'SELECT pubname AS name FROM pg_catalog.pg_publication WHERE puballsequences',
  },
  {
    columns: ['pg_publication_rel.prexcept'],
    what: 'publication of all tables except some',
    users: `SELECT DISTINCT pubname AS name FROM pg_catalog.pg_publication p
      JOIN pg_catalog.pg_publication_rel r ON r.prpubid = p.oid WHERE prexcept`,
  },
  // Constructors that the server makes for each range type.
  {
    columns: [
      'pg_range.rngconstruct2',
      'pg_range.rngconstruct3',
      'pg_range.rngmltconstruct0',
      'pg_range.rngmltconstruct1',
      'pg_range.rngmltconstruct2',
    ],
  },
  // Whether it retains dead tuples just now is what the server finds.
  { columns: ['pg_subscription.subretentionactive'] },
  {
    columns: [
      'pg_subscription.submaxretention',
      'pg_subscription.subretaindeadtuples',
      'pg_subscription.subserver',
      'pg_subscription.subwalrcvtimeout',
    ],
    what: 'subscription with a server, retained dead tuples or a time limit',
    users: `SELECT subname AS name FROM pg_catalog.pg_subscription
      WHERE subdbid = (SELECT oid FROM pg_catalog.pg_database WHERE datname = pg_catalog.current_database())
        AND (submaxretention <> 0 OR subretaindeadtuples OR subserver <> 0 OR subwalrcvtimeout <> '-1')`,
  },
];

/** Without what extensions put into the schema, as some do. */
const COLUMNS_DIGEST = `
  SELECT pg_catalog.encode(pg_catalog.sha256(pg_catalog.convert_to(
    pg_catalog.string_agg(col, E'\\n' ORDER BY col COLLATE "C"), 'UTF8')), 'hex') AS digest
  FROM (SELECT c.relname || '.' || a.attname || ' ' || t.typname AS col
    FROM pg_catalog.pg_class c JOIN pg_catalog.pg_attribute a ON a.attrelid = c.oid
      JOIN pg_catalog.pg_type t ON t.oid = a.atttypid
    WHERE c.relnamespace = 'pg_catalog'::pg_catalog.regnamespace AND c.relkind = 'r' AND a.attnum > 0
      AND NOT EXISTS (SELECT FROM pg_catalog.pg_depend d WHERE d.classid = 'pg_catalog.pg_class'::pg_catalog.regclass
        AND d.objid = c.oid AND d.deptype = 'e')
      AND NOT a.attisdropped AND NOT c.relname || '.' || a.attname = ANY ($1)) AS columns`;

/** Whether the catalogs are those of 18 and what is known to be new in 19. */
export async function hasKnownCatalogs({ client }: PgSession): Promise<boolean> {
  const known = NEW_IN_19.flatMap(({ columns }) => columns);
  const { digest } = await oneRow<{ digest: string }>(client, COLUMNS_DIGEST, [known]);
  return digest === DIGEST_OF_18;
}

/**
 * To be called in the transaction that pg_dump has read in: what it did not see, as it takes the server for an 18.
 * @throws {CofreError} `SOURCE_INVALID` that names what the database holds and pg_dump 18 cannot write
 */
export async function requireNothingNew({ client, settings }: PgSession): Promise<void> {
  const found: string[] = [];
  for (const { what, users } of NEW_IN_19) {
    if (!users) continue;
    const { rows } = await client.query<{ name: string }>(users);
    found.push(...rows.map(({ name }) => `${name} (${what})`));
  }
  if (found.length === 0) return;
  throw new CofreError(
    'SOURCE_INVALID',
    `${nameOf(settings)} holds what only PostgreSQL 19 has: ${found.join(', ')}.`,
    {
      hint: 'Cofre holds pg_dump 18, which would leave it out. Drop it, or dump this database with pg_dump 19.',
    },
  );
}
