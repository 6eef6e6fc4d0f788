-- Operators, operator classes and families, access methods.

CREATE SCHEMA ops;
CREATE TYPE ops.version AS (major integer, minor integer);
CREATE FUNCTION ops.compare(ops.version, ops.version) RETURNS integer LANGUAGE sql IMMUTABLE STRICT
  AS 'SELECT CASE WHEN $1.major <> $2.major THEN sign($1.major - $2.major)::int ELSE sign($1.minor - $2.minor)::int END';
CREATE FUNCTION ops.less(ops.version, ops.version) RETURNS boolean LANGUAGE sql IMMUTABLE STRICT AS 'SELECT ops.compare($1, $2) < 0';
CREATE FUNCTION ops.less_equal(ops.version, ops.version) RETURNS boolean LANGUAGE sql IMMUTABLE STRICT AS 'SELECT ops.compare($1, $2) <= 0';
CREATE FUNCTION ops.equal(ops.version, ops.version) RETURNS boolean LANGUAGE sql IMMUTABLE STRICT AS 'SELECT ops.compare($1, $2) = 0';
CREATE FUNCTION ops.greater_equal(ops.version, ops.version) RETURNS boolean LANGUAGE sql IMMUTABLE STRICT AS 'SELECT ops.compare($1, $2) >= 0';
CREATE FUNCTION ops.greater(ops.version, ops.version) RETURNS boolean LANGUAGE sql IMMUTABLE STRICT AS 'SELECT ops.compare($1, $2) > 0';
CREATE OPERATOR ops.<# (LEFTARG = ops.version, RIGHTARG = ops.version, FUNCTION = ops.less, COMMUTATOR = OPERATOR(ops.>#), NEGATOR = OPERATOR(ops.>=#), RESTRICT = scalarltsel, JOIN = scalarltjoinsel);
CREATE OPERATOR ops.<=# (LEFTARG = ops.version, RIGHTARG = ops.version, FUNCTION = ops.less_equal, COMMUTATOR = OPERATOR(ops.>=#));
CREATE OPERATOR ops.=# (LEFTARG = ops.version, RIGHTARG = ops.version, FUNCTION = ops.equal, COMMUTATOR = OPERATOR(ops.=#), MERGES, HASHES, RESTRICT = eqsel);
CREATE OPERATOR ops.>=# (LEFTARG = ops.version, RIGHTARG = ops.version, FUNCTION = ops.greater_equal);
CREATE OPERATOR ops.># (LEFTARG = ops.version, RIGHTARG = ops.version, FUNCTION = ops.greater);
CREATE FUNCTION ops.prefix(ops.version) RETURNS ops.version LANGUAGE sql AS 'SELECT $1';
CREATE OPERATOR ops.!@#%^&|`? (RIGHTARG = ops.version, FUNCTION = ops.prefix);
COMMENT ON OPERATOR ops.=# (ops.version, ops.version) IS 'Equal';
COMMENT ON OPERATOR ops.!@#%^&|`? (NONE, ops.version) IS 'Prefix';

CREATE OPERATOR FAMILY ops.versions USING btree;
CREATE OPERATOR CLASS ops.version_ops DEFAULT FOR TYPE ops.version USING btree FAMILY ops.versions AS
  OPERATOR 1 ops.<#, OPERATOR 2 ops.<=#, OPERATOR 3 ops.=#, OPERATOR 4 ops.>=#, OPERATOR 5 ops.>#,
  FUNCTION 1 ops.compare(ops.version, ops.version);
CREATE OPERATOR FAMILY ops.alone USING hash;
ALTER OPERATOR FAMILY ops.alone USING hash ADD OPERATOR 1 =(integer, bigint), FUNCTION 1 (integer) hashint4(integer);
ALTER OPERATOR FAMILY ops.versions USING btree OWNER TO "Owner ""B""";
CREATE OPERATOR CLASS ops.boxes FOR TYPE integer USING gin AS
  OPERATOR 1 <, OPERATOR 3 =, FUNCTION 1 btint4cmp(integer, integer),
  FUNCTION 2 ginarrayextract(anyarray, internal, internal),
  FUNCTION 3 ginqueryarrayextract(anyarray, internal, smallint, internal, internal, internal, internal), STORAGE integer;
COMMENT ON OPERATOR CLASS ops.version_ops USING btree IS 'A class';
COMMENT ON OPERATOR FAMILY ops.versions USING btree IS 'A family';

CREATE TABLE ops.releases (v ops.version, name text);
CREATE INDEX releases_v ON ops.releases (v ops.version_ops DESC);
INSERT INTO ops.releases VALUES (ROW(1, 2), 'a'), (ROW(1, 10), 'b'), (NULL, 'c');

CREATE ACCESS METHOD heap_again TYPE TABLE HANDLER heap_tableam_handler;
COMMENT ON ACCESS METHOD heap_again IS 'A table access method';
CREATE TABLE ops.in_heap_again (n integer) USING heap_again;
INSERT INTO ops.in_heap_again VALUES (1), (2);
CREATE MATERIALIZED VIEW ops.kept_again USING heap_again AS SELECT n FROM ops.in_heap_again;
