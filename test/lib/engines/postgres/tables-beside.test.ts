import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { STAMP, type TablesLab, tablesLab } from '../../../support/postgres/tables-lab.ts';

const SCHEMA = `
  CREATE SCHEMA "My Schema";
  CREATE TYPE mood AS ENUM ('calm', 'cross');
  CREATE DOMAIN label AS text CHECK (value <> '');
  CREATE TYPE pair AS (a int, b text);
  CREATE SEQUENCE free;
  CREATE COLLATION plain FROM "C";
  CREATE TABLE notes (id int GENERATED ALWAYS AS IDENTITY PRIMARY KEY, serial serial, number int DEFAULT nextval('free'),
    title text COLLATE plain DEFAULT 'a, (b) NOT NULL COLLATE ' NOT NULL, mood mood[] DEFAULT '{calm}', label label, pair pair,
    price numeric(10, 2) DEFAULT 1.5, at timestamp(3) with time zone, span interval day to second(2), kind "char",
    words varchar(10)[] DEFAULT '{}', bits bit(3) DEFAULT B'101',
    size int GENERATED ALWAYS AS (length(title) + 1) STORED NOT NULL, CONSTRAINT positive CHECK (id > 0)) WITH (fillfactor = 70);
  ALTER TABLE notes ALTER title SET STORAGE EXTERNAL;
  INSERT INTO notes (title, mood, label, pair, at, span, kind)
    SELECT E'T\\u00ed\\t\\\\tulo' || n, '{cross,calm}', 'l' || n, (n, 'x'::text)::pair, now(), '1 day', 'k' FROM generate_series(1, 250) n;
  CREATE TABLE "My Schema"."select" ("a ""q"" b" int, "DEFAULT x" text DEFAULT ' NOT NULL ', "x, (y" label DEFAULT 'z' NOT NULL, "new
line" int);
  INSERT INTO "My Schema"."select" SELECT n, 'v' || n, 'w', n FROM generate_series(1, 150) n;
  CREATE UNLOGGED TABLE fast (a int);
  INSERT INTO fast VALUES (1);
  CREATE TABLE none ();
  INSERT INTO none DEFAULT VALUES;
  CREATE TABLE typed OF pair (a NOT NULL);
  INSERT INTO typed VALUES (1, 'one');
  CREATE TABLE empty (x text);
  CREATE TABLE base (a int DEFAULT 3, b text COLLATE plain DEFAULT 'it''s' NOT NULL, CONSTRAINT low CHECK (a > 0));
  CREATE TABLE other (z int, twice int GENERATED ALWAYS AS (z * 2) STORED);
  CREATE TABLE child (c text) INHERITS (base);
  CREATE TABLE grandchild (d mood, a int DEFAULT 9) INHERITS (child, other);
  INSERT INTO base VALUES (1, 'base');
  INSERT INTO child VALUES (2, 'child', 'c');
  INSERT INTO grandchild (a, b, c, z, d) VALUES (4, 'grandchild', 'c', 21, 'cross');
  CREATE TABLE strict () INHERITS (base);
  ALTER TABLE strict ALTER a SET NOT NULL;
  CREATE TABLE below (e text) INHERITS (strict);
  INSERT INTO strict VALUES (5, 'strict');
  INSERT INTO below VALUES (6, 'below', 'e');
  CREATE TABLE parted (id int, at date NOT NULL, v text DEFAULT 'd' NOT NULL) PARTITION BY RANGE (at);
  CREATE TABLE parted_1 PARTITION OF parted FOR VALUES FROM ('2024-01-01') TO ('2025-01-01');
  CREATE TABLE parted_2 (v text NOT NULL, gone int, at date NOT NULL, id int);
  ALTER TABLE parted_2 DROP gone;
  ALTER TABLE parted ATTACH PARTITION parted_2 FOR VALUES FROM ('2025-01-01') TO ('2026-01-01');
  CREATE TABLE parted_3 PARTITION OF parted FOR VALUES FROM ('2026-01-01') TO ('2027-01-01') PARTITION BY LIST (id);
  CREATE TABLE parted_3_1 PARTITION OF parted_3 DEFAULT;
  INSERT INTO parted SELECT n, '2024-01-01'::date + n, 'v' || n FROM generate_series(1, 1000) n;
  CREATE FUNCTION spoil() RETURNS trigger LANGUAGE plpgsql AS $$BEGIN /*
CREATE TABLE public.notes (fake int);
  */ RETURN NULL; END$$;
  CREATE TRIGGER spoil BEFORE INSERT ON notes FOR EACH ROW EXECUTE FUNCTION spoil();
`;

