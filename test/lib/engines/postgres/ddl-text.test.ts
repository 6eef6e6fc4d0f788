import fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import { withoutAttver } from '../../../../lib/engines/postgres/pg-dump/attver.ts';
import { endOfDump, startOfDump } from '../../../../lib/engines/postgres/pg-dump/end.ts';
import { forOldServer } from '../../../../lib/engines/postgres/pg-dump/old-servers.ts';
import { cutSections } from '../../../../lib/engines/postgres/pg-dump/sections.ts';
import { ddlText } from '../../../../lib/engines/postgres/pg-dump/text.ts';

const HEAD =
  '-- Dumped from database version 16.1\n\nSET lock_timeout = 0;\nSET transaction_timeout = 0;\n\n';

const entry = (kind: string, sql: string, name = 'x', schema = 'public') =>
  `--\n-- Name: ${name}; Type: ${kind}; Schema: ${schema}; Owner: me\n--\n\n${sql}\n\n\n`;
const table = entry('TABLE', 'CREATE TABLE x ();');
const index = entry('INDEX', 'CREATE INDEX x ON y (z);');
const sections = (text: string) => Object.values(cutSections(text, false));

describe('the cut before post-data', () => {
  test('is before the comment of its first entry, and no byte is lost', () => {
    expect(sections(table + index + table)).toEqual([table, index + table]);
    expect(sections(table)).toEqual([table, '']);
  });

  test('does not see what is within quotes', () => {
    const tricks = [
      `CREATE FUNCTION f() AS $_$\n${index}$_$;`,
      `COMMENT ON TABLE x IS '\n''${index}';`,
      `CREATE VIEW "\n""${index}" AS SELECT 1;`,
      `CREATE VIEW v AS SELECT E'\\'\n${index}';`,
      `CREATE VIEW v AS SELECT E'\\\\' AS "E", '\\', $1$2;`,
    ];
    for (const sql of tricks) {
      const text = entry('VIEW', sql);
      expect(sections(text + index), sql).toEqual([text, index]);
    }
  });

  test('sees backslashes in literals where they escape', () => {
    const view = entry('VIEW', `CREATE VIEW v AS SELECT '\\'\n${index}';`);
    expect(cutSections(view + index, true)).toEqual({ preData: view, postData: index });
  });

  test('comes before what pg_dump sets for the entry', () => {
    const set = "SET default_tablespace = '';\n\n";
    expect(sections(`SET default_tablespace = fast;\n\n${table}${set}${index}`)).toEqual([
      `SET default_tablespace = fast;\n\n${table}`,
      set + index,
    ]);
  });

  test('takes along a tablespace that was set before it', () => {
    const before = `SET default_tablespace = "f;ast";\n\n${table}`;
    expect(sections(before + index)).toEqual([before, `SET default_tablespace = "f;ast";\n\n${index}`]);
  });

  test('is not misled by a name, or says that it cannot tell', () => {
    const harmless = entry('TABLE', 'CREATE TABLE x ();', 'a; Type: INDEX');
    expect(sections(harmless + index)).toEqual([harmless, index]);
    const unclear = entry('TABLE', 'CREATE TABLE x ();', 'a; Type: INDEX; Schema: b; Owner: c');
    expect(() => cutSections(unclear, false)).toThrow(expect.objectContaining({ code: 'SOURCE_INVALID' }));
  });

  test('whatever is quoted, the parts make up the whole', () => {
    const quoted = fc
      .array(fc.constantFrom("'", '"', '$$', '\\', '\n', '--', ';', index, 'E', ' '))
      .map((it) => it.join(''));
    fc.assert(
      fc.property(quoted, quoted, quoted, (text, name, body) => {
        const pre =
          entry('COMMENT', `COMMENT ON TABLE x IS '${text.replaceAll("'", "''")}';`) +
          entry('TABLE', `CREATE TABLE "${name.replaceAll('"', '""')}" ();`) +
          entry('FUNCTION', `CREATE FUNCTION f() AS $_q$${body}$_q$;`);
        expect(sections(pre + index)).toEqual([pre, index]);
      }),
    );
  });
});

describe('pg_attver', () => {
  const alter = (options: string) => `ALTER TABLE ONLY public."a;b" ALTER COLUMN c SET (${options});\n`;

  test('is left out, other options stay', () => {
    const text = `${table}${alter('pg_attver=3')}${alter('n_distinct=5, pg_attver=3')}${alter('pg_attver=3, n_distinct=-0.5')}`;
    expect(withoutAttver(text, false)).toBe(`${table}${alter('n_distinct=5')}${alter('n_distinct=-0.5')}`);
  });

  test('stays where it is somebody’s text', () => {
    const text = `COMMENT ON TABLE x IS '\n${alter('pg_attver=1')}';\n${alter('my_pg_attver=3')}`;
    expect(withoutAttver(text, false)).toBe(text);
  });
});

