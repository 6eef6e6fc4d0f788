/** Objects of most kinds that pg_dump puts before and after data, with names and texts that look like its own. */
export const NASTY = String.raw`
CREATE SCHEMA sc; COMMENT ON SCHEMA sc IS 'line
\restrict is mine
\UNRESTRICT too
--
-- Name: x; Type: INDEX; Schema: public; Owner: postgres
--
';
CREATE TABLE t (id int GENERATED ALWAYS AS IDENTITY PRIMARY KEY, a text DEFAULT E'it''s \\ \n', b int);
COMMENT ON COLUMN t.a IS $$a ' quote $_$ and \' more; é 日本$$;
CREATE TABLE "My ""Table"";
-- Name: y; Type: TRIGGER" ("a
b" int, c text COLLATE "C", d int GENERATED ALWAYS AS ("a
b" + 1) STORED);
CREATE TABLE none ();
CREATE FUNCTION f(x int DEFAULT 1) RETURNS int LANGUAGE plpgsql AS $_$
--
-- Name: x; Type: INDEX; Schema: public; Owner: postgres
--
/*
\restrict me
*/
begin execute $q$ select 'pg_attver=1' $q$; return 1; end $_$;
CREATE FUNCTION g(int) RETURNS int BEGIN ATOMIC SELECT $1 + 1; SELECT $1; END;
CREATE INDEX t_a ON t (a) WHERE a <> ';--''';
CREATE STATISTICS st ON a, b FROM t; ALTER STATISTICS st SET STATISTICS 99; COMMENT ON STATISTICS st IS 'x';
ALTER TABLE t ADD CONSTRAINT ck CHECK (b > 0) NOT VALID; COMMENT ON CONSTRAINT ck ON t IS 'c';
ALTER TABLE t ALTER a SET STATISTICS 77, ALTER a SET (n_distinct = 5), ALTER a SET STORAGE EXTERNAL;
CREATE DOMAIN d AS int; ALTER DOMAIN d ADD CONSTRAINT dck CHECK (value > 0) NOT VALID;
CREATE MATERIALIZED VIEW mv AS SELECT * FROM t; CREATE UNIQUE INDEX ON mv (id);
CREATE MATERIALIZED VIEW empty AS SELECT 1 AS one WITH NO DATA;
CREATE RULE r AS ON INSERT TO t DO ALSO (NOTIFY a; NOTIFY b); CREATE VIEW v AS SELECT '--;' AS "--;";
ALTER TABLE t ENABLE ROW LEVEL SECURITY; CREATE POLICY p ON t USING (true);
CREATE FUNCTION ef() RETURNS event_trigger LANGUAGE plpgsql AS 'begin end';
CREATE EVENT TRIGGER et ON ddl_command_start EXECUTE FUNCTION ef();
CREATE FUNCTION tf() RETURNS trigger LANGUAGE plpgsql AS 'begin return new; end';
CREATE TRIGGER tr BEFORE INSERT ON t FOR EACH ROW EXECUTE FUNCTION tf(); ALTER TABLE t ENABLE ALWAYS TRIGGER tr;
CREATE PUBLICATION pub FOR TABLE t;
ALTER DEFAULT PRIVILEGES IN SCHEMA sc GRANT SELECT ON TABLES TO nora;
CREATE TABLE pa (id int, n int, UNIQUE (n, id)) PARTITION BY RANGE (id);
CREATE TABLE pa1 PARTITION OF pa FOR VALUES FROM (0) TO (9); CREATE INDEX pai ON pa (id);
CREATE TABLE k (id int PRIMARY KEY REFERENCES t, v int[] DEFAULT '{1,2}'); CREATE TABLE seqt (id serial);
CREATE TYPE mood AS ENUM ('ok', 'it''s;'); CREATE TYPE pair AS (a int, b mood);
CREATE AGGREGATE total (int) (sfunc = int4pl, stype = int); CREATE OPERATOR === (leftarg = int, rightarg = int, function = int4eq);
GRANT SELECT ON t TO nora WITH GRANT OPTION; GRANT SELECT (a) ON t TO bob; ALTER TABLE seqt OWNER TO bob;
REVOKE EXECUTE ON FUNCTION f(int) FROM PUBLIC;
`;