const columns = (table: string) => `
  SELECT attname, format_type(atttypid, atttypmod), attnotnull, collname, attgenerated, attstorage,
    CASE WHEN attgenerated <> '' THEN pg_get_expr(adbin, adrelid) END FROM pg_attribute LEFT JOIN pg_attrdef ON adrelid = attrelid AND adnum = attnum
    LEFT JOIN pg_collation c ON c.oid = attcollation
  WHERE attrelid = '${table}'::regclass AND attnum > 0 AND NOT attisdropped ORDER BY attname`;

describe.each([14, 18] as const)('single tables beside the live ones, PostgreSQL %i', (version) => {
  let lab: TablesLab;
  beforeAll(async () => {
    lab = await tablesLab(version);
  });
  afterAll(() => lab.server.stop());

  const copyOf = (table: string) => table.replace(/"?$/, (end) => `_restored_${STAMP}${end}`);

  it.each([
    'public.notes',
    '"My Schema"."select"',
    'public.fast',
    'public.none',
    'public.typed',
    'public.empty',
    'public.base',
    'public.child',
    'public.grandchild',
    'public.strict',
    'public.below',
    'public.parted_2',
  ])('has the rows and columns of %s, and leaves all else alone', async (table) => {
    const { url, backup } = await lab.make(SCHEMA);
    const before = await lab.fingerprint(url);
    const result = await lab.restore(url, { backup, tables: [table] });
    const copy = result.tables[0]!.restoredAs;
    expect(copy).toBe(
      table === '"My Schema"."select"' ? `"My Schema".select_restored_${STAMP}` : copyOf(table),
    );
    const rows = (name: string) => lab.sql(url, `SELECT t::text FROM ONLY ${name} t ORDER BY 1`);
    const { length } = (await rows(table)).split('\n');
    expect(await rows(copy)).toBe(await rows(table));
    expect(result.rows).toBe(table === 'public.empty' ? 0 : length);
    expect(await lab.sql(url, columns(copy))).toBe(await lab.sql(url, columns(table)));
    expect(await lab.sql(url, `SELECT count(*) FROM pg_inherits WHERE inhrelid = '${copy}'::regclass`)).toBe(
      '0',
    );
    expect(await lab.sql(url, `SELECT relpersistence FROM pg_class WHERE oid = '${copy}'::regclass`)).toBe(
      'p',
    );
    await lab.sql(url, `DROP TABLE ${copy}`);
    expect(await lab.fingerprint(url)).toBe(before);
  });

  it('gathers the rows of all partitions in one table that belongs to none', async () => {
    const { url, backup } = await lab.make(SCHEMA);
    const result = await lab.restore(url, { backup, tables: ['public.parted', 'public.parted_1'] });
    expect(result.tables.map(({ rows }) => rows)).toEqual([1_000, 365]);
    const copy = `public.parted_restored_${STAMP}`;
    expect(await lab.sql(url, `SELECT * FROM ${copy} EXCEPT SELECT * FROM parted`)).toBe('');
    expect(await lab.sql(url, `SELECT count(*) FROM ${copy}`)).toBe('1000');
    expect(await lab.sql(url, 'SELECT count(*) FROM parted')).toBe('1000');
    expect(await lab.sql(url, `SELECT relkind FROM pg_class WHERE oid = '${copy}'::regclass`)).toBe('r');
  });

  it('draws from no sequence, and keeps computed columns computed', async () => {
    const { url, backup } = await lab.make(SCHEMA);
    const drawn = () =>
      lab.sql(url, 'SELECT schemaname, sequencename, last_value FROM pg_sequences ORDER BY 2');
    const before = await drawn();
    await lab.restore(url, { backup, tables: ['public.notes'] });
    const copy = `notes_restored_${STAMP}`;
    await lab.sql(url, `INSERT INTO ${copy} (id, serial, title) VALUES (-1, 1, 'four')`);
    expect(await lab.sql(url, `SELECT size, number FROM ${copy} WHERE id = -1`)).toBe('5|');
    expect(await drawn()).toBe(before);
  });

  it('brings back a table that was dropped, or has changed, or whose schema is gone', async () => {
    const { url, backup } = await lab.make(SCHEMA);
    await lab.sql(
      url,
      'DROP TABLE notes, base CASCADE; DROP SEQUENCE free; ALTER TABLE empty RENAME x TO y; DROP SCHEMA "My Schema" CASCADE',
    );
    const tables = ['public.notes', 'public.grandchild', 'public.empty', '"My Schema"."select"'];
    const result = await lab.restore(url, { backup, tables });
    expect(result.rows).toBe(250 + 1 + 150);
    expect(result.warnings).toEqual([expect.stringContaining('The schema My Schema was gone')]);
    expect(await lab.sql(url, `SELECT count(*) FROM "My Schema".select_restored_${STAMP}`)).toBe('150');
    expect(await lab.sql(url, `SELECT d FROM grandchild_restored_${STAMP}`)).toBe('cross');
    expect(await lab.sql(url, "SELECT count(*) FROM pg_class WHERE relname ~ 'cofre_parent'")).toBe('0');
  });

  it('finds free names that fit, and never cuts through a character', async () => {
    const long = 'é'.repeat(25);
    const { url, backup } = await lab.make(
      `CREATE TABLE "${long}_1" (x int); CREATE TABLE "${long}_2" (x int)`,
    );
    const tables = [`public."${long}_1"`, `public."${long}_2"`];
    const result = await lab.restore(url, { backup, tables });
    expect(result.tables.map(({ restoredAs }) => restoredAs)).toEqual([
      `public."${'é'.repeat(19)}_restored_${STAMP}"`,
      `public."${'é'.repeat(18)}_restored_${STAMP}_2"`,
    ]);
  });

  it('refuses when a type is gone, naming it, and makes nothing', async () => {
    const { url, backup } = await lab.make(SCHEMA);
    await lab.sql(url, 'DROP TYPE mood CASCADE');
    const before = await lab.fingerprint(url);
    const restoring = lab.restore(url, { backup, tables: ['public.empty', 'public.notes'] });
    await expect(restoring).rejects.toMatchObject({
      code: 'RESTORE_REFUSED',
      message: expect.stringContaining('public.mood'),
    });
    expect(await lab.fingerprint(url)).toBe(before);
  });

  it('refuses rows with a label that their enum has lost', async () => {
    const { url, backup } = await lab.make(SCHEMA);
    await lab.sql(url, "ALTER TYPE mood RENAME VALUE 'cross' TO 'angry'");
    const restoring = lab.restore(url, { backup, tables: ['public.grandchild'] });
    await expect(restoring).rejects.toMatchObject({
      code: 'RESTORE_REFUSED',
      message: expect.stringContaining('cross'),
    });
  });

  it('restores as a role that owns nothing there but may create', async () => {
    const { url, backup } = await lab.make(SCHEMA);
    await lab.server.createRole('visitor');
    await lab.sql(url, 'GRANT CREATE, USAGE ON SCHEMA public TO visitor');
    const own = new URL(url);
    own.username = 'visitor';
    await lab.restore(own.href, { backup, tables: ['public.grandchild'] });
    const owner = `SELECT relowner::regrole FROM pg_class WHERE relname = 'grandchild_restored_${STAMP}'`;
    expect(await lab.sql(url, owner)).toBe('visitor');
    const denied = lab.restore(own.href, { backup, tables: ['"My Schema"."select"'] });
    await expect(denied).rejects.toMatchObject({ code: 'TARGET_INVALID' });
    await lab.sql(url, 'DROP SCHEMA "My Schema" CASCADE');
    const homeless = lab.restore(own.href, { backup, tables: ['"My Schema"."select"'] });
    await expect(homeless).rejects.toMatchObject({ code: 'RESTORE_REFUSED' });
  });

  it("copies what a backup has of an extension's table", async () => {
    const { url, backup } = await lab.make('CREATE TABLE kept (x int); INSERT INTO kept VALUES (1)');
    const withoutDefinition = { ...backup, preData: { ...backup.preData, bytes: new Uint8Array() } };
    const restoring = lab.restore(url, { backup: withoutDefinition, tables: ['public.kept'] });
    await expect(restoring).rejects.toMatchObject({ code: 'BACKUP_DAMAGED' });
    await lab.sql(url, 'ALTER EXTENSION plpgsql ADD TABLE kept');
    await lab.restore(url, { backup: withoutDefinition, tables: ['public.kept'] });
    expect(await lab.sql(url, `SELECT * FROM kept_restored_${STAMP}`)).toBe('1');
  });
});

describe('columns that only PostgreSQL 18 has', () => {
  let lab: TablesLab;
  beforeAll(async () => {
    lab = await tablesLab(18);
  });
  afterAll(() => lab.server.stop());

  it('has columns that are computed when read, and named NOT NULLs', async () => {
    const { url, backup } = await lab.make(`
      CREATE TABLE base (a int CONSTRAINT given NOT NULL, b int GENERATED ALWAYS AS (a * 2) VIRTUAL);
      CREATE TABLE virtual (c int, CONSTRAINT here NOT NULL a) INHERITS (base);
      INSERT INTO virtual VALUES (2, DEFAULT, 3)`);
    await lab.restore(url, { backup, tables: ['public.virtual'] });
    const copy = `virtual_restored_${STAMP}`;
    expect(await lab.sql(url, `SELECT a, b, c FROM ${copy}`)).toBe('2|4|3');
    expect(await lab.sql(url, columns(copy))).toBe(await lab.sql(url, columns('virtual')));
  });
});
