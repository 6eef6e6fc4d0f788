import { expect, test } from 'vitest';
import { compare } from '../../../../lib/engines/content/compare.ts';
import type { Content } from '../../../../lib/engines/content/content.ts';
import type { RawFrame } from '../../../../lib/engines/engine.ts';
import { content } from '../../../../lib/engines/postgres/restore-test/content.ts';
import { commentOf, limitOf, scratchName } from '../../../../lib/engines/postgres/restore-test/mark.ts';
import { contextOf, refusalOf, replay } from '../../../contracts/engine/harness.ts';

const entry = (name: string, kind: string, sql: string, schema = 'app', owner = 'me') =>
  `--\n-- Name: ${name}; Type: ${kind}; Schema: ${schema}; Owner: ${owner}\n--\n\n${sql}\n\n\n`;
const frame = (section: RawFrame['section'], text: string, table?: string): RawFrame => ({
  section,
  rows: 0,
  bytes: Buffer.from(text),
  ...(table !== undefined && { table }),
});
const read = (frames: readonly RawFrame[], settings: object = {}): Promise<Content> =>
  content(
    {
      frames: replay(frames),
      details: () => ({ encoding: 'UTF8', databaseSettings: JSON.stringify(settings) }),
    },
    contextOf(),
  );
const objectsOf = ({ objects }: Content) =>
  [...objects.values()].map(({ kind, name, text }) => [`${kind} ${name}`, text]);

test('each entry of the structure is an object; heads, versions and keys are none', async () => {
  const found = await read([
    frame(
      'pre-data',
      `--\n-- PostgreSQL database dump\n--\n\n\\restrict abc\n\n-- Dumped from database version 18.1\n\nSET client_encoding = 'UTF8';\n\n` +
        entry(
          't',
          'TABLE',
          "CREATE TABLE app.t (\n    a text DEFAULT '-- Name: x; Type: TABLE; Schema: y; Owner: z'\n);",
        ) +
        entry('TABLE t', 'COMMENT', "COMMENT ON TABLE app.t IS 'A; table';") +
        "SELECT pg_catalog.lo_create('7');\nALTER LARGE OBJECT 7 OWNER TO me;\n\n",
    ),
    frame(
      'post-data',
      entry('i', 'INDEX', 'CREATE INDEX i ON app.t USING btree (a);') +
        entry('DEFAULT PRIVILEGES FOR TABLES', 'DEFAULT ACL', 'ALTER DEFAULT PRIVILEGES …;', '-', 'you') +
        'GRANT SELECT ON LARGE OBJECT 7 TO you;\n\n-- Cofre: 1 tables, 0 rows\n\n--\n-- PostgreSQL database dump complete\n--\n\n\\unrestrict abc\n\n',
    ),
  ]);
  expect(Object.fromEntries(objectsOf(found))).toEqual({
    'TABLE app.t':
      "CREATE TABLE app.t (\n    a text DEFAULT '-- Name: x; Type: TABLE; Schema: y; Owner: z'\n);",
    'COMMENT TABLE app.t': "COMMENT ON TABLE app.t IS 'A; table';",
    'LARGE OBJECT 7': "ALTER LARGE OBJECT 7 OWNER TO me;\nSELECT pg_catalog.lo_create('7');",
    'INDEX app.i': 'CREATE INDEX i ON app.t USING btree (a);',
    'DEFAULT ACL DEFAULT PRIVILEGES FOR TABLES of you': 'ALTER DEFAULT PRIVILEGES …;',
    'ACL LARGE OBJECT 7': 'GRANT SELECT ON LARGE OBJECT 7 TO you;',
    'DATABASE encoding': 'UTF8',
    'DATABASE locale provider': 'libc',
  });
});

test('tablespaces and access methods belong to what lies in them, in whatever order it comes', async () => {
  const [one, other] = [entry('a', 'TABLE', 'CREATE TABLE a;'), entry('v', 'VIEW', 'CREATE VIEW v;')];
  const placed = `SET default_tablespace = fast;\n\nSET default_table_access_method = column;\n\n`;
  const found = await read([frame('pre-data', placed + one + other)]);
  const turned = await read([frame('pre-data', other + placed + one)]);
  expect(turned.objects).toEqual(found.objects);
  expect(objectsOf(found).slice(0, 2)).toEqual([
    ['VIEW app.v', 'CREATE VIEW v;'],
    [
      'TABLE app.a',
      'SET default_tablespace = fast;\nSET default_table_access_method = column;\nCREATE TABLE a;',
    ],
  ]);
});

