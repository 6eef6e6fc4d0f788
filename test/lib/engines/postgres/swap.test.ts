import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { replay } from '../../../contracts/engine/harness.ts';
import { identifier } from '../../../servers/postgres/server.ts';
import { OTHER, SAMPLE } from '../../../support/postgres/contract-sample.ts';
import { databaseOf, inputOf, type SwapLab, swapLab } from '../../../support/postgres/swap-lab.ts';

describe.each([14, 18] as const)('PostgreSQL %i', (version) => {
  let lab: SwapLab;
  beforeAll(async () => {
    lab = await swapLab(version);
  });
  afterAll(() => lab.server.stop());

  test('a swap gives what psql makes of the dump, and keeps what was there', async () => {
    const [source, target] = [await lab.make(SAMPLE), await lab.make(OTHER)];
    const old = await lab.fingerprint(target);
    const input = inputOf(await lab.take(source));
    const fences: string[] = [];
    const fence = async () => void fences.push((await lab.databases()).join());
    const result = await lab.swap(target, input, {}, { fence });
    expect(await lab.fingerprint(target)).toBe(await lab.copyOf(source));
    expect(result.tables).toEqual(input.expected!.tables);
    expect(result.rows).toBe(500 + 2_300 + 300);
    const kept = (await lab.databases()).filter((name) => name.startsWith(databaseOf(target)));
    expect(kept).toEqual([databaseOf(target), expect.stringMatching(/_before_\d{8}_\d{6}$/)]);
    expect(result.warnings).toEqual([`What was in ${kept[0]} before is kept as ${kept[1]}.`]);
    expect(await lab.fingerprint(lab.server.url(kept[1]!))).toBe(old);
    expect(fences.length).toBe(1);
    expect(fences[0]).not.toContain('_before_');
    expect(await lab.leftovers()).toEqual([]);
  });

  test('a plain dump without a manifest is swapped in as well', async () => {
    const [source, target] = [await lab.make(SAMPLE), await lab.make(OTHER)];
    const { frames } = await lab.take(source);
    await lab.swap(target, { frames: replay(frames) }, { jobs: 1 });
    expect(await lab.fingerprint(target)).toBe(await lab.copyOf(source));
  });

  test('what belongs to the database as a whole is as before: owner, rights, settings, comment, locale', async () => {
    const [source, target] = [await lab.make(SAMPLE), `app ${version} "x"`];
    await lab.sql(`CREATE ROLE keeper; CREATE ROLE reader; CREATE ROLE writer`);
    await lab.sql(
      `CREATE DATABASE ${identifier(target)} TEMPLATE template0 OWNER keeper ENCODING 'LATIN1' LC_COLLATE 'C' LC_CTYPE 'C' CONNECTION LIMIT 7`,
    );
    await lab.sql(`
      REVOKE ALL ON DATABASE ${identifier(target)} FROM PUBLIC;
      GRANT CONNECT, TEMPORARY ON DATABASE ${identifier(target)} TO reader WITH GRANT OPTION;
      COMMENT ON DATABASE ${identifier(target)} IS E'a ''quoted'' \\\\ comment\nof two lines';
      ALTER DATABASE ${identifier(target)} SET search_path TO "$user", "Odd, Schema", public;
      ALTER DATABASE ${identifier(target)} SET app.motto TO E'it''s\\\\here';
      ALTER DATABASE ${identifier(target)} SET default_transaction_read_only TO on;
      ALTER ROLE writer IN DATABASE ${identifier(target)} SET work_mem TO '8MB';`);
    const before = await propertiesOf(lab, target);
    const oid = before['oid'];
    const result = await lab.swap(lab.server.url(target), inputOf(await lab.take(source)));
    const after = await propertiesOf(lab, target);
    expect(after['oid']).not.toBe(oid);
    expect({ ...after, oid }).toEqual(before);
    expect(result.warnings.length).toBe(1);
  });

  test('a statement that leaves no trace in pg_dump is run on the same sessions: search_path, large objects', async () => {
    const [target, old] = [await lab.make(OTHER), 'SET client_encoding = LATIN1'];
    const dump = Buffer.from(
      `${old};\nCREATE SCHEMA one;\nSET search_path = one, pg_catalog;\nCREATE TABLE t (a text);\n` +
        "SELECT pg_catalog.lo_create('4711');\nCOPY t (a) FROM stdin;\ngr\xfcn\n\\.\n\nCREATE INDEX i ON t USING btree (a);\n" +
        "ALTER TABLE ONLY t\n    ADD CONSTRAINT p PRIMARY KEY (a);\nBEGIN;\nSELECT pg_catalog.lo_open('4711', 131072);\n" +
        "SELECT pg_catalog.lowrite(0, '\\x616263');\nSELECT pg_catalog.lo_close(0);\nCOMMIT;\n",
      'latin1',
    );
    const frames = [{ section: 'data', rows: 0, bytes: dump }] as const;
    const result = await lab.swap(target, { frames: replay(frames) });
    expect(result.tables).toEqual([{ name: 't', rows: 1 }]);
    expect(await lab.sql('SELECT a, lo_get(4711) FROM one.t', databaseOf(target))).toBe('grün|\\x616263');
  });
});

const FACTS = [
  'oid',
  'datdba',
  'encoding',
  'datcollate',
  'datctype',
  'datconnlimit',
  'datacl',
  'dattablespace',
];

async function propertiesOf(lab: SwapLab, name: string): Promise<Record<string, unknown>> {
  const text = await lab.sql(`
    SELECT jsonb_object_agg(key, value) || jsonb_build_object('comment', shobj_description(d.oid, 'pg_database'),
      'settings', (SELECT jsonb_agg(jsonb_build_array(setrole, setconfig) ORDER BY setrole)
        FROM pg_db_role_setting WHERE setdatabase = d.oid))
    FROM pg_database d, jsonb_each(to_jsonb(d))
    WHERE datname = '${name}' AND key IN (${FACTS.map((fact) => `'${fact}'`).join()}) GROUP BY d.oid`);
  return JSON.parse(text);
}
