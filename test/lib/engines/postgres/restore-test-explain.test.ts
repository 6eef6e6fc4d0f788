import { expect, test } from 'vitest';
import type { Between, Side } from '../../../../lib/engines/engine.ts';
import { explain } from '../../../../lib/engines/postgres/restore-test/explain.ts';

const side = (serverVersionNum: number, warnings: string[] = []): Side => ({
  version: String(serverVersionNum),
  details: { serverVersionNum },
  warnings,
});
const UPGRADE: Between = { was: side(140_019), is: side(180_001) };
const SAME: Between = { was: side(180_001), is: side(180_001) };
const MISSING =
  'Owners and grants of roles that this server does not have were left out: alice, Bob, the builder.';

const told = (kind: string, was: string | undefined, is: string | undefined, between: Between) => {
  const object = (text: string | undefined) => (text === undefined ? undefined : { kind, name: 'x', text });
  return explain(object(was), object(is), between);
};

test.each([
  [
    'VIEW',
    'CREATE VIEW v AS\n SELECT t.a,\n    t.t\n   FROM s.t;',
    'CREATE VIEW v AS\n SELECT a,\n    t\n   FROM s.t;',
  ],
  [
    'VIEW',
    'CREATE VIEW v AS\n SELECT "x y"."A b"\n   FROM s."x y";',
    'CREATE VIEW v AS\n SELECT "A b"\n   FROM s."x y";',
  ],
  [
    'TABLE',
    'CREATE TABLE t (\n    a integer NOT NULL\n);',
    'CREATE TABLE t (\n    a integer CONSTRAINT n NOT NULL\n);',
  ],
  [
    'ACL',
    'REVOKE SELECT,INSERT,REFERENCES,DELETE,TRIGGER,TRUNCATE,UPDATE ON TABLE s.t FROM me;',
    'REVOKE ALL ON TABLE s.t FROM me;\nGRANT MAINTAIN ON TABLE s.t TO me;',
  ],
])('a %s in the words of a later version', (kind, was, is) => {
  expect(told(kind, was, is, UPGRADE)).toBe('server-version');
  expect(told(kind, was, is, SAME)).toBe(null);
  expect(told(kind, is, was, UPGRADE)).toBe(null);
  expect(told(kind, was, `${is} --`, UPGRADE)).toBe(null);
  expect(told(kind, was, undefined, UPGRADE)).toBe(null);
  expect(told(kind, undefined, is, UPGRADE)).toBe(null);
});

test.each([
  ['another column', 'VIEW', 'SELECT t.a FROM s.t;', 'SELECT b FROM s.t;'],
  ['another schema', 'VIEW', 'SELECT t.a FROM s.t;', 'SELECT a FROM t;'],
  ['another function', 'VIEW', 'SELECT s.f(t.a) AS s FROM s.t;', 'SELECT f(a) AS s FROM s.t;'],
  ['another type', 'VIEW', 'SELECT t.s, (t.a)::s.u AS u FROM s.t;', 'SELECT s, (a)::u AS u FROM s.t;'],
  ['within a text', 'VIEW', "SELECT 't.a' FROM s.t;", "SELECT 'a' FROM s.t;"],
  ['within a body', 'FUNCTION', 'AS $$SELECT t.a FROM t$$;', 'AS $$SELECT a FROM t$$;'],
  ['a column less', 'VIEW', 'SELECT t.a, t.b FROM s.t;', 'SELECT a FROM s.t;'],
  [
    'a lost NOT NULL',
    'TABLE',
    'CREATE TABLE t (\n    a integer NOT NULL\n);',
    'CREATE TABLE t (\n    a integer\n);',
  ],
  [
    "somebody else's MAINTAIN",
    'ACL',
    'REVOKE SELECT,INSERT,REFERENCES,DELETE,TRIGGER,TRUNCATE,UPDATE ON TABLE s.t FROM me;\nGRANT SELECT ON TABLE s.t TO you;',
    'REVOKE ALL ON TABLE s.t FROM me;\nGRANT SELECT,MAINTAIN ON TABLE s.t TO you;',
  ],
])('%s is no matter of versions', (_, kind, was, is) => {
  expect(told(kind, was, is, UPGRADE)).toBe(null);
});

const LACKING: Between = { ...SAME, is: side(180_001, [MISSING]) };

test.each([
  [
    'TABLE',
    'CREATE TABLE t ();\nALTER TABLE t OWNER TO alice;',
    'CREATE TABLE t ();\nALTER TABLE t OWNER TO me;',
  ],
  [
    'ACL',
    'GRANT SELECT ON TABLE t TO alice;\nGRANT ALL ON TABLE t TO carol;',
    'GRANT ALL ON TABLE t TO carol;',
  ],
  ['ACL', 'GRANT SELECT ON TABLE t TO "Bob, the builder";', undefined],
  ['POLICY', 'CREATE POLICY p ON t TO alice, carol;', 'CREATE POLICY p ON t TO carol;'],
  [
    'ACL',
    'SET SESSION AUTHORIZATION alice;\nGRANT SELECT ON TABLE t TO carol;\nRESET SESSION AUTHORIZATION;',
    'GRANT SELECT ON TABLE t TO carol;',
  ],
])('a %s without roles that are not there', (kind, was, is) => {
  expect(told(kind, was, is, LACKING)).toBe('missing-role');
  expect(told(kind, was, is, SAME)).toBe(null);
  expect(told(kind, was, `${is ?? ''}\nGRANT ALL ON TABLE t TO dave;`, LACKING)).toBe(null);
});

test.each([
  [
    'TABLE',
    'CREATE TABLE t ();\nALTER TABLE t OWNER TO carol;',
    'CREATE TABLE t ();\nALTER TABLE t OWNER TO me;',
  ],
  [
    'TABLE',
    'CREATE TABLE t ();\nALTER TABLE t OWNER TO alice;',
    'CREATE TABLE t (a);\nALTER TABLE t OWNER TO me;',
  ],
  ['TABLE', 'CREATE TABLE t ();\nALTER TABLE t OWNER TO alice;', undefined],
  ['ACL', 'GRANT SELECT ON TABLE t TO alice;\nGRANT ALL ON TABLE t TO carol;', undefined],
])('what a missing role does not make: a %s', (kind, was, is) => {
  expect(told(kind, was, is, LACKING)).toBe(null);
});