describe('what an older server does not know', () => {
  const create = (...lines: string[]) =>
    `CREATE TABLE public."a (\n" (\n    ${lines.join(',\n    ')}\n)\nINHERITS (p);`;
  const empty = 'CREATE TABLE public."a (\n" (\n)\nINHERITS (p);';
  const alter = (column: string) =>
    `\n\nALTER TABLE ONLY public."a (\n" ALTER COLUMN ${column} SET NOT NULL;`;
  const identity = (line: string) =>
    `ALTER TABLE x ALTER COLUMN y ADD GENERATED ALWAYS AS IDENTITY (\n    SEQUENCE NAME z\n${line}    START WITH 1\n);\n`;

  test.each([
    [['NOT NULL a'], empty + alter('a')],
    [['NOT NULL a', 'NOT NULL "b,"', 'NOT NULL c'], empty + alter('a') + alter('"b,"') + alter('c')],
    [['NOT NULL a', 'b integer'], create('b integer') + alter('a')],
    [['b integer NOT NULL', 'NOT NULL a'], create('b integer NOT NULL') + alter('a')],
    [['b integer', 'NOT NULL a', 'CHECK ((b > 0))'], create('b integer', 'CHECK ((b > 0))') + alter('a')],
  ])('%j is a column altered before 18', (lines, altered) => {
    const text = entry('TABLE', create(...lines));
    expect(forOldServer(text, false, 170_009)).toBe(entry('TABLE', altered));
    expect(forOldServer(text, false, 180_000)).toBe(text);
  });

  test('is what pg_dump says, not what somebody has quoted', () => {
    const texts = [
      create("b text DEFAULT ',\n    NOT NULL a\n'"),
      create('"(\n    NOT NULL a\n" integer'),
      `COMMENT ON TABLE x IS '${create('NOT NULL a')}${identity('    LOGGED\n')}';\n`,
      `CREATE FUNCTION f() AS $_$${create('NOT NULL a')}$_$;\n`,
    ];
    for (const text of texts) expect(forOldServer(text, false, 140_000)).toBe(text);
    const escaped = `COMMENT ON TABLE x IS 'it\\'s ${create('NOT NULL a')}';\n`;
    expect(forOldServer(escaped, true, 140_000)).toBe(escaped);
  });

  test('is whether the sequence of an unlogged identity is logged, before 15', () => {
    const text = identity('    LOGGED\n');
    expect(forOldServer(text, false, 140_000)).toBe(identity(''));
    expect(forOldServer(text, false, 150_000)).toBe(text);
  });
});

describe('the text of a dump', () => {
  const written = (body: string) => Buffer.from(startOfDump('k') + HEAD + body + endOfDump('k'));
  const make = (body: string, keep: boolean, serverVersionNum: number) => {
    const { preData, postData } = ddlText(written(body), {
      key: 'k',
      keep,
      version: '16.1',
      serverVersionNum,
    });
    return `${preData}|${postData}`;
  };

  test('has the key where pg_dump put it, or nowhere', () => {
    expect(make(index, true, 180_000)).toBe(`${startOfDump('k')}${HEAD}|${index}`);
    expect(make(index, false, 180_000)).toBe(`${startOfDump(undefined)}${HEAD}|${index}`);
  });

  test('names the version that its server has, whatever pg_dump was told', () => {
    const said = '-- Dumped from database version 18.0\n';
    expect(make(said, false, 180_000)).toContain('\n-- Dumped from database version 16.1\n');
  });

  test('sets nothing that its server does not know', () => {
    expect(make('', false, 160_000)).not.toContain('transaction_timeout');
    expect(make('', false, 170_000)).toContain('\nSET transaction_timeout = 0;\n');
  });

  test('keeps bytes that are not UTF-8', () => {
    const bytes = Buffer.concat([
      written('').subarray(0, -endOfDump('k').length),
      Buffer.from([0xff, 0xe9, 10]),
    ]);
    const { preData } = ddlText(Buffer.concat([bytes, Buffer.from(endOfDump('k'))]), {
      key: 'k',
      keep: true,
      version: '16.1',
      serverVersionNum: 180_000,
    });
    expect(preData).toEqual(bytes);
  });

  test('must be whole', () => {
    const cut = written(table).subarray(0, -1);
    const options = { key: 'k', keep: true, version: '16.1', serverVersionNum: 180_000 };
    expect(() => ddlText(cut, options)).toThrow('begin and end');
  });
});