test('what may hold a password is not to be shown', async () => {
  const found = await read(
    [frame('post-data', entry('s', 'SUBSCRIPTION', "CREATE SUBSCRIPTION s CONNECTION 'password=x';", '-'))],
    { settings: [{ set: ['app.key=x'] }, { role: 'me', set: ['app.key=y'] }] },
  );
  const secret = [...found.objects.values()].filter((it) => it.secret).map(({ name }) => name);
  expect(secret).toEqual(['s', 'settings', 'settings of me']);
});

test('rows are lines, in any order and frame; names of columns may hold anything', async () => {
  const header = 'COPY app.t (a, "FROM stdin;\n") FROM stdin;\n';
  const rows = (...lines: string[]) =>
    frame('data', `${header}${lines.map((line) => `${line}\n`).join('')}\\.\n\n`, 'app.t');
  const one = await read([rows('1\t2', '3\t4'), rows('5\t6')]);
  const other = await read([rows('5\t6', '1\t2'), rows('3\t4'), rows()]);
  expect(one.sums).toEqual(other.sums);
  expect([...one.sums.values()]).toMatchObject([{ kind: 'ROWS', name: 'app.t', rows: 3 }]);
  expect((await read([rows('1\t2', '3\t4', '5\t7')])).sums).not.toEqual(one.sums);
});

test('the order of inherited columns is told of its table, and is no change of its rows', async () => {
  const inherits = entry('t', 'TABLE', 'CREATE TABLE app.t (\n    b text\n)\nINHERITS (app.p);');
  const rows = (columns: string, line: string) =>
    read([
      frame('pre-data', inherits),
      frame('data', `COPY app.t (${columns}) FROM stdin;\n${line}\n\\.\n\n`, 'app.t'),
    ]);
  const [one, other] = [await rows('"z", b, a', '1\tx\\t2\t\\N'), await rows('a, b, z', '\\N\tx\\t2\t1')];
  expect(other.sums).toEqual(one.sums);
  expect(compare(one, other).map(({ kind, was, is }) => [kind, was, is])).toEqual([
    ['COLUMN ORDER', 'z, b, a', 'a, b, z'],
  ]);
  expect((await rows('a, b, z', '1\tx\\t2\t\\N')).sums).not.toEqual(one.sums);
});

test('rows that any partition may hold are compared by the names of their columns', async () => {
  const root = entry('t', 'TABLE', 'CREATE TABLE app."T t" (\n    b text\n)\nPARTITION BY HASH (b);');
  const part = (columns: string, line: string) =>
    frame('data', `COPY app."T t" (${columns}) FROM stdin;\n${line}\n\\.\n\n`, 'app."T t"');
  const one = await read([frame('pre-data', root), part('b, a', '1\t2'), part('a, b', '3\t4')]);
  const other = await read([frame('pre-data', root), part('b, a', '4\t3'), part('a, b', '2\t1')]);
  expect(compare(one, other)).toEqual([]);
});

test.each(['COPY t (a) FROM stdin;\n1\n', 'COPY t (a) FROM', 'COPY t (a) FROM stdin;\n1\\.\n\n', ''])(
  'a frame of rows that is not whole is refused: %j',
  async (text) => {
    expect(await refusalOf(read([frame('data', text, 't')]))).toBe('BACKUP_DAMAGED');
  },
);

test('bytes that are no text of any encoding are told apart', async () => {
  const of = (byte: number) => {
    const bytes = Buffer.concat([
      Buffer.from(entry('t', 'TABLE', 'CREATE TABLE ')),
      Buffer.from([byte, 0x3b]),
    ]);
    return read([{ section: 'pre-data', rows: 0, bytes }]);
  };
  expect((await of(0xfc)).objects).not.toEqual((await of(0xfd)).objects);
});

test('a scratch database is compared without its mark; another one with all it has', async () => {
  const name = scratchName();
  const settings = [{ set: ['event_triggers=off'] }];
  const mark = { owner: 'me', comment: commentOf(name), connectionLimit: limitOf(name), settings };
  expect((await read([], mark)).objects).toEqual((await read([], { owner: 'me' })).objects);
  const names = objectsOf(await read([], { ...mark, connectionLimit: 7 })).map(([name]) => name);
  expect(names).toContain('DATABASE connection limit');
  expect(names).toContain('DATABASE comment');
});
